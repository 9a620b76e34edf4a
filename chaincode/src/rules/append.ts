import {
  type Digest,
  EntryFormat,
  equal,
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
import { type VerifiedUse, verifyUse } from './verify-use'

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
  const verified = await verifyUses(context, institution, uses)
  await refuseReplays(context.state, institution, size, verified)
  const counted = await countUses(context.state, institution, verified)
  verified.forEach((use, index) => {
    const entry = entryOf(institution, use, OpeningFormat.digest(uses[index].opening), counted.numbers[index])
    if (equal(EntryFormat.encode(entry), EntryFormat.encode(entries[index]))) return
    throw new RuleError('ENTRY_MISMATCH', 'the public entry is not that of the use', { index })
  })
  for (const [index, { replayKey }] of verified.entries()) {
    await context.state.put(KEY.use(replayKey), utf8(`${institution}/${size + index}`))
  }
  for (const [seal, count] of counted.totals) await context.state.put(KEY.uses(institution, seal), utf8(String(count)))
  return appendEntries(context, log, entries)
}

/** Uses of a seal recorded so far. */
export async function readUses(state: State, institution: InstitutionId, seal: SealId): Promise<number> {
  const bytes = await state.get(KEY.uses(institution, seal))
  return bytes === undefined ? 0 : Number(String.fromCharCode(...bytes))
}

/** All at once, for WebCrypto works in parallel; the refusal is still always that of the first bad use. */
async function verifyUses(
  context: Context,
  institution: InstitutionId,
  uses: readonly Use[],
): Promise<readonly VerifiedUse[]> {
  const register = openUseRegister(context, institution)
  const outcomes = await Promise.allSettled(uses.map((use) => verifyUse(context, register, use)))
  return outcomes.map((outcome, index) => {
    if (outcome.status === 'fulfilled') return outcome.value
    throw atIndex(outcome.reason, index)
  })
}

async function refuseReplays(
  state: State,
  institution: InstitutionId,
  size: number,
  uses: readonly VerifiedUse[],
): Promise<void> {
  const recorded = await Promise.all(uses.map(({ replayKey }) => state.get(KEY.use(replayKey))))
  const inBatch = new Map<string, number>()
  uses.forEach(({ replayKey }, index) => {
    const bytes = recorded[index]
    const earlier = inBatch.get(replayKey)
    inBatch.set(replayKey, earlier ?? index)
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

function atIndex(reason: unknown, index: number): unknown {
  if (!(reason instanceof RuleError)) return reason
  return new RuleError(reason.code, reason.message, { ...reason.details, index }, reason)
}
