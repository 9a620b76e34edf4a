import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { stopwatch } from '../clock'
import type { Resolved } from './resolver'
import type { Targets } from './target'
import { WebhookError } from './webhook-error'

/** Why an attempt failed. */
export type SendFailure =
  /** The name leads to an address that nothing may be sent to. */
  | 'ADDRESS_REFUSED'
  | 'NAME_UNKNOWN'
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'TIMEOUT'
  /** Redirections are not followed: they would lead where nobody looked. */
  | 'REDIRECTED'
  /** The receiver answered with another status than 200 to 299. */
  | 'STATUS'

/** What became of an attempt. */
export interface SendOutcome {
  readonly ms: number
  readonly status?: number
  /** Absent where the receiver took it. */
  readonly code?: SendFailure
}

/** What is sent where. */
export interface Message {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How messages are sent. */
export interface SendOptions {
  readonly targets: Targets
  /** From the name to the end of the answer; 10 s unless given. */
  readonly timeoutMs?: number
  /** PEM of further CAs that receivers' certificates may be from. */
  readonly ca?: string
  readonly stop: AbortSignal
}

const TIMEOUT_MS = 10_000
const MAX_HEADER_BYTES = 16 << 10
/** What a receiver says is of no use to anybody here: so much of it is read, so that it sees a good end, and dropped. */
const MAX_ANSWER_BYTES = 64 << 10

/** Sends once. Whatever the receiver does, this resolves; it rejects only when `stop` comes first. */
export async function send(message: Message, options: SendOptions): Promise<SendOutcome> {
  const took = stopwatch()
  const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = AbortSignal.any([deadline, options.stop])
  const done = (outcome: Omit<SendOutcome, 'ms'>): SendOutcome => ({ ...outcome, ms: Math.round(took() * 1000) })
  try {
    const url = new URL(message.url)
    const addresses = await orAborted(options.targets.resolve(url), signal)
    const status = await post(url, message, { addresses, signal, ca: options.ca })
    if (status === undefined) return done({ code: deadline.aborted ? 'TIMEOUT' : 'CONNECTION_FAILED' })
    const code = status >= 200 && status < 300 ? undefined : status >= 300 && status < 400 ? 'REDIRECTED' : 'STATUS'
    return done({ status, ...(code && { code }) })
  } catch (cause) {
    if (options.stop.aborted) throw cause
    return done({ code: deadline.aborted ? 'TIMEOUT' : failureOf(cause) })
  }
}

/** A resolver cannot be stopped; it is not waited for. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

interface Way {
  /** Checked: the connection goes to one of these, and no name is asked for again. */
  readonly addresses: readonly Resolved[]
  readonly signal: AbortSignal
  readonly ca: string | undefined
}

/** @returns the status; undefined when the connection ended without one. */
function post(url: URL, { headers, body }: Message, { addresses, signal, ca }: Way): Promise<number | undefined> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = start(url, {
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Cinnabar-Webhooks/1',
      },
      // A connection of its own: none that another message opened to an address since refused.
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      lookup: (_, options, found) => {
        if (options.all === true) found(null, [...addresses])
        else found(null, addresses[0].address, addresses[0].family)
      },
      ...(ca !== undefined && { ca }),
    })
    let isAnswered = false
    sent.on('response', (answer) => {
      isAnswered = true
      const say = () => resolve(answer.statusCode ?? 0)
      // The status is the receiver's word; how its answer ends after that changes nothing.
      drained(answer).then(say, say)
    })
    // 101 is an end of HTTP that nobody asked for.
    sent.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      resolve(statusCode)
    })
    sent.on('error', reject)
    // Not every end is an error to Node; whatever the receiver does, this ends with the connection.
    sent.on('close', () => {
      if (!isAnswered) resolve(undefined)
    })
    sent.end(body)
  })
}

async function drained(answer: IncomingMessage): Promise<void> {
  let bytes = 0
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length
    // Leaving the loop closes the connection.
    if (bytes > MAX_ANSWER_BYTES) return
  }
}

function failureOf(cause: unknown): SendFailure {
  if (cause instanceof WebhookError) return 'ADDRESS_REFUSED'
  const { code = '', syscall } = cause as { readonly code?: string; readonly syscall?: string }
  if (syscall === 'getaddrinfo' || syscall?.startsWith('query')) return 'NAME_UNKNOWN'
  return /TLS|SSL|CERT|SIGNED|ISSUER|VERIFY/.test(code) ? 'TLS_FAILED' : 'CONNECTION_FAILED'
}
