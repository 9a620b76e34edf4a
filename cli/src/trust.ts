import { resolve } from 'node:path'
import { CodedError, type Digest, parseTrust, type Trust, TrustFormat } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { readInput } from './input-file'
import { dataTrustPath, pinnedTrustPath } from './places'

/** Where a trust file came from, in the order in which it is looked for. */
export type TrustSource = 'option' | 'environment' | 'data' | 'pinned'

/** The trust file to judge by. */
export interface TrustFound {
  readonly trust: Trust
  /** Digest of the record. */
  readonly fingerprint: Digest
  readonly path: string
  readonly source: TrustSource
}

/** FORMAT.md 1: a trust file is at most 4 MiB, and one line feed. */
export const MAX_TRUST_BYTES = (4 << 20) + 1

/**
 * The trust file to judge by: `--trust`, `CINNABAR_TRUST`, the data folder's, the pinned one; undefined: there is none.
 * Says which one it is, and of any other pinned one that it differs.
 * @throws {@link CliError} `TRUST_INVALID`, and whatever keeps a named or pinned file from being read.
 */
export async function findTrust(context: Context, option: string | undefined): Promise<TrustFound | undefined> {
  const { env } = context.surroundings
  if (option !== undefined) return said(context, await readTrust(context, option, 'option'))
  if (env.CINNABAR_TRUST) return said(context, await readTrust(context, env.CINNABAR_TRUST, 'environment'))
  const data = await fromDataFolder(context)
  const pinned = await pinnedTrust(context)
  if (data && pinned && data.fingerprint !== pinned.fingerprint) {
    context.voice.note(context.texts.note.trustsDiffer(data.path, pinned.path))
  }
  return said(context, data ?? pinned)
}

/** The trust file pinned in the user's own settings, if any. @throws as {@link findTrust}. */
export function pinnedTrust(context: Context): Promise<TrustFound | undefined> {
  return ifThere(readTrust(context, pinnedTrustPath(context.surroundings), 'pinned'))
}

/**
 * Unless the user named the folder, it is one in the current folder, which may have come with the document: a trust
 * file there is taken only if it is a demonstration's, of which the verdict says that it proves nothing.
 */
async function fromDataFolder(context: Context): Promise<TrustFound | undefined> {
  const { surroundings, texts, voice } = context
  const found = await ifThere(readTrust(context, dataTrustPath(surroundings), 'data'))
  if (found === undefined || surroundings.env.CINNABAR_DATA || found.trust.demonstration) return found
  voice.note(texts.note.trustPassedOver(found.path))
  return undefined
}

async function ifThere(reading: Promise<TrustFound>): Promise<TrustFound | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof CliError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  }
}

async function readTrust({ surroundings }: Context, path: string, source: TrustSource): Promise<TrustFound> {
  const bytes = await readInput(path, MAX_TRUST_BYTES, surroundings)
  return { ...parsedTrust(bytes, path), path: resolve(surroundings.folder, path), source }
}

/** @throws {@link CliError} `TRUST_INVALID` unless it is a trust file. */
export function parsedTrust(bytes: Uint8Array, path: string): Pick<TrustFound, 'trust' | 'fingerprint'> {
  try {
    const trust = parseTrust(bytes)
    return { trust, fingerprint: TrustFormat.digest(trust) }
  } catch (cause) {
    if (cause instanceof CodedError) throw new CliError('TRUST_INVALID', { path, reason: cause.message }, cause)
    throw cause
  }
}

function said({ voice, texts }: Context, found: TrustFound | undefined): TrustFound | undefined {
  voice.note(
    found === undefined ? texts.note.trustNone : texts.note.trustUsed(found.source, found.path, found.fingerprint),
  )
  return found
}
