import { latin1 } from '../encode/bytes'
import { DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { asciiText } from '../encode/der-values'
import { GENERAL_NAME, type GeneralName, readGeneralNames } from './general-name'
import { readRelativeName } from './name'
import { comparableName, comparableRelative } from './name-compare'

/** Names of one place where a CRL is: in full, or what is to be added to the name of the CRL's issuer. */
export interface PointName {
  readonly full: readonly GeneralName[]
  /** {@link comparableRelative} of a name relative to the issuer's. */
  readonly relative?: string
}

/** One place where CRLs about a certificate are (RFC 5280 4.2.1.13). */
export interface DistributionPoint {
  readonly at?: PointName
  /** Only these reasons are covered there; all when absent. */
  readonly reasons?: ReasonSet
  /** Who signs the CRLs, when that is not the certificate's issuer. */
  readonly crlIssuer?: readonly GeneralName[]
}

/** RFC 5280 4.2.1.13.  ReasonFlags as a bit set: bit 1 keyCompromise to bit 8 aACompromise; bit 0 is unused. */
export type ReasonSet = number

/** Bits 1 to 8. */
export const ALL_REASONS: ReasonSet = 0x1fe

/** What a CRL says about its own extent (RFC 5280 5.2.5). */
export interface IssuingPoint {
  readonly at?: PointName
  readonly only?: 'user' | 'ca' | 'attribute'
  readonly reasons?: ReasonSet
  readonly indirect: boolean
}

/** Named bits in an IMPLICIT BIT STRING: the first content byte counts the unused bits. */
function readReasons(node: DerNode | undefined): ReasonSet | undefined {
  if (node === undefined) return undefined
  const [, first = 0, second = 0] = node.content
  let reasons = 0
  for (let bit = 1; bit <= 8; bit++) {
    const byte = bit < 8 ? first : second
    if ((byte & (0x80 >> (bit & 7))) !== 0) reasons |= 1 << bit
  }
  return reasons
}

/** DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName } */
function readPointName(node: DerNode | undefined): PointName | undefined {
  if (node === undefined) return undefined
  const choice = onlyChild(node)
  if (choice.tag === 0xa0) return { full: readGeneralNames(choice) }
  return { full: [], relative: comparableRelative(readRelativeName(expectTag(choice, 0xa1))) }
}

/**
 * RFC 5280 4.2.1.13.  CRLDistributionPoints ::= SEQUENCE OF SEQUENCE { distributionPoint [0] EXPLICIT OPTIONAL,
 *   reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
 */
export function readDistributionPoints(value: Uint8Array): readonly DistributionPoint[] {
  return expectTag(readDer(value), TAG.sequence).children.map((node) => {
    const fields = fieldsOf(node)
    const at = readPointName(fields.optional(0xa0))
    const reasons = readReasons(fields.optional(0x81))
    const issuer = fields.optional(0xa2)
    fields.end()
    return { at, reasons, ...(issuer !== undefined && { crlIssuer: readGeneralNames(issuer) }) }
  })
}

function readFlag(node: DerNode | undefined): boolean {
  if (node !== undefined && node.content.length !== 1) throw new DerError('DER_INVALID', 'BOOLEAN is not one byte')
  return node !== undefined && node.content[0] !== 0
}

/**
 * RFC 5280 5.2.5.  IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL, onlyContainsUserCerts [1],
 *   onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE, onlySomeReasons [3] ReasonFlags OPTIONAL, indirectCRL [4],
 *   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
 */
export function readIssuingPoint(value: Uint8Array): IssuingPoint {
  const fields = fieldsOf(readDer(value))
  const at = readPointName(fields.optional(0xa0))
  const user = readFlag(fields.optional(0x81))
  const ca = readFlag(fields.optional(0x82))
  const reasons = readReasons(fields.optional(0x83))
  const indirect = readFlag(fields.optional(0x84))
  const attribute = readFlag(fields.optional(0x85))
  fields.end()
  if (Number(user) + Number(ca) + Number(attribute) > 1) {
    throw new DerError('DER_INVALID', 'a CRL that holds only two things at once')
  }
  const only = user ? 'user' : ca ? 'ca' : attribute ? 'attribute' : undefined
  return { at, only, reasons, indirect }
}

/** The URIs among the full names. @throws {@link DerError} unless they are ASCII. */
export function urisOf(points: readonly DistributionPoint[]): readonly string[] {
  const names = points.flatMap(({ at }) => at?.full ?? [])
  return names.filter(({ tag }) => tag === GENERAL_NAME.uri).map(({ content }) => asciiText(content))
}

function comparable({ tag, content, name }: GeneralName): string {
  return name === undefined ? `${tag}:${latin1(content)}` : `${tag}:${JSON.stringify(comparableName(name))}`
}

/** A place's names as comparable texts, a relative one completed by the issuer's: equal places share one. */
export function comparablePlace({ full, relative }: PointName, issuer: Uint8Array): readonly string[] {
  if (relative === undefined) return full.map(comparable)
  return [`${GENERAL_NAME.directory}:${JSON.stringify([...comparableName(issuer), relative])}`]
}

/** Names as comparable texts. */
export function comparableNames(names: readonly GeneralName[]): readonly string[] {
  return names.map(comparable)
}
