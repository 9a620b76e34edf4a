import { equal, fromBase64 } from '../encode/bytes'
import { encodeCanonical, type Json } from '../encode/canonical'
import { type NodeAttestation, type Statement, StatementFormat } from '../model/attestation'
import type { Receipt } from '../model/receipt'
import { isLowSRaw } from '../x509/ecdsa'
import { X509Error } from '../x509/x509-error'
import { type PeerWord, peerWordOf } from './fabric-attestation'
import { agreedBy } from './fabric-quorum'
import { type Finding, failed, indeterminate } from './finding'
import type { TrustView } from './trust-view'

const CLAUSE = 'FORMAT.md 6'

/** The ledger's word, once the quorum of the trust file stands behind it. */
export interface Attested {
  readonly statement: Statement
  /** Who attested: ids of organisations, or the node's name. */
  readonly by: readonly string[]
}

/** An attestation that is by whom it says. */
export interface Authentic {
  readonly statement: Statement
  readonly by: string
  /** Absent for the node of an embedded ledger. */
  readonly peer?: PeerWord
}

/**
 * Those of a receipt's attestations that a key of the trust file signed; the others are ignored, whatever they say.
 * @param at - when peers' certificates are judged.
 */
export async function authenticOf(receipt: Receipt, trust: TrustView, at: Date): Promise<readonly Authentic[]> {
  const judged = receipt.attestations.map(async (attestation): Promise<readonly Authentic[]> => {
    if (attestation.kind === 'fabric') {
      const peer = await peerWordOf(attestation, trust.trust, at)
      return peer === undefined ? [] : [{ statement: peer.statement, by: peer.organisation, peer }]
    }
    const by = await nodeThatSigned(attestation, trust)
    return by === undefined ? [] : [{ statement: attestation.statement, by }]
  })
  return (await Promise.all(judged)).flat()
}

/**
 * Judges a receipt's authentic attestations against the quorum of the trust file.
 * @returns the statement that the quorum agrees on, or why there is none.
 */
export function judgeAttestations(
  receipt: Receipt,
  authentic: readonly Authentic[],
  trust: TrustView,
): Attested | Finding {
  const [first] = authentic
  if (first === undefined) {
    return indeterminate('ATTESTER_NOT_TRUSTED', CLAUSE, 'no attestation is by a key that the trust file names')
  }
  // The pinned operator's word suffices, whatever the quorum.
  const node = authentic.find(({ peer }) => peer === undefined)
  if (node !== undefined) {
    return contradiction(node.statement, receipt, trust) ?? { statement: node.statement, by: [node.by] }
  }
  return judgePeers(receipt, authentic, trust)
}

function judgePeers(receipt: Receipt, authentic: readonly Authentic[], view: TrustView): Attested | Finding {
  const { entry, size } = receipt
  const { institution } = entry
  const use = entry.kind === 'sealSignature' ? { seal: entry.seal, certificate: entry.certificate } : {}
  const words = authentic.flatMap(({ peer }) => peer ?? [])
  const agreed = agreedBy(words, { institution, size, ...use }, view.trust)
  if (agreed !== undefined) return contradiction(agreed.statement, receipt, view) ?? agreed
  const [wrong] = authentic.flatMap(({ statement }) => contradiction(statement, receipt, view) ?? [])
  if (wrong !== undefined) return wrong
  const { organisations } = view.trust.quorum
  const detail = `attested by ${authentic.map(({ by }) => by).join(', ')}; the trust file demands ${organisations} organisations, one of them independent`
  return indeterminate('QUORUM_NOT_MET', CLAUSE, detail)
}

/**
 * FORMAT.md 6: authentic statements about one size of one log that differ. One key of the consortium then told two
 * people two things, whatever else the receipts say.
 */
export function forkAmong(authentic: readonly Authentic[]): Finding | undefined {
  const known = new Map<string, Json>()
  for (const { statement } of authentic) {
    const { institution, channel, size, root, from, recordedAt, registered, seal, certificate } = statement
    const head = [channel, institution, String(size)].join(' ')
    const words: readonly (readonly [string, unknown])[] = [
      [head, { root, from, recordedAt, registered }],
      [`${head} ${seal?.id ?? ''}`, seal],
      [`${head} ${certificate?.digest ?? ''}`, certificate],
    ]
    for (const [about, word] of words) {
      if (word === undefined) continue
      const before = known.get(about)
      if (before !== undefined && !equal(encodeCanonical(before), encodeCanonical(word as Json))) {
        return failed('LEDGER_FORK', CLAUSE, `two attested statements about ${size} entries of ${institution}'s log`)
      }
      known.set(about, word as Json)
    }
  }
  return undefined
}

/** Embedded ledger: one pinned key is the quorum, and the report says so. */
async function nodeThatSigned(attestation: NodeAttestation, trust: TrustView): Promise<string | undefined> {
  const { operator } = trust
  if (operator === undefined || attestation.key !== operator.digest) return undefined
  const signature = fromBase64(attestation.signature)
  if (!isLowS(signature)) return undefined
  const valid = await operator.verifies(StatementFormat.encode(attestation.statement), signature)
  return valid ? operator.name : undefined
}

/** Of r ‖ s and r ‖ n - s only one counts, so that one statement has one signature. */
function isLowS(raw: Uint8Array): boolean {
  try {
    return isLowSRaw(raw)
  } catch (refusal) {
    if (refusal instanceof X509Error) return false
    throw refusal
  }
}

/** A true statement about something else proves nothing here. */
function contradiction(
  statement: Statement,
  receipt: Receipt,
  { trust, organisations }: TrustView,
): Finding | undefined {
  const owner = organisations.get(statement.institution)
  if (statement.channel !== trust.channel) return mismatch('the attestation is of another channel')
  if (statement.institution !== receipt.entry.institution) return mismatch('the attestation is of another institution')
  if (statement.size !== receipt.size) return mismatch('the attestation is of another size of the log')
  if (statement.registered.id !== statement.institution) {
    return mismatch('the attested register is of another institution')
  }
  if (owner === undefined) {
    return indeterminate('INSTITUTION_NOT_TRUSTED', CLAUSE, `the trust file does not name ${statement.institution}`)
  }
  const sameName = equal(encodeCanonical(owner.names), encodeCanonical(statement.registered.names))
  if (sameName && owner.kind === statement.registered.kind) return undefined
  const detail = 'the register names the institution otherwise than the trust file does'
  return failed('INSTITUTION_MISMATCH', CLAUSE, detail)
}

function mismatch(detail: string): Finding {
  return failed('ATTESTATION_MISMATCH', CLAUSE, detail)
}

/** Whether {@link judgeAttestations} found a statement. */
export function isAttested(result: Attested | Finding): result is Attested {
  return 'statement' in result
}
