import {
  type Digest,
  type InstitutionId,
  type LogEntry,
  type LogHead,
  OpeningFormat,
  type SealId,
  type Use,
  utf8,
} from '@cinnabar/core'
import { type Context, requireCaller, requireInstitution } from './context'
import { RuleError } from './errors'
import { appendEntries, openLog } from './log'
import { KEY, type State } from './state'
import { openUseRegister } from './use-register'
import { replayKey, type VerifiedUse } from './verify-use'
import { verifyUses } from './verify-uses'

/** What is appended, as {@link parseAppend} read it. */
export interface AppendRequest {
  readonly institution: InstitutionId
  readonly expectedSize: number
  readonly entries: readonly LogEntry[]
  readonly uses: readonly Use[]
}

/**
 * Compare-and-append: re-verifies every use, makes its entry anew and requires it to be the public one. All or nothing.
 * @throws {@link RuleError} `CALLER_NOT_PERMITTED`, `INSTITUTION_UNKNOWN`, `LOG_SIZE_MISMATCH` (details.size), or what
 * is wrong with the first bad use (details.index is its place among the uses).
 */
export async function append(context: Context, request: AppendRequest): Promise<LogHead> {
  const { institution, expectedSize, entries, uses } = request
  requireCaller(context, institution, 'sealer')
  await requireInstitution(context, institution)
  const log = await openLog(context, institution)
  const { size } = log.range
  if (size !== expectedSize) {
    throw new RuleError('LOG_SIZE_MISMATCH', `the log holds ${size} entries, not ${expectedSize}`, { size })
  }
  const register = openUseRegister(context, institution)
  await register.prefetch(uses)
  const keys = uses.map(replayKey)
  // A peer answers one read after another, each read a wait: both are begun at once.
  const [verifying, reading] = await Promise.allSettled([
    verifyUses(context, register, uses),
    Promise.all(keys.map((key) => context.state.get(KEY.use(key)))),
  ])
  const verified = settled(verifying)
  refuseReplays({ institution, size, keys }, settled(reading))
  const counted = await countUses(context.state, institution, verified)
  verified.forEach((use, index) => {
    const entry = entryOf(institution, use, OpeningFormat.digest(uses[index].opening), counted.numbers[index])
    if (isSame(entry, entries[index])) return
    throw new RuleError('ENTRY_MISMATCH', 'the public entry is not that of the use', { index })
  })
  await Promise.all(keys.map((key, index) => context.state.put(KEY.use(key), utf8(`${institution}/${size + index}`))))
  for (const [seal, count] of counted.totals) await context.state.put(KEY.uses(institution, seal), utf8(String(count)))
  return appendEntries(context, log, entries)
}

/** Entries of uses are flat. */
function isSame(a: LogEntry, b: LogEntry): boolean {
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
  return left.length === right.size && left.every(([name, value]) => right.get(name) === value)
}

/** Uses of a seal recorded so far. */
export async function readUses(state: State, institution: InstitutionId, seal: SealId): Promise<number> {
  const bytes = await state.get(KEY.uses(institution, seal))
  return bytes === undefined ? 0 : Number(String.fromCharCode(...bytes))
}

interface NewKeys {
  readonly institution: InstitutionId
  readonly size: number
  readonly keys: readonly string[]
}

function refuseReplays({ institution, size, keys }: NewKeys, recorded: readonly (Uint8Array | undefined)[]): void {
  const inBatch = new Map<string, number>()
  keys.forEach((key, index) => {
    const bytes = recorded[index]
    const earlier = inBatch.get(key)
    inBatch.set(key, earlier ?? index)
    if (bytes === undefined && earlier === undefined) return
    const entry = bytes === undefined ? `${institution}/${size + (earlier ?? 0)}` : String.fromCharCode(...bytes)
    throw new RuleError('ALREADY_RECORDED', `this use is entry ${entry}`, { index, entry })
  })
}

/** 用印编号: each seal's uses, counted on from the ledger's count in the order of the batch. */
async function countUses(state: State, institution: InstitutionId, uses: readonly VerifiedUse[]) {
  const seals = new Set(uses.flatMap((use) => (use.kind === 'sealSignature' ? [use.seal] : [])))
  const totals = new Map<SealId, number>()
  for (const seal of seals) totals.set(seal, await readUses(state, institution, seal))
  const numbers = uses.map((use) => {
    if (use.kind !== 'sealSignature') return 0
    const number = (totals.get(use.seal) ?? 0) + 1
    totals.set(use.seal, number)
    return number
  })
  return { numbers, totals }
}

function entryOf(institution: InstitutionId, use: VerifiedUse, commitment: Digest, useNumber: number): LogEntry {
  const { tokenTime } = use
  const common = { commitment, institution, tokenTime, type: 'cinnabar.entry.v1' } as const
  if (use.kind === 'deposit') return { ...common, kind: 'deposit' }
  const { certificate, seal, sealRecord } = use
  return { ...common, certificate, kind: 'sealSignature', seal, sealRecord, useNumber }
}

function settled<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}
