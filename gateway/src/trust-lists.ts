import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { acceptTrustList, claimedList, listKeyOf, parseTrustList, type TrustList, TrustListError } from '@cinnabar/core'
import type { Clock } from './clock'
import type { Config } from './config'
import type { Logger } from './log'
import { writeWhole } from './store/whole-file'

/** What the operator's lists are opened with. */
export interface TrustListParts {
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
}

type Settings = Pick<Config, 'dataFolder' | 'trustLists' | 'trustListKeys'>

/** FORMAT.md 10: a list is at most 4 MiB, and one line feed. */
const MAX_LIST_BYTES = (4 << 20) + 1
const DAY_MS = 86_400_000
/** So long before a list expires the log says so at every start. */
const WARNED_DAYS = 30

/**
 * The published lists that the operator configured, each as its publisher signed it, in force and not older than what this
 * data folder has seen of the same publisher.
 * @throws {@link TrustListError} that names the file: whoever configured a list wants its seals recognised, or to hear why not.
 */
export async function openTrustLists(
  settings: Settings,
  { clock, log }: TrustListParts,
): Promise<readonly TrustList[]> {
  const lists: TrustList[] = []
  for (const path of settings.trustLists) {
    const list = await openList(path, settings, clock.now())
    const days = Math.floor((Date.parse(list.expires) - clock.now().getTime()) / DAY_MS)
    const about = { path, list: list.name.en, sequence: list.sequence, expires: list.expires }
    if (days < WARNED_DAYS) log.warn('a trust list soon counts no more: get the next one', about)
    else log.info('verifies by a trust list', about)
    lists.push(list)
  }
  return lists
}

async function openList(path: string, { dataFolder, trustListKeys: keys }: Settings, at: Date): Promise<TrustList> {
  try {
    const bytes = await bytesOf(path)
    const place = join(dataFolder, 'lists', `${listKeyOf(claimedList(bytes)).replace('sha256:', '')}.json`)
    const seen = await seenList(place)
    const list = await acceptTrustList(bytes, { keys, at, ...(seen && { seen }) })
    if (seen === undefined || list.sequence > seen.sequence) await writeWhole(place, bytes, 0o600)
    return list
  } catch (cause) {
    if (!(cause instanceof TrustListError)) throw cause
    throw new TrustListError(cause.code, `${path}: ${cause.message}`, { ...cause.details, path }, cause)
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await readFile(path))
    if (bytes.length <= MAX_LIST_BYTES) return bytes
  } catch (cause) {
    const reason = String((cause as { readonly code?: unknown }).code)
    throw new TrustListError('TRUST_LIST_INVALID', `it cannot be read: ${reason}`, { reason }, cause)
  }
  throw new TrustListError('TRUST_LIST_INVALID', `it is larger than ${MAX_LIST_BYTES} bytes`)
}

async function seenList(place: string): Promise<TrustList | undefined> {
  try {
    return parseTrustList(new Uint8Array(await readFile(place))).list
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT') return undefined
    throw cause
  }
}
