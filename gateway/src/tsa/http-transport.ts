import { concat } from '@cinnabar/core'
import { TsaError } from './authority'
import type { TsaTransport } from './client'

/** How far an authority elsewhere is waited for and listened to. */
export interface HttpTransportOptions {
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number
}

/** A token with a chain takes 2 to 6 KB. */
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * RFC 3161 3.4: the request as `application/timestamp-query` to an http or https address; redirects are not followed.
 * The transport throws {@link TsaError} `TSA_UNAVAILABLE` (no answer in time, or status 408, 429 or 5xx), `TSA_REFUSED`
 * (another status), `TSA_INVALID` (another content type, or over 64 KiB).
 */
export function httpTransport(url: URL, { timeoutMs }: HttpTransportOptions): TsaTransport {
  return async (request) => {
    const response = await reaching(url, () =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: Buffer.from(request),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      }),
    )
    try {
      refuseUnlessReply(response)
      return await readAtMost(response, url)
    } finally {
      if (!response.bodyUsed) await response.body?.cancel()
    }
  }
}

async function reaching<T>(url: URL, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof TsaError) throw cause
    throw new TsaError('TSA_UNAVAILABLE', `${url.host} did not answer`, { host: url.host }, cause)
  }
}

function refuseUnlessReply({ status, headers }: Response): void {
  if (status !== 200) {
    const passing = status === 408 || status === 429 || status >= 500
    throw new TsaError(passing ? 'TSA_UNAVAILABLE' : 'TSA_REFUSED', `the authority answered ${status}`, { status })
  }
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase()
  if (type !== 'application/timestamp-reply') {
    throw new TsaError('TSA_INVALID', `expected application/timestamp-reply, got ${type ?? 'no type'}`)
  }
}

async function readAtMost(response: Response, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  await reaching(url, async () => {
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > MAX_ANSWER_BYTES) {
        throw new TsaError('TSA_INVALID', `an answer of over ${MAX_ANSWER_BYTES} bytes`, { limit: MAX_ANSWER_BYTES })
      }
      chunks.push(chunk)
    }
  })
  return concat(...chunks)
}
