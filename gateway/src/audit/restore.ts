import { RuleError } from '@cinnabar/chaincode'
import {
  type Attestation,
  type Digest,
  digestFromBytes,
  type InstitutionId,
  inclusionProof,
  peerWordOf,
  type RebuiltLedger,
  type RebuiltLog,
  type Receipt,
  ReceiptFormat,
  SealFormat,
  type SealId,
  type SealSignatureEntry,
  type Trust,
} from '@cinnabar/core'
import type { SealSignatureRecord } from '../notarize/records'
import type { Store } from '../store/store'
import { type AuditedPeer, PeerSilence } from './audited-peer'
import { type KeptUse, usesIn } from './openings-check'

/** What receipts are made again from. */
export interface RestoreOptions {
  readonly ledger: RebuiltLedger
  /** By commitment: entries on the ledger do not say what they commit to. */
  readonly openings: ReadonlyMap<Digest, KeptUse>
  readonly peers: readonly AuditedPeer[]
  readonly trust: Trust
  readonly at: Date
}

/**
 * Puts into a store every use that is on the ledger and whose opening is at hand, with a new receipt: its path from the rebuilt
 * tree, peers' statements of today. What has a receipt there already is left as it is.
 * @returns how many were put there.
 */
export async function restoreUses(store: Store, options: RestoreOptions): Promise<number> {
  const attested = attestOnce(options)
  let restored = 0
  for (const [log, index, entry] of usesIn(options.ledger.logs)) {
    const kept = options.openings.get(entry.commitment)
    if (kept === undefined) continue
    const stored = await store.get<SealSignatureRecord>('sealSignatures', kept.id)
    if (stored !== undefined && stored.value.receipts.length > 0) continue
    const receipt = await receiptOf({ log, index, entry, kept }, options.ledger, attested)
    if (receipt === undefined) continue
    const record: SealSignatureRecord = { ...kept.record, receipts: [receipt] }
    const isPut =
      stored === undefined
        ? await store.insert('sealSignatures', kept.id, record)
        : await store.replace('sealSignatures', kept.id, stored.version, record)
    if (isPut) restored++
  }
  return restored
}

type Attested = (institution: InstitutionId, size: number, seal: SealId) => Promise<readonly Attestation[]>

interface Place {
  readonly log: RebuiltLog
  readonly index: number
  readonly entry: SealSignatureEntry
  readonly kept: KeptUse
}

async function receiptOf(
  { log, index, entry, kept }: Place,
  { register }: RebuiltLedger,
  attested: Attested,
): Promise<Receipt | undefined> {
  const seal = register.version(entry.sealRecord, SealFormat)
  const size = log.appends.find((append) => append.size > index)?.size
  if (seal === undefined || size === undefined) return undefined
  const attestations = await attested(log.institution, size, entry.seal)
  if (attestations.length === 0) return undefined
  const proof = inclusionProof(log.tree.node, index, size).map(digestFromBytes)
  const opening = kept.record.use.opening
  const receipt = { attestations, entry, index, opening, proof, seal, size, type: 'cinnabar.receipt.v1' }
  return ReceiptFormat.check(JSON.parse(JSON.stringify(receipt)))
}

/** One head's statements serve all uses of a seal that landed with it; what is not authentic is left out. */
function attestOnce({ peers, trust, at }: RestoreOptions): Attested {
  const known = new Map<string, Promise<readonly Attestation[]>>()
  const ask = async (institution: InstitutionId, size: number, seal: SealId) => {
    const answers = await Promise.all(peers.map((peer) => attestedBy(peer, { institution, size, seal })))
    const found: Attestation[] = []
    for (const answer of answers) {
      if (answer !== undefined && (await peerWordOf(answer, trust, at)) !== undefined) found.push(answer)
    }
    return found
  }
  return (institution, size, seal) => {
    const name = `${institution}/${size}/${seal}`
    const asked = known.get(name) ?? ask(institution, size, seal)
    known.set(name, asked)
    return asked
  }
}

async function attestedBy(peer: AuditedPeer, request: Parameters<AuditedPeer['attest']>[0]) {
  try {
    return await peer.attest(request)
  } catch (error) {
    if (error instanceof PeerSilence || error instanceof RuleError) return undefined
    throw error
  }
}
