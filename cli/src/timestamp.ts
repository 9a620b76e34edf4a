import { randomBytes } from 'node:crypto'
import { buildTimestampRequest, readTimestampResponse, TimestampError } from '@cinnabar/core'
import { CliError } from './cli-error'
import { ask } from './gateway'

/** RFC 3161 3.4. */
const QUERY = 'application/timestamp-query'
const MAX_REPLY_BYTES = 256 << 10

/**
 * A token over a SHA-256 by the gateway's first authority; only the digest is sent.
 * @throws {@link CliError} `GATEWAY_*`, `PROBLEM`; `GATEWAY_ANSWER_INVALID` for a refusal or another's token.
 */
export async function timestampBy(url: string, imprint: Uint8Array): Promise<Uint8Array> {
  const request = buildTimestampRequest({ imprint, nonce: new Uint8Array(randomBytes(16)) })
  const body = { type: QUERY, bytes: request }
  const reply = await ask(url, { method: 'POST', path: '/tsa', body, maxBytes: MAX_REPLY_BYTES })
  try {
    return readTimestampResponse(reply, request)
  } catch (cause) {
    if (!(cause instanceof TimestampError)) throw cause
    throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `${cause.code}: ${cause.message}` }, cause)
  }
}
