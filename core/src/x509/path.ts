import { equal } from '../encode/bytes'
import { DerError } from '../encode/der'
import type { Acceptance } from './algorithm'
import type { Certificate } from './certificate'
import { isIssuedBy } from './issued'
import { nameText } from './name'
import { sameName } from './name-compare'
import { nameRefusal } from './path-names'
import { isSelfIssued, type PolicyWishes, policyRefusal } from './path-policies'
import { leafFault, type PathPurpose } from './purpose'
import { X509Error } from './x509-error'

/** Why no path was accepted. */
export type PathCode =
  | 'PATH_NOT_FOUND'
  | 'PATH_SIGNATURE_INVALID'
  | 'PATH_TOO_LONG'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_EXPIRED'
  | 'ISSUER_NOT_CA'
  | 'ISSUER_KEY_USAGE'
  | 'EXTENSION_UNKNOWN'
  | 'ALGORITHM_UNSUPPORTED'
  | 'LEAF_IS_CA'
  | 'LEAF_KEY_USAGE'
  | 'LEAF_EXTENDED_KEY_USAGE'
  | 'NAME_NOT_PERMITTED'
  | 'POLICY_NOT_ACCEPTED'

/** Sub-indications of ETSI EN 319 102-1, 5.1.3 (tables 5 and 6), as far as paths give them. */
export type PathSubIndication =
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'NOT_YET_VALID'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'

/** A refusal, with the certificate's name and figures in `detail` for people. */
export interface PathFault {
  readonly code: PathCode
  readonly subIndication: PathSubIndication
  readonly detail: string
  /** Whose validity it is about. */
  readonly certificate?: Certificate
}

/** A path from the leaf to a trust anchor, both included, or why there is none. */
export type PathResult =
  | { readonly ok: true; readonly chain: readonly Certificate[] }
  | ({ readonly ok: false } & PathFault)

/** What a path is validated with. */
export interface PathRequest {
  readonly leaf: Certificate
  /** Certificates that came along; they may help to build a path and are trusted in nothing. */
  readonly others: readonly Certificate[]
  /** Trusted certificates: CAs, or the leaf itself. */
  readonly anchors: readonly Certificate[]
  /** Every certificate of the path must be valid then. */
  readonly at: Date
  readonly purpose: PathPurpose
  /** What is wanted of certificate policies; nothing unless given. */
  readonly policies?: PolicyWishes
  /** Of the signatures' algorithms; `current` unless given. */
  readonly acceptance?: Acceptance
  /** Whether a path that is valid otherwise will do; if not, others are looked for, a few of them (EN 319 102-1 5.2.6.4). */
  suits?(chain: readonly Certificate[]): Promise<boolean>
}

/** Paths that are valid but for what the caller asks besides; that costs more than building one. */
const MAX_OFFERED = 4
/** Certificates in a path, leaf and anchor included. */
const MAX_DEPTH = 8
/** Hostile certificates can share one name; so many signatures are tried and no more. */
const MAX_SIGNATURES = 32

/** What is said only while no path with good signatures has been found. */
const NO_PATH: ReadonlySet<PathCode> = new Set<PathCode>(['PATH_SIGNATURE_INVALID', 'ALGORITHM_UNSUPPORTED'])

function fault(code: PathCode, subIndication: PathSubIndication, detail: string): PathFault {
  return { code, subIndication, detail }
}

function validityFault(certificate: Certificate, at: Date): PathFault | undefined {
  const { subject, notBefore, notAfter } = certificate
  // notAfter names the last second of validity, to its end.
  if (at.getTime() >= notAfter.getTime() + 1000) {
    const detail = `${nameText(subject)}: valid until ${notAfter.toISOString()}`
    return { ...fault('CERTIFICATE_EXPIRED', 'OUT_OF_BOUNDS_NO_POE', detail), certificate }
  }
  if (at < notBefore) {
    const detail = `${nameText(subject)}: valid from ${notBefore.toISOString()}`
    return { ...fault('CERTIFICATE_NOT_YET_VALID', 'NOT_YET_VALID', detail), certificate }
  }
  return undefined
}

/** RFC 5280 6.1.4 (k) to (n). `below` is the number of intermediate CA certificates between this one and the leaf, self-issued ones left out. */
function issuerFault(issuer: Certificate, below: number): PathFault | undefined {
  const refuse = (code: PathCode, why: string) =>
    fault(code, 'CHAIN_CONSTRAINTS_FAILURE', `${nameText(issuer.subject)}: ${why}`)
  const { basicConstraints, keyUsage } = issuer
  if (basicConstraints?.ca !== true) return refuse('ISSUER_NOT_CA', 'not a CA')
  if (basicConstraints.pathLength !== undefined && below > basicConstraints.pathLength) {
    return refuse('PATH_TOO_LONG', `path length ${basicConstraints.pathLength}`)
  }
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign')) {
    return refuse('ISSUER_KEY_USAGE', 'key not for signing certificates')
  }
  return undefined
}

function extensionFault(certificate: Certificate): PathFault | undefined {
  if (certificate.unknownCritical.length === 0) return undefined
  const detail = `${nameText(certificate.subject)}: critical extension ${certificate.unknownCritical.join(', ')}`
  return fault('EXTENSION_UNKNOWN', 'CHAIN_CONSTRAINTS_FAILURE', detail)
}

async function signatureFault(
  certificate: Certificate,
  issuer: Certificate,
  acceptance: Acceptance | undefined,
): Promise<PathFault | undefined> {
  try {
    if (await isIssuedBy(certificate, issuer.spki, acceptance)) return undefined
    const name = nameText(certificate.subject)
    return fault('PATH_SIGNATURE_INVALID', 'NO_CERTIFICATE_CHAIN_FOUND', `${name}: not signed by the issuer's key`)
  } catch (refusal) {
    if (!(refusal instanceof X509Error) && !(refusal instanceof DerError)) throw refusal
    const name = nameText(certificate.subject)
    return fault('ALGORITHM_UNSUPPORTED', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', `${name}: ${refusal.message}`)
  }
}

/** Everything but signatures, from the anchor down, so that the gravest fault is named first. */
function chainFault(chain: readonly Certificate[], request: PathRequest): PathFault | undefined {
  for (let i = chain.length - 1; i > 0; i--) {
    const below = chain.slice(1, i).filter((one) => !isSelfIssued(one)).length
    const found = issuerFault(chain[i], below) ?? extensionFault(chain[i]) ?? validityFault(chain[i], request.at)
    if (found !== undefined) return found
  }
  const [leaf] = chain
  return (
    extensionFault(leaf) ??
    leafFault(leaf, request.purpose) ??
    constraintFault(chain, request.policies) ??
    validityFault(leaf, request.at)
  )
}

/** What CA certificates demand of those below them: names (RFC 5280 6.1.3 b and c) and policies (6.1.3 d to f). */
function constraintFault(chain: readonly Certificate[], policies: PolicyWishes | undefined): PathFault | undefined {
  const down = [...chain].reverse()
  const name = nameRefusal(down)
  if (name !== undefined) {
    const detail = `${nameText(name.at.subject)}: ${name.why}`
    return fault('NAME_NOT_PERMITTED', 'CHAIN_CONSTRAINTS_FAILURE', detail)
  }
  const policy = policyRefusal(down.slice(1), policies)
  return policy === undefined
    ? undefined
    : fault('POLICY_NOT_ACCEPTED', 'CHAIN_CONSTRAINTS_FAILURE', `${nameText(chain[0].subject)}: ${policy}`)
}

/** Issuers by name, first those whose key identifier fits: it is only a hint (RFC 5280 4.2.1.1). */
function issuersOf(certificate: Certificate, among: readonly Certificate[]): readonly Certificate[] {
  const { authorityKeyId } = certificate
  const fits = (issuer: Certificate) =>
    authorityKeyId !== undefined && issuer.subjectKeyId !== undefined && equal(issuer.subjectKeyId, authorityKeyId)
  const named = among.filter((issuer) => sameName(issuer.subject, certificate.issuer))
  return [...named.filter(fits), ...named.filter((issuer) => !fits(issuer))]
}

interface Search {
  readonly request: PathRequest
  signatures: number
  offered: number
  /** The first fault of the path that came furthest. */
  worst?: PathFault
}

/** Whether `issuer` signed the last certificate, as far as the search may still spend signatures. */
async function isSigned(search: Search, certificate: Certificate, issuer: Certificate): Promise<boolean> {
  if (++search.signatures > MAX_SIGNATURES) return false
  const found = await signatureFault(certificate, issuer, search.request.acceptance)
  search.worst ??= found
  return found === undefined
}

async function judge(search: Search, chain: readonly Certificate[]): Promise<PathResult | undefined> {
  const { request } = search
  const found = chainFault(chain, request)
  if (found === undefined) {
    if (request.suits === undefined) return { ok: true, chain }
    return ++search.offered <= MAX_OFFERED && (await request.suits(chain)) ? { ok: true, chain } : undefined
  }
  // A path whose signatures hold says more than one whose signatures do not.
  if (search.worst === undefined || NO_PATH.has(search.worst.code)) search.worst = found
  return undefined
}

/** Signatures are checked while the path grows: certificates that only share names lead nowhere. */
async function extend(search: Search, chain: readonly Certificate[]): Promise<PathResult | undefined> {
  const { anchors, others } = search.request
  const last = chain[chain.length - 1]
  if (chain.length >= MAX_DEPTH) return undefined
  for (const anchor of issuersOf(last, anchors)) {
    const result = (await isSigned(search, last, anchor)) ? await judge(search, [...chain, anchor]) : undefined
    if (result !== undefined) return result
  }
  const unused = others.filter((other) => ![...chain, ...anchors].some((used) => equal(used.der, other.der)))
  for (const issuer of issuersOf(last, unused)) {
    const result = (await isSigned(search, last, issuer)) ? await extend(search, [...chain, issuer]) : undefined
    if (result !== undefined) return result
  }
  return undefined
}

/**
 * Finds and validates a certificate path from the leaf to an anchor (RFC 5280 6), at most eight certificates
 * long: names, signatures, validity at `at`, basic constraints, key usages, name constraints, policies, and the leaf's
 * fitness for the purpose. A leaf that is itself an anchor is a path of one. Revocation is not looked at: {@link pathRevocation}.
 * @returns a refusal as data; it never throws for what certificates say.
 */
export async function validatePath(request: PathRequest): Promise<PathResult> {
  const { leaf, anchors } = request
  const search: Search = { request, signatures: 0, offered: 0 }
  const isAnchor = anchors.some((anchor) => equal(anchor.der, leaf.der))
  const result = isAnchor ? await judge(search, [leaf]) : await extend(search, [leaf])
  if (result !== undefined) return result
  return { ok: false, ...(search.worst ?? noPath(leaf)) }
}

function noPath({ subject }: Certificate): PathFault {
  return fault('PATH_NOT_FOUND', 'NO_CERTIFICATE_CHAIN_FOUND', `no path from ${nameText(subject)} to an anchor`)
}
