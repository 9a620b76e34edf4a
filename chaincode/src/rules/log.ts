import {
  type Append,
  AppendFormat,
  appendLeaf,
  type CompactRange,
  compareTimes,
  type Digest,
  digestFromBytes,
  EMPTY_ROOT,
  EntryFormat,
  emptyRange,
  encodeRange,
  type InstitutionId,
  type LogEntry,
  type LogHead,
  leafHash,
  MerkleError,
  parseRange,
  type RegisterEntry,
  rangeRoot,
  type Time,
} from '@cinnabar/core'
import { type Context, parseRecord, readRecord } from './context'
import { RuleError } from './errors'
import { firstFrom, KEY, padSize, type State } from './state'

/** An institution's log as a transaction finds it. */
export interface OpenLog {
  readonly institution: InstitutionId
  readonly range: CompactRange
  /**
   * When this transaction's append counts as recorded: the transaction's time, or that of the append before when a
   * client's clock lags, so that times in a log never run backwards.
   */
  readonly recordedAt: Time
}

/** Reads the log's compact range and the time of its last append. */
export async function openLog({ state, transaction }: Context, institution: InstitutionId): Promise<OpenLog> {
  const range = await readRange(state, institution)
  if (range.size === 0) return { institution, range, recordedAt: transaction.time }
  const last = await readRecord(state, KEY.append(institution, range.size), AppendFormat)
  if (last === undefined) throw damaged(institution, range.size)
  const lags = compareTimes(transaction.time, last.recordedAt) < 0
  return { institution, range, recordedAt: lags ? last.recordedAt : transaction.time }
}

/** The log's head: size 0 with the empty tree's root when nothing was appended. */
export async function readHead(state: State, institution: InstitutionId): Promise<LogHead> {
  const range = await readRange(state, institution)
  const root = digestFromBytes(range.size === 0 ? EMPTY_ROOT : rangeRoot(range))
  return { institution, root, size: range.size, type: 'cinnabar.head.v1' }
}

/** Appends the leaves and writes the range and the immutable record of this append. @returns the new head. */
export async function appendEntries(
  { state, transaction }: Context,
  log: OpenLog,
  entries: readonly LogEntry[],
): Promise<LogHead> {
  const { institution } = log
  const hashes = entries.map((entry) => leafHash(EntryFormat.encode(entry)))
  const range = hashes.reduce(appendLeaf, log.range)
  const root = digestFromBytes(rangeRoot(range))
  const made = entries.filter((entry): entry is RegisterEntry => entry.kind === 'register')
  const append: Append = {
    ...(made.length === 0 ? {} : { entries: made }),
    from: log.range.size,
    institution,
    leaves: hashes.map(digestFromBytes),
    recordedAt: log.recordedAt,
    root,
    size: range.size,
    transaction: transaction.id,
    type: 'cinnabar.append.v1',
  }
  await state.put(KEY.log(institution), encodeRange(range))
  await state.put(KEY.append(institution, range.size), AppendFormat.encode(append))
  return { institution, root, size: range.size, type: 'cinnabar.head.v1' }
}

/** The append that holds the entry at `index`. */
export async function appendOf(state: State, institution: InstitutionId, index: number): Promise<Append | undefined> {
  const prefix = `append/${institution}/`
  const bytes = await firstFrom(state, `${prefix}${padSize(index + 1)}`, prefix)
  return bytes === undefined ? undefined : parseRecord(bytes, AppendFormat)
}

/**
 * The index of the first entry recorded at `time` or after; the log's size when there is none yet. Recording times
 * never run backwards in a log ({@link OpenLog}), so a binary search over it reads about log2(size) appends.
 */
export async function firstRecordedFrom(state: State, log: OpenLog, time: Time): Promise<number> {
  let low = 0
  let high = log.range.size
  while (low < high) {
    const append = await appendOf(state, log.institution, Math.floor((low + high) / 2))
    if (append === undefined) throw damaged(log.institution, high)
    if (compareTimes(append.recordedAt, time) < 0) low = append.size
    else high = append.from
  }
  return low
}

/** The entry of a register change: `record` is the digest of the record as it is after the change. */
export function registerEntryOf(
  institution: InstitutionId,
  change: RegisterEntry['change'],
  subject: string,
  record: Digest,
): RegisterEntry {
  return { change, institution, kind: 'register', record, subject, type: 'cinnabar.entry.v1' }
}

async function readRange(state: State, institution: InstitutionId): Promise<CompactRange> {
  const bytes = await state.get(KEY.log(institution))
  if (bytes === undefined) return emptyRange
  try {
    return parseRange(bytes)
  } catch (cause) {
    if (!(cause instanceof MerkleError)) throw cause
    throw new RuleError('STATE_DAMAGED', `the range of ${institution}'s log cannot be read`, { institution }, cause)
  }
}

function damaged(institution: InstitutionId, size: number): RuleError {
  return new RuleError('STATE_DAMAGED', `an append of ${institution}'s log is missing`, { institution, size })
}
