import { utf8 } from '@cinnabar/core'
import { CliError } from './cli-error'

/** One request to a gateway. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Below the gateway's address, such as `/v1/trust`. */
  readonly path: string
  /** Sent as a bearer token; without it the request tells nothing of who asks. */
  readonly token?: string
  readonly body?: { readonly type: string; readonly bytes: Uint8Array }
  readonly idempotencyKey?: string
  /** `en` or `zh`: the language of refusals. */
  readonly language?: string
  /** A longer answer is refused. */
  readonly maxBytes: number
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 30_000
const MAX_PROBLEM_BYTES = 64 << 10

/**
 * Asks a gateway.
 * @param url - its address, without a slash at the end.
 * @returns the bytes of a 2xx answer.
 * @throws {@link CliError} `PROBLEM` for any other answer, with its RFC 9457 code, detail and status;
 * `GATEWAY_UNREACHABLE`; `GATEWAY_ANSWER_INVALID` when it is too long or leads elsewhere.
 */
export async function ask(url: string, asked: Asked): Promise<Uint8Array> {
  try {
    const response = await send(url, asked)
    const bytes = await readBody(url, response, response.ok ? asked.maxBytes : MAX_PROBLEM_BYTES)
    if (response.ok) return bytes
    throw problemOf(response.status, bytes)
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    throw new CliError('GATEWAY_UNREACHABLE', { url, reason: reasonOf(cause) }, cause)
  }
}

/** As {@link ask}, for an answer that is a JSON object. */
export async function askObject(
  url: string,
  asked: Omit<Asked, 'maxBytes'> & Partial<Pick<Asked, 'maxBytes'>>,
): Promise<Readonly<Record<string, unknown>>> {
  const found = objectFrom(await ask(url, { maxBytes: 1 << 20, ...asked }))
  if (found !== undefined) return found
  throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `${asked.method} ${asked.path}` })
}

/** A body of JSON. */
export function jsonBody(value: unknown): NonNullable<Asked['body']> {
  return { type: 'application/json', bytes: utf8(JSON.stringify(value)) }
}

/** Whether the gateway answered that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof CliError && error.code === 'PROBLEM' && error.details.status === 404
}

function send(url: string, { method, path, token, body, idempotencyKey, language, timeoutMs }: Asked) {
  return fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS),
    headers: {
      ...(language && { 'accept-language': language }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': body.type }),
      ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    },
    ...(body && { body: body.bytes as Uint8Array<ArrayBuffer> }),
  })
}

async function readBody(url: string, response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    length += read.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `more than ${maxBytes} bytes` })
    }
    parts.push(read.value)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** RFC 9457: `code` is ours, `detail` and `advice` are sentences for people. Something in between may answer in another form. */
function problemOf(status: number, bytes: Uint8Array): CliError {
  const { code, detail, title, advice } = objectFrom(bytes) ?? {}
  const sentence = [detail, title].find((one): one is string => typeof one === 'string') ?? ''
  const hint = typeof advice === 'string' ? advice : ''
  const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)
  return new CliError('PROBLEM', { status, code: known ? code : `HTTP_${status}`, detail: sentence, advice: hint })
}

/** The JSON object that the bytes are, if they are one. */
export function objectFrom(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Node's name for it, such as `ECONNREFUSED`; fetch hides it one or two levels down. */
export function reasonOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown }
  if (cause !== undefined) return reasonOf(cause)
  if (name === 'TimeoutError') return 'TIMEOUT'
  return typeof code === 'string' ? code : String(name)
}
