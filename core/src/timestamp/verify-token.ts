import { CMS_OID } from '../cms/cms-oids'
import { namesCertificate, type SignerCheckCode, verifySigner } from '../cms/verify-signer'
import { equal } from '../encode/bytes'
import { digestOfRecord } from '../encode/sha256'
import { type Acceptance, digestsIn } from '../x509/algorithm'
import type { Certificate } from '../x509/certificate'
import { type PathCode, type PathSubIndication, validatePath } from '../x509/path'
import { readableCertificates } from '../x509/readable'
import { hasImprintLength } from './imprint'
import type { TimestampToken } from './token'

/** Why a token proves no time. */
export type TokenCheckCode =
  | 'TIMESTAMP_IMPRINT_MISMATCH'
  | 'TIMESTAMP_CERTIFICATE_MISSING'
  | 'TIMESTAMP_SIGNATURE_INVALID'
  | 'TIMESTAMP_UNTRUSTED'
  | 'TIMESTAMP_IN_FUTURE'

/** A token's time is proven by this TSA, or why not. */
export type TokenCheck =
  | { readonly ok: true; readonly genTime: Date; readonly tsa: Certificate; readonly chain: readonly Certificate[] }
  | {
      readonly ok: false
      readonly code: TokenCheckCode
      /** The clause that the token fails. */
      readonly clause: string
      readonly detail: string
      /** What the signature or the path failed by. */
      readonly reason?: SignerCheckCode | PathCode
      readonly subIndication?: PathSubIndication
    }

/** What a token is verified with. */
export interface TokenExpectation {
  /** Digest, by the token's own algorithm, of what it is to be over. */
  readonly imprint: Uint8Array
  /** Trusted TSA certificates, or the CAs of trusted TSAs. */
  readonly certificates: readonly Certificate[]
  /** Certificates that came along otherwise; they may be the signer's or help to build its path, and are trusted in nothing. */
  readonly others?: readonly Certificate[]
  /** A token from after this moment (its accuracy allowed for) is refused. */
  readonly at?: Date
  /** Of the algorithms; `current` unless given. */
  readonly acceptance?: Acceptance
}

function refuse(code: TokenCheckCode, clause: string, detail: string): Extract<TokenCheck, { ok: false }> {
  return { ok: false, code, clause, detail }
}

async function checkSignature(
  token: TimestampToken,
  tsa: Certificate,
  acceptance: Acceptance,
): Promise<SignerCheckCode | undefined> {
  const digest = digestsIn(acceptance).get(token.signer.digestAlgorithm)
  if (digest === undefined) return 'ALGORITHM_UNSUPPORTED'
  const digesting = digestOfRecord(digest, token.info)
  const contentDigest = digesting instanceof Uint8Array ? digesting : await digesting
  return (await verifySigner(token.signer, tsa, { contentType: CMS_OID.timestampInfo, contentDigest, acceptance })).code
}

interface Helpers {
  readonly others: readonly Certificate[]
  readonly trusted: readonly Certificate[]
  readonly acceptance: Acceptance
}

async function checkTsa(
  token: TimestampToken,
  tsa: Certificate,
  { others, trusted, acceptance }: Helpers,
): Promise<TokenCheck> {
  const reason = await checkSignature(token, tsa, acceptance)
  if (reason !== undefined) {
    return { ...refuse('TIMESTAMP_SIGNATURE_INVALID', 'RFC 3161 2.4.2', `token signature: ${reason}`), reason }
  }
  const path = await validatePath({
    leaf: tsa,
    others,
    anchors: trusted,
    at: token.genTime,
    purpose: 'tsa',
    acceptance,
  })
  if (path.ok) return { ok: true, genTime: token.genTime, tsa, chain: path.chain }
  const { code, subIndication, detail } = path
  return { ...refuse('TIMESTAMP_UNTRUSTED', 'RFC 3161 2.3', detail), reason: code, subIndication }
}

function imprintFault(token: TimestampToken, imprint: Uint8Array, acceptance: Acceptance): TokenCheck | undefined {
  if (hasImprintLength(token.imprint, acceptance) && equal(token.imprint.digest, imprint)) return undefined
  return refuse('TIMESTAMP_IMPRINT_MISMATCH', 'RFC 3161 2.4.2', 'the token is over something else')
}

/**
 * Whether a token proves that what has this imprint existed at genTime: imprint, signature over the TSTInfo, ESS
 * certificate id, and a path at genTime from the signer's certificate to a trusted one, with timeStamping as its sole,
 * critical extended key usage (RFC 3161 2.3). Revocation of the TSA is not looked at.
 * @returns a refusal as data; it never throws for what the token says.
 */
export async function verifyToken(token: TimestampToken, expectation: TokenExpectation): Promise<TokenCheck> {
  const { imprint, certificates, others = [], at, acceptance = 'current' } = expectation
  const wrongImprint = imprintFault(token, imprint, acceptance)
  if (wrongImprint !== undefined) return wrongImprint
  if (at !== undefined && token.genTime.getTime() - (token.accuracyMs ?? 0) > at.getTime()) {
    return refuse('TIMESTAMP_IN_FUTURE', 'RFC 3161 2.4.2', `genTime ${token.genTimeText} is still to come`)
  }
  // A signer that is trusted itself needs no path, so that what came along need not even be read.
  const isNamed = (certificate: Certificate) => namesCertificate(token.signer, certificate)
  const known = certificates.filter(isNamed)
  const direct =
    known.length > 0 ? await firstGood(token, known, { others: [], trusted: certificates, acceptance }) : undefined
  if (direct?.ok) return direct
  const carried = [...readableCertificates(token.certificates), ...others]
  const found = await firstGood(token, carried.filter(isNamed), {
    others: carried,
    trusted: certificates,
    acceptance,
  })
  const none = refuse('TIMESTAMP_CERTIFICATE_MISSING', 'RFC 3161 2.4.1', "the signer's certificate is not at hand")
  return found ?? direct ?? none
}

/** The first signer with which the token is good, else what is wrong with the last one. */
async function firstGood(
  token: TimestampToken,
  signers: readonly Certificate[],
  helpers: Helpers,
): Promise<TokenCheck | undefined> {
  let last: TokenCheck | undefined
  for (const tsa of signers) {
    last = await checkTsa(token, tsa, helpers)
    if (last.ok) return last
  }
  return last
}
