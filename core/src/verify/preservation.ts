import { fromBase64 } from '../encode/bytes'
import { digestOfRecord } from '../encode/sha256'
import type { InstitutionId } from '../model/identifiers'
import { preservationRecord, type Receipt } from '../model/receipt'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { verifyToken } from '../timestamp/verify-token'
import { DIGESTS } from '../x509/algorithm'
import { validatePath } from '../x509/path'
import { type Authentic, authenticOf } from './attested'
import type { TrustedTsa, TrustView } from './trust-view'

/**
 * FORMAT.md 6, Lasting: when a receipt's attestations existed at the latest, which is when their signers are judged.
 *
 * The first token's genTime, if every token is over what came before it, by an authority of the trust file that is not the log
 * owner's and was not withdrawn (its key may be in other hands, which can put any time into a token), and each later one
 * was made while its predecessor's authority was valid. As for the signature's own timestamp, the last one is judged at its genTime.
 * @param at - the time of verification, given back when the tokens prove no time.
 */
export async function preservedAt(receipt: Receipt, trust: TrustView, at: Date): Promise<Date> {
  const { preservation } = receipt
  if (preservation === undefined) return at
  const { crls, tokens } = preservation
  const tsas = authoritiesFor(receipt.entry.institution, trust)
  const read = tokens.map(tokenOf)
  for (const [position, token] of read.entries()) {
    const next = read[position + 1]
    const record = preservationRecord(receipt, crls, tokens.slice(0, position))
    const seenAt = position + 1 === tokens.length ? token?.genTime : next?.genTime
    if (token === undefined || seenAt === undefined) return at
    if (!(await provesTime(token, { record, seenAt, at, tsas }))) return at
  }
  return read[0]?.genTime ?? at
}

/**
 * {@link authenticOf} a receipt: peers are judged when their attestations existed; a node's key is pinned, whatever the time.
 * @param at - when peers are judged where no preservation token says when.
 */
export async function authenticWhenPreserved(
  receipt: Receipt,
  trust: TrustView,
  at: Date,
): Promise<readonly Authentic[]> {
  const byPeers = receipt.attestations.some(({ kind }) => kind === 'fabric')
  return authenticOf(receipt, trust, byPeers ? await preservedAt(receipt, trust, at) : at)
}

interface Authorities {
  readonly own: readonly TrustedTsa[]
  readonly others: readonly TrustedTsa[]
}

function authoritiesFor(owner: InstitutionId, { tsas }: TrustView): Authorities {
  return {
    own: tsas.filter(({ organisation }) => organisation === owner),
    others: tsas.filter(({ organisation, withdrawnAt }) => organisation !== owner && withdrawnAt === undefined),
  }
}

interface Expected {
  readonly record: Uint8Array
  /** When the token was still to be believed: its authority's path must be valid then. */
  readonly seenAt: Date
  readonly at: Date
  readonly tsas: Authorities
}

async function provesTime(token: TimestampToken, { record, seenAt, at, tsas }: Expected): Promise<boolean> {
  const algorithm = DIGESTS.get(token.imprint.oid)
  if (algorithm === undefined || seenAt < token.genTime) return false
  const imprint = await digestOfRecord(algorithm, record)
  const check = await verifyToken(token, { imprint, certificates: tsas.others.map(certificateOf), at })
  if (!check.ok) return false
  const { tsa: leaf, chain: others } = check
  const leads = (anchors: readonly TrustedTsa[], when: Date) =>
    validatePath({ leaf, others, anchors: anchors.map(certificateOf), at: when, purpose: 'tsa' })
  if ((await leads(tsas.own, token.genTime)).ok) return false
  return (await leads(tsas.others, seenAt)).ok
}

function certificateOf({ certificate }: TrustedTsa) {
  return certificate
}

function tokenOf(base64: string): TimestampToken | undefined {
  try {
    return parseToken(fromBase64(base64))
  } catch (refusal) {
    if (refusal instanceof TimestampError) return undefined
    throw refusal
  }
}
