import {
  acceptTrustList,
  claimedList,
  type Digest,
  listKeyOf,
  parseTrustList,
  type TrustList,
  TrustListError,
} from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { readInput } from './input-file'
import { keepPrivately } from './output-file'
import { trustListPath } from './places'
import { MAX_TRUST_BYTES } from './trust'

/** Published trust lists, as the user named them. */
export interface ListOptions {
  readonly list?: readonly string[]
  /** Digests of the operators' keys; one that was given once stays pinned. */
  readonly listKey?: readonly string[]
}

/**
 * The published lists to judge by. The newest of each operator is kept, so that an older one is never taken again, and its
 * key need not be named again.
 * @throws {@link CliError} `TRUST_LIST_REFUSED`, and whatever keeps a file from being read.
 */
export async function readLists(context: Context, options: ListOptions, at: Date): Promise<readonly TrustList[]> {
  const lists: TrustList[] = []
  for (const path of options.list ?? []) lists.push(await readList(context, path, { named: options.listKey ?? [], at }))
  return lists
}

interface Pins {
  readonly named: readonly string[]
  readonly at: Date
}

async function readList(context: Context, path: string, { named, at }: Pins): Promise<TrustList> {
  const { surroundings, texts, voice } = context
  const bytes = await readInput(path, MAX_TRUST_BYTES, surroundings)
  try {
    const key = listKeyOf(claimedList(bytes))
    const place = trustListPath(surroundings, key)
    const seen = await keptList(context, place)
    const keys = [...(named as readonly Digest[]), ...(seen ? [key] : [])]
    const list = await acceptTrustList(bytes, { keys, at, ...(seen && { seen }) })
    if (seen === undefined || list.sequence > seen.sequence) await keepPrivately(place, bytes)
    voice.note(texts.note.listUsed(list.name[texts.language], list.sequence, list.expires))
    return list
  } catch (cause) {
    if (!(cause instanceof TrustListError)) throw cause
    throw refusedList(path, cause)
  }
}

/** A list that is not judged by, as the user is told. */
export function refusedList(path: string, cause: TrustListError): CliError {
  return new CliError('TRUST_LIST_REFUSED', { path, code: cause.code, reason: cause.message }, cause)
}

/** A list that is kept at this place; undefined: there is none. */
export async function keptList({ surroundings }: Context, place: string): Promise<TrustList | undefined> {
  try {
    return parseTrustList(await readInput(place, MAX_TRUST_BYTES, surroundings)).list
  } catch (error) {
    if (error instanceof CliError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  }
}
