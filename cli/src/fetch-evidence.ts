import { MAX_EVIDENCE_BYTES } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { ask, isNotFound } from './gateway'
import { tell } from './tell-error'
import { whileWaiting } from './wait'

/** What a gateway gave for the seals of a file. */
export interface Fetched {
  readonly containers: readonly { readonly id: string; readonly bytes: Uint8Array }[]
  /** The gateway knows no evidence for these. */
  readonly unknown: readonly string[]
  /** Why it could not be asked, or gave no proper answer, if so: the others were not asked for any more. */
  readonly failure?: CliError
}

/** A file with more signatures than this was made to keep a gateway busy. */
const MAX_IDS = 500

/**
 * Fetches the evidence of each SealSignature, and says what it sends: the ids, which stand in the file, and nothing else.
 * Never throws for what the network or the gateway does.
 */
export async function fetchEvidence(
  context: Context,
  url: string,
  ids: readonly string[],
  asking = context.texts.note.askingEvidence,
): Promise<Fetched> {
  const { note } = context.voice
  const wanted = [...new Set(ids)].slice(0, MAX_IDS)
  const containers: { id: string; bytes: Uint8Array }[] = []
  const unknown: string[] = []
  note(asking(url, wanted.length))
  try {
    for (const [position, id] of wanted.entries()) {
      const what = context.texts.note.fetching(position + 1, wanted.length)
      const bytes = await whileWaiting(context, what, evidenceOf(url, id))
      if (bytes === undefined) unknown.push(id)
      else containers.push({ id, bytes })
    }
  } catch (failure) {
    if (failure instanceof CliError) return { containers, unknown, failure }
    throw failure
  }
  return { containers, unknown }
}

async function evidenceOf(url: string, id: string): Promise<Uint8Array | undefined> {
  try {
    return await ask(url, {
      method: 'GET',
      path: `/v1/evidence/${encodeURIComponent(id)}`,
      maxBytes: MAX_EVIDENCE_BYTES,
    })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Says, without ending the command, what is missing and why. */
export function noteMissing(context: Context, { unknown, failure }: Fetched): void {
  const { note } = context.voice
  if (unknown.length > 0) note(context.texts.note.evidenceUnknown(unknown))
  if (failure !== undefined) note(context.texts.note.withoutEvidence(tell(failure, context.texts).sentence))
}
