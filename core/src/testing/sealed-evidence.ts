import { toBase64, utf8 } from '../encode/bytes'
import { writeEvidence } from '../evidence/write-evidence'
import { inclusionProof } from '../log/inclusion'
import { leafHash } from '../log/merkle'
import { LogTree, rootAt } from '../log/tree'
import { type Attestation, type Statement, StatementFormat } from '../model/attestation'
import type { CertificateRecord } from '../model/certificate'
import { digestFromBytes } from '../model/digest'
import { EntryFormat, type SealSignatureEntry } from '../model/entry'
import { OpeningFormat, type SealSignatureOpening } from '../model/opening'
import type { Receipt } from '../model/receipt'
import { type Seal, SealFormat } from '../model/seal'
import { type Time, time, timeOf } from '../model/time'
import type { Trust } from '../model/trust'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken } from '../timestamp/token'
import { ecdsaSignatureToRaw } from '../x509/ecdsa'
import type { TestKey } from './keys'
import { contractPdf, SEALED_AT, type SealChanges, type Sealed, sealPdf } from './sealed-sample'
import { nodeKeyDigest, type Party, type World } from './sealed-world'

/** What of the ledger's word is to be otherwise, so that a test can make one thing wrong. */
export interface ReceiptChanges {
  /** The entry's place in the log, 5 unless given, and the log's size, 9. */
  readonly index?: number
  readonly size?: number
  /** The seal's record in force, and as of the attested size. */
  readonly inForce?: Partial<Seal>
  readonly present?: Partial<Seal>
  readonly record?: Partial<CertificateRecord>
  readonly opening?: (opening: SealSignatureOpening) => SealSignatureOpening
  readonly entry?: (entry: SealSignatureEntry) => SealSignatureEntry
  readonly statement?: (statement: Statement) => Statement
  readonly receipt?: (receipt: Receipt) => Receipt
  readonly attester?: TestKey
}

/** The receipt of a sealing in a log of other leaves, attested by the node. */
export async function receiptOf(world: World, sealed: Sealed, changes: ReceiptChanges = {}): Promise<Receipt> {
  const { party, holder } = sealed
  const { index = 5, size = 9 } = changes
  const inForce: Seal = { ...party.seal, certificate: holder.digest, ...changes.inForce }
  const opening = changes.opening?.(sealed.opening) ?? sealed.opening
  const made = entryOf(sealed, inForce, opening)
  const entry = changes.entry?.(made) ?? made
  const tree = new LogTree(
    Array.from({ length: size }, (_, at) => leafHash(at === index ? EntryFormat.encode(entry) : utf8(`leaf ${at}`))),
  )
  const record: CertificateRecord = {
    digest: holder.digest,
    institution: party.id,
    notAfter: party.seal.notAfter,
    notBefore: party.seal.notBefore,
    type: 'cinnabar.certificate.v1',
    ...changes.record,
  }
  const statement: Statement = {
    certificate: record,
    channel: 'cinnabar',
    from: index,
    institution: party.id,
    recordedAt: timeOf(new Date(SEALED_AT.getTime() + 2000)),
    registered: party.institution,
    root: digestFromBytes(rootAt(tree.node, size)),
    seal: { ...inForce, ...changes.present },
    size,
    type: 'cinnabar.attest.v1',
  }
  const receipt: Receipt = {
    attestations: [await attest(changes.attester ?? world.node, changes.statement?.(statement) ?? statement)],
    entry,
    index,
    opening,
    proof: inclusionProof(tree.node, index, size).map(digestFromBytes),
    seal: inForce,
    size,
    type: 'cinnabar.receipt.v1',
  }
  return changes.receipt?.(receipt) ?? receipt
}

function entryOf({ holder, party, token }: Sealed, seal: Seal, opening: SealSignatureOpening): SealSignatureEntry {
  return {
    certificate: holder.digest,
    commitment: OpeningFormat.digest(opening),
    institution: party.id,
    kind: 'sealSignature',
    seal: party.seal.id,
    sealRecord: SealFormat.digest(seal),
    tokenTime: tokenTimeOf(token),
    type: 'cinnabar.entry.v1',
    useNumber: 3,
  }
}

/** The samples' own time where a test put no token in. */
function tokenTimeOf(token: Uint8Array | undefined): Time {
  if (token === undefined) return timeOf(SEALED_AT)
  try {
    return time(parseToken(token).genTimeText, '')
  } catch (refusal) {
    if (refusal instanceof TimestampError) return timeOf(SEALED_AT)
    throw refusal
  }
}

/** The node's signature over a statement. */
export async function attest(node: TestKey, statement: Statement): Promise<Attestation> {
  const signature = await node.signer.sign(StatementFormat.encode(statement))
  const raw = toBase64(ecdsaSignatureToRaw(signature, 'P-256'))
  return { key: nodeKeyDigest(node), kind: 'node', signature: raw, statement }
}

/** A container with these receipts, by the id of the use. */
export function evidenceOf(receipts: readonly Receipt[], crls: readonly Uint8Array[] = []): Uint8Array {
  const ids = [...new Set(receipts.map(({ opening }) => opening.id))]
  return writeEvidence({
    created: timeOf(SEALED_AT),
    signatures: ids.map((id) => ({
      id,
      receipts: receipts.filter(({ opening }) => opening.id === id),
      certificates: [],
      crls,
    })),
  })
}

/** All that a verifier is given of a sealed file. */
export interface Sample {
  readonly pdf: Uint8Array
  readonly evidence: readonly Uint8Array[]
  readonly trust: Trust
  readonly at: Date
  readonly sealed: readonly Sealed[]
  readonly receipts: readonly Receipt[]
}

/** When the samples are verified. */
export const JUDGED_AT = new Date('2026-12-01T00:00:00Z')

/** What is wrong with a sample of one seal, if anything. */
export interface SampleChanges {
  readonly base?: Uint8Array
  readonly party?: Party
  readonly seal?: SealChanges
  readonly receipt?: ReceiptChanges
  readonly crls?: readonly Uint8Array[]
}

/** A file with one seal, the bureau's unless given, with its evidence. */
export async function oneSeal(world: World, changes: SampleChanges = {}): Promise<Sample> {
  const sealed = await sealPdf(world, changes.base ?? contractPdf(), changes.party ?? world.bureau, changes.seal)
  const receipt = await receiptOf(world, sealed, changes.receipt)
  const evidence = [evidenceOf([receipt], changes.crls)]
  return { pdf: sealed.pdf, evidence, trust: world.trust, at: JUDGED_AT, sealed: [sealed], receipts: [receipt] }
}

/** A file that the bureau and then the company sealed; `changes` are of the second seal. */
export async function twoSeals(world: World, changes: SampleChanges = {}): Promise<Sample> {
  const first = await oneSeal(world, { base: changes.base })
  const place = { xMm: 110, yMm: 200 }
  const party = changes.party ?? world.company
  const second = await oneSeal(world, { ...changes, base: first.pdf, party, seal: { place, ...changes.seal } })
  const receipts = [...first.receipts, ...second.receipts]
  return { ...second, evidence: [evidenceOf(receipts)], sealed: [...first.sealed, ...second.sealed], receipts }
}
