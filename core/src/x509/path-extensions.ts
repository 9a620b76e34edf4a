import { DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf } from '../encode/der-fields'
import { integerValue, readCount, readOid } from '../encode/der-values'
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name'

/** Policies of the issuer's domain, each with one that the subject's domain calls its own. */
export interface PolicyMapping {
  readonly issuer: string
  readonly subject: string
}

/** After how many more certificates a policy must be named, or may no longer be mapped; no such rule when absent. */
export interface PolicyConstraints {
  readonly requireExplicit?: number
  readonly inhibitMapping?: number
}

/** Names that certificates below may or may not bear. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** RFC 5280 4.2.1.5.  PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy OBJECT IDENTIFIER } */
export function readPolicyMappings(value: Uint8Array): readonly PolicyMapping[] {
  return expectTag(readDer(value), TAG.sequence).children.map((mapping) => {
    const fields = fieldsOf(mapping)
    const issuer = readOid(fields.take())
    const subject = readOid(fields.take())
    fields.end()
    return { issuer, subject }
  })
}

const MAX_SKIP = 1000

function skipOf(node: DerNode | undefined): number | undefined {
  if (node === undefined) return undefined
  const skip = node.content.length > 4 ? -1n : integerValue(node.content)
  if (skip < 0n) throw new DerError('DER_INVALID', 'SkipCerts is out of range')
  return Math.min(Number(skip), MAX_SKIP)
}

/** RFC 5280 4.2.1.11.  PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] INTEGER OPTIONAL } */
export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const fields = fieldsOf(readDer(value))
  const requireExplicit = skipOf(fields.optional(0x80))
  const inhibitMapping = skipOf(fields.optional(0x81))
  fields.end()
  return { requireExplicit, inhibitMapping }
}

/** RFC 5280 4.2.1.14.  InhibitAnyPolicy ::= INTEGER: how many more certificates may name anyPolicy. */
export function readInhibitAnyPolicy(value: Uint8Array): number {
  return readCount(readDer(value), 1e6)
}

/** GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }; RFC 5280 forbids the last two. */
function readSubtrees(node: DerNode | undefined): readonly GeneralName[] {
  return (node?.children ?? []).map((subtree) => {
    const fields = fieldsOf(subtree)
    const base = readGeneralName(fields.take())
    const minimum = fields.optional(0x80)
    fields.end()
    if (minimum !== undefined && integerValue(minimum.content) !== 0n) {
      throw new DerError('DER_INVALID', 'a name constraint with a minimum')
    }
    return base
  })
}

/** RFC 5280 4.2.1.10.  NameConstraints ::= SEQUENCE { permittedSubtrees [0], excludedSubtrees [1] OPTIONAL } */
export function readNameConstraints(value: Uint8Array): NameConstraints {
  const fields = fieldsOf(readDer(value))
  const permitted = readSubtrees(fields.optional(0xa0))
  const excluded = readSubtrees(fields.optional(0xa1))
  fields.end()
  return { permitted, excluded }
}

/** RFC 5280 4.2.1.6.  SubjectAltName ::= SEQUENCE OF GeneralName */
export function readAlternativeNames(value: Uint8Array): readonly GeneralName[] {
  return readGeneralNames(expectTag(readDer(value), TAG.sequence))
}
