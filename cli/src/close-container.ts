import { randomBytes } from 'node:crypto'
import {
  buildTimestampRequest,
  type EvidenceContents,
  prepareEvidence,
  readTimestampResponse,
  sha256,
  TimestampError,
  writeEvidence,
} from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { ask } from './gateway'
import { tell } from './tell-error'

/** RFC 3161 3.4. */
const QUERY = 'application/timestamp-query'
const MAX_REPLY_BYTES = 256 << 10

/**
 * Evidence as an ASiC-E container, its time assertion by the gateway's authority: only the manifest's digest is sent.
 * Without an answer it is the same evidence without a time assertion, and that is said.
 * @throws EvidenceError as `writeEvidence` does.
 */
export async function closedContainer(context: Context, url: string, contents: EvidenceContents): Promise<Uint8Array> {
  const prepared = prepareEvidence(contents)
  try {
    const request = buildTimestampRequest({ imprint: sha256(prepared.manifest), nonce: randomBytes(16) })
    const body = { type: QUERY, bytes: request }
    const reply = await ask(url, { method: 'POST', path: '/tsa', body, maxBytes: MAX_REPLY_BYTES })
    return prepared.close(readTimestampResponse(reply, request))
  } catch (error) {
    if (!(error instanceof CliError) && !(error instanceof TimestampError)) throw error
    const why = error instanceof CliError ? tell(error, context.texts).sentence : error.message
    context.voice.note(context.texts.note.assertionMissing(why))
    return writeEvidence(contents)
  }
}
