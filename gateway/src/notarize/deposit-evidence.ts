import {
  type DepositUse,
  type Digest,
  fromBase64,
  type InstitutionId,
  type Receipt,
  ReceiptFormat,
  type SealSignatureId,
  type Time,
  timeOf,
} from '@cinnabar/core'
import type { Store } from '../store/store'
import { blockMembers } from './blocks'
import { closedOnce, keptClosing } from './closing'
import { containerOf } from './container'
import {
  type DepositJobRecord,
  type DepositOutcome,
  type DepositPartRecord,
  type DepositRecord,
  type DepositState,
  fileKey,
  type HeadRecord,
  headKey,
} from './deposit-records'
import { tokensOf, usesOf } from './deposit-steps'
import type { EvidenceOptions } from './evidence'
import type { LogMirror } from './log-mirror'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import { findAll } from './records'

/** A deposit as it stands. */
export interface Deposited {
  readonly id: SealSignatureId
  readonly deposit: DepositRecord
  readonly job: DepositJobRecord
  readonly part: DepositPartRecord
  readonly state: DepositState
  /** Once it has ended. */
  readonly outcome?: DepositOutcome
}

/**
 * All that a stranger needs to check a deposit offline, beside the file itself: FORMAT.md section 9.
 * @returns undefined when there is no deposit of this id.
 * @throws {@link NotarizeError} `EVIDENCE_NOT_READY` before it is anchored.
 */
export async function depositEvidence(
  env: Surroundings,
  mirror: LogMirror,
  { id, trust, block = 'small', container }: EvidenceOptions & { readonly id: SealSignatureId },
): Promise<Uint8Array | undefined> {
  const found = await findDeposit(env.store, id)
  if (found === undefined) return undefined
  const { deposit, part, outcome } = found
  const tokens = await tokensOf(env, deposit.part)
  if (outcome === undefined || !('index' in outcome) || tokens === undefined) {
    throw new NotarizeError('EVIDENCE_NOT_READY', 'this deposit is not in the log yet', { id })
  }
  const { use } = usesOf({ id: deposit.part, value: part }, tokens)[deposit.position]
  const receipt = await receiptOf(env, mirror, { use, outcome })
  const others = await blockMembers(env, receipt, block)
  const contents = (created: Time) => ({
    created,
    signatures: [],
    deposits: [{ id, receipts: [receipt], token: fromBase64(use.token) }],
    others,
    ...(trust && { trust }),
  })
  const { institution } = use.opening
  if (container !== 'asic-e') return containerOf(env, institution, contents(timeOf(env.clock.now())), container)
  const key = `${id}.${block}`
  return closedOnce(env, { key, institution, kept: await keptClosing(env, key), receipts: [], contents })
}

interface Anchored {
  readonly use: DepositUse
  readonly outcome: Extract<DepositOutcome, { readonly index: number }>
}

/** The path is made anew from the mirror; what was signed of the head was kept when it landed. */
async function receiptOf(
  { ledger, store }: Surroundings,
  mirror: LogMirror,
  { use, outcome: { index, size } }: Anchored,
): Promise<Receipt> {
  const { institution } = use.opening
  const head = await store.get<HeadRecord>('heads', headKey(institution, size))
  const [entry] = await ledger.entries(institution, index, index + 1)
  if (head === undefined || entry === undefined) {
    throw new NotarizeError('INTERNAL', 'an anchored deposit lacks its head or its entry', { index, size })
  }
  await mirror.catchUp(institution, size)
  const { attestations, preservation } = head.value
  const receipt: Receipt = {
    attestations,
    entry,
    index,
    opening: use.opening,
    ...(preservation && { preservation }),
    proof: await mirror.path(institution, index, size),
    size,
    type: 'cinnabar.receipt.v1',
  }
  return ReceiptFormat.check(JSON.parse(JSON.stringify(receipt)))
}

/** The deposit of this id; undefined also for one whose request was never acknowledged. */
export async function findDeposit(store: Store, id: SealSignatureId): Promise<Deposited | undefined> {
  const deposit = await store.get<DepositRecord>('deposits', id)
  return deposit && depositedOf(store, id, deposit.value)
}

/**
 * An institution's own deposits of a file, by its digest: whoever is no user of it cannot ask, since a digest can be guessed.
 * @returns in no meaningful order.
 */
export async function depositsOfFile(
  store: Store,
  institution: InstitutionId,
  digest: Digest,
): Promise<readonly Deposited[]> {
  const found = await findAll<DepositRecord>(store, 'deposits', 'file', fileKey(institution, digest))
  const all = await Promise.all(found.map(({ id, value }) => depositedOf(store, id as SealSignatureId, value)))
  return all.filter((one) => one !== undefined)
}

async function depositedOf(store: Store, id: SealSignatureId, deposit: DepositRecord): Promise<Deposited | undefined> {
  const job = (await store.get<DepositJobRecord>('depositJobs', deposit.job))?.value
  const part = (await store.get<DepositPartRecord>('depositParts', deposit.part))?.value
  if (job === undefined || part === undefined || !job.parts.includes(deposit.part)) return undefined
  const outcome = part.outcomes?.[deposit.position]
  return { id, deposit, job, part, state: stateOf(part, outcome), ...(outcome && { outcome }) }
}

/** Of one deposit: a part's bad end need not be that of each. */
export function stateOf(part: DepositPartRecord, outcome: DepositOutcome | undefined): DepositState {
  if (outcome === undefined) return part.state
  return 'index' in outcome ? 'anchored' : outcome.state
}
