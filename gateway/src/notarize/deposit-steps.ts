import {
  type DepositUse,
  digestOf,
  type SealSignatureId,
  type Time,
  type TimestampToken,
  timeOf,
  toBase64,
} from '@cinnabar/core'
import { attest } from './anchor'
import { type Landing, type PendingUse, type Place, placesOf } from './batch'
import type { BadEnd } from './conclude'
import {
  DEPOSIT_ENDED,
  type DepositOutcome,
  type DepositPartRecord,
  type DepositState,
  type DepositTokensRecord,
  type HeadRecord,
  headKey,
  type KeptToken,
} from './deposit-records'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { Identified } from './receive'
import { type BatchRecord, change } from './records'
import { timestampOver } from './timestamp'

/** Tokens that are asked for at once: between two such groups others have their turn. */
const TOKENS_AT_ONCE = 25

/**
 * The deposits of a part as they go to the ledger, each with its token; those written down before, if there are.
 * @throws as {@link timestampOver} does.
 */
export async function timestampPart(
  env: Surroundings,
  part: Identified<DepositPartRecord>,
): Promise<readonly PendingDeposit[]> {
  const before = await tokensOf(env, part.id)
  if (before !== undefined) return usesOf(part, before)
  const { institution, deposits } = part.value
  const tokens: KeptToken[] = []
  for (let at = 0; at < deposits.length; at += TOKENS_AT_ONCE) {
    const some = deposits.slice(at, at + TOKENS_AT_ONCE)
    const got = await Promise.all(some.map(({ digest }) => timestampOver(env, institution, digest)))
    tokens.push(...got.map(keep))
  }
  const mine: DepositTokensRecord = { institution, tokens }
  if (await env.store.insert('depositTokens', part.id, mine)) return usesOf(part, tokens)
  return usesOf(part, (await tokensOf(env, part.id)) ?? tokens)
}

function keep({ der, genTimeText }: TimestampToken): KeptToken {
  return { token: toBase64(der), digest: digestOf(der), genTime: genTimeText as Time }
}

/** The tokens of a part, once it has them. */
export async function tokensOf(
  { store }: Pick<Surroundings, 'store'>,
  part: string,
): Promise<readonly KeptToken[] | undefined> {
  return (await store.get<DepositTokensRecord>('depositTokens', part))?.value.tokens
}

/** A deposit on its way to the ledger. */
export interface PendingDeposit extends PendingUse {
  readonly use: DepositUse
}

/**
 * A part's deposits with their tokens, as they go to the ledger.
 * @throws {@link NotarizeError} `INTERNAL` when one has none.
 */
export function usesOf(
  { id: part, value }: Identified<DepositPartRecord>,
  tokens: readonly KeptToken[],
): readonly PendingDeposit[] {
  const { institution, deposits } = value
  return deposits.map(({ id, digest, salt }, position) => {
    const kept = tokens[position]
    if (kept === undefined) throw new NotarizeError('INTERNAL', 'a deposit lacks its token', { deposit: id })
    const type = 'cinnabar.depositOpening.v1'
    const opening = { digest, id, institution, salt, token: kept.digest, type } as const
    const use = { opening, token: kept.token, type: 'cinnabar.depositUse.v1' } as const
    return { id, use, part, tokenTime: kept.genTime }
  })
}

/**
 * The deposits of a batch that was sent before a restart.
 * @throws {@link NotarizeError} `INTERNAL` when the store has lost one.
 */
export async function depositsOf(
  { store }: Pick<Surroundings, 'store'>,
  { parts }: BatchRecord,
): Promise<ReadonlyMap<SealSignatureId, PendingUse>> {
  const pending = new Map<SealSignatureId, PendingUse>()
  for (const part of parts) {
    const found = await store.get<DepositPartRecord>('depositParts', part)
    const tokens = await tokensOf({ store }, part)
    if (found === undefined || tokens === undefined) {
      throw new NotarizeError('INTERNAL', 'deposits in a batch are missing from the store', { part })
    }
    for (const one of usesOf({ id: part, value: found.value }, tokens)) pending.set(one.id, one)
  }
  return pending
}

/** Where those of a part's deposits stand that went in a batch which is known to have landed. */
export async function landedBefore(
  { store }: Pick<Surroundings, 'store'>,
  { institution, batches }: DepositPartRecord,
): Promise<ReadonlyMap<SealSignatureId, Place>> {
  const places = new Map<SealSignatureId, Place>()
  for (const id of batches) {
    const batch = (await store.get<BatchRecord>('batches', id))?.value
    if (batch?.head === undefined) continue
    for (const [use, place] of placesOf(batch, { institution, ...batch.head })) places.set(use, place)
  }
  return places
}

/** Keeps what is signed of a head, unless that was done before. @throws {@link LedgerError} as `attest` does. */
export async function keepHead(env: Surroundings, landing: Landing): Promise<void> {
  const { institution, size } = landing
  const id = headKey(institution, size)
  if ((await env.store.get('heads', id)) !== undefined) return
  const value: HeadRecord = { institution, ...(await attest(env, landing)) }
  await env.store.insert('heads', id, value)
}

/** Moves a part on, and notes when; one that has ended, or has come as far, stays as it is. */
export async function reachPart(
  { store, clock, telling }: Pick<Surroundings, 'store' | 'clock' | 'telling'>,
  id: string,
  to: { readonly state: DepositState; readonly batch?: string; readonly outcomes?: readonly DepositOutcome[] },
): Promise<void> {
  const now = timeOf(clock.now()) as Time
  const isEnd = DEPOSIT_ENDED.includes(to.state)
  await change<DepositPartRecord>(store, 'depositParts', id, (part) => {
    const known = to.batch === undefined || part.batches.includes(to.batch)
    if (DEPOSIT_ENDED.includes(part.state) || (part.state === to.state && known)) return undefined
    const isAwaited = isEnd && telling?.wants(part.institution)
    return {
      ...part,
      state: to.state,
      batches: known || to.batch === undefined ? part.batches : [...part.batches, to.batch],
      times: { ...part.times, [to.state]: part.times[to.state] ?? now },
      ...(to.outcomes && { outcomes: to.outcomes }),
      ...(isAwaited && { untold: 'yes' as const }),
    }
  })
  if (isEnd) telling?.ended()
}

/** What is written down of each deposit's end, and the state that the part ends in. */
export function endOf(ends: readonly (Place | BadEnd)[]): {
  readonly state: DepositState
  readonly outcomes: readonly DepositOutcome[]
} {
  const outcomes = ends.map((end) => ('landing' in end ? { index: end.index, size: end.landing.size } : end))
  const states = ends.map((end) => ('landing' in end ? 'anchored' : end.state))
  const worst = (['failed', 'refused'] as const).find((state) => states.includes(state))
  return { state: worst ?? 'anchored', outcomes }
}

/** The heads that deposits landed with, each once. */
export function landingsOf(ends: readonly (Place | BadEnd)[]): readonly Landing[] {
  const landings = ends.flatMap((end) => ('landing' in end ? [end.landing] : []))
  return [...new Map(landings.map((landing) => [landing.size, landing])).values()]
}
