import { equal, fromBase64 } from '../encode/bytes'
import { encodeCanonical } from '../encode/canonical'
import { type PublicKey, subtle } from '../encode/subtle'
import { type NodeAttestation, type Statement, StatementFormat } from '../model/attestation'
import type { Receipt } from '../model/receipt'
import { ecdsaSignatureFromRaw, isLowS } from '../x509/ecdsa'
import { type Finding, failed, indeterminate } from './finding'
import type { TrustView } from './trust-view'

const CLAUSE = 'FORMAT.md 6'

/** The ledger's word, once the quorum of the trust file stands behind it. */
export interface Attested {
  readonly statement: Statement
  /** Who attested, by name. */
  readonly by: readonly string[]
}

/**
 * Judges a receipt's attestations against the quorum of the trust file.
 * @returns the statement that the quorum agrees on, or why there is none.
 */
export async function judgeAttestations(receipt: Receipt, trust: TrustView): Promise<Attested | Finding> {
  const accepted: { statement: Statement; by: string }[] = []
  for (const attestation of receipt.attestations) {
    // Peers' endorsements are for networks whose trust file pins their roots; this version judges the node's word only.
    if (attestation.kind !== 'node') continue
    const by = await nodeThatSigned(attestation, trust)
    if (by !== undefined) accepted.push({ statement: attestation.statement, by })
  }
  const [first] = accepted
  if (first === undefined) {
    return indeterminate('ATTESTER_NOT_TRUSTED', CLAUSE, 'no attestation is by a key that the trust file names')
  }
  if (accepted.some(({ statement }) => isFork(first.statement, statement))) {
    return failed('LEDGER_FORK', CLAUSE, 'attestations name different roots for one size of the log')
  }
  const same = accepted.filter(({ statement }) => sayTheSame(first.statement, statement))
  return contradiction(first.statement, receipt, trust) ?? { statement: first.statement, by: same.map(({ by }) => by) }
}

function isFork(a: Statement, b: Statement): boolean {
  return a.institution === b.institution && a.size === b.size && a.root !== b.root
}

function sayTheSame(a: Statement, b: Statement): boolean {
  return equal(StatementFormat.encode(a), StatementFormat.encode(b))
}

/** Embedded ledger: one pinned key is the quorum, and the report says so. */
async function nodeThatSigned(attestation: NodeAttestation, trust: TrustView): Promise<string | undefined> {
  const key = trust.operatorKey
  if (key === undefined || trust.trust.singleOperator === undefined || attestation.key !== key.digest) return undefined
  const signature = fromBase64(attestation.signature)
  if (signature.length !== 64 || !isLowS(ecdsaSignatureFromRaw(signature), 'P-256')) return undefined
  const message = StatementFormat.encode(attestation.statement)
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const valid = await subtle().verify(algorithm, await nodeKey(key.spki), signature, message)
  return valid ? trust.trust.singleOperator.name.en : undefined
}

let lastKey: { readonly spki: Uint8Array; readonly key: Promise<PublicKey> } | undefined

function nodeKey(spki: Uint8Array): Promise<PublicKey> {
  if (lastKey === undefined || !equal(lastKey.spki, spki)) {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    lastKey = { spki, key: subtle().importKey('spki', spki, algorithm, false, ['verify']) }
  }
  return lastKey.key
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
  if (statement.registered.id !== statement.institution)
    return mismatch('the attested register is of another institution')
  if (owner === undefined) {
    return indeterminate('INSTITUTION_NOT_TRUSTED', CLAUSE, `the trust file does not name ${statement.institution}`)
  }
  const sameName = equal(encodeCanonical(owner.names), encodeCanonical(statement.registered.names))
  if (!sameName || owner.kind !== statement.registered.kind) {
    return failed(
      'INSTITUTION_MISMATCH',
      CLAUSE,
      'the register names the institution otherwise than the trust file does',
    )
  }
  return undefined
}

function mismatch(detail: string): Finding {
  return failed('ATTESTATION_MISMATCH', CLAUSE, detail)
}

/** Whether {@link judgeAttestations} found a statement. */
export function isAttested(result: Attested | Finding): result is Attested {
  return 'statement' in result
}

/** The bytes whose digest the receipt's `attestationsToken` covers. */
export function attestationsBytes(receipt: Receipt): Uint8Array {
  return encodeCanonical(receipt.attestations)
}
