import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { CodedError, GLOBAL_IPV6, SPECIAL_NETWORKS } from '@cinnabar/core'

/** Why nothing was fetched. */
export type AskFailure =
  /** Neither http nor https, with a password in it, or too long. */
  | 'URL_REFUSED'
  /** It leads to an address that is none of the internet. */
  | 'ADDRESS_REFUSED'
  | 'NAME_UNKNOWN'
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'TIMEOUT'
  /** More often than is followed, or where it may not be. */
  | 'REDIRECTED'
  /** Another status than 200. */
  | 'STATUS'
  | 'TOO_LARGE'

/** What kept an address named by a certificate from being read. */
export class AskError extends CodedError<AskFailure> {
  constructor(code: AskFailure, details: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(code, code, details, cause)
  }
}

/** An address to connect to. */
export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** What is asked, and how far. */
export interface PublicQuestion {
  /** Sent by POST; without it the request is a GET. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array }
  readonly accept: string
  /** A longer answer is refused, and no more of it is read. */
  readonly maxBytes: number
  /** From the name to the answer's last byte, redirections included; 15 s unless given. */
  readonly timeoutMs?: number
  /** Which addresses may be connected to; those of the internet unless given. */
  readonly mayGo?: (address: Address) => boolean
}

const TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3
const MAX_URL = 2000
const MAX_HEADER_BYTES = 16 << 10

const special = listOf([...SPECIAL_NETWORKS.ipv4, ...SPECIAL_NETWORKS.ipv6])
const global6 = listOf([GLOBAL_IPV6])

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Whether it is an address of the internet, and not of one's own machine or network. */
export function isPublic({ address, family }: Address): boolean {
  const isSpecial = special.check(address, `ipv${family}`)
  return !isSpecial && (family === 4 || global6.check(address, 'ipv6'))
}

/**
 * Reads what an address serves that a file named: by http or https, from addresses of the internet alone. The connection goes to the very
 * address that was checked. A GET follows three redirections, each of them checked alike; a POST none.
 * @throws {@link AskError}
 */
export async function askPublic(url: string, question: PublicQuestion): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(question.timeoutMs ?? TIMEOUT_MS)
  let at = checkedUrl(url)
  try {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await sent(at, question, await addressesOf(at, question.mayGo ?? isPublic, signal), signal)
      const next = redirection(answer, at)
      if (next === undefined) return await bodyOf(answer, question.maxBytes)
      answer.destroy()
      if (question.body !== undefined) throw new AskError('REDIRECTED')
      at = next
    }
  } catch (cause) {
    throw failureOf(cause, signal)
  }
  throw new AskError('REDIRECTED')
}

function checkedUrl(text: string): URL {
  const url = text.length <= MAX_URL && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new AskError('URL_REFUSED')
  if (url.username + url.password !== '') throw new AskError('URL_REFUSED')
  return url
}

/** Every one of them must be allowed: else the one that is taken would be a matter of luck. */
async function addressesOf(
  { hostname }: URL,
  mayGo: (address: Address) => boolean,
  signal: AbortSignal,
): Promise<readonly Address[]> {
  const literal = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const found: readonly Address[] =
    family === 0 ? await looked(hostname, signal) : [{ address: literal, family: family === 6 ? 6 : 4 }]
  if (found.length === 0 || !found.every(mayGo)) throw new AskError('ADDRESS_REFUSED')
  return found
}

/** A resolver cannot be stopped; it is not waited for. */
function looked(hostname: string, signal: AbortSignal): Promise<readonly Address[]> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    lookup(hostname, { all: true, verbatim: true }).then(
      (found) => resolve(found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))),
      reject,
    )
  })
}

function sent(
  url: URL,
  { body, accept }: PublicQuestion,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asked = start(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Accept: accept,
        'User-Agent': 'Cinnabar/1',
        ...(body && { 'Content-Type': body.type, 'Content-Length': body.bytes.length }),
      },
      // A connection of its own, to an address that was checked for this very request.
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      lookup: (_, options, found) => {
        if (options.all === true) found(null, [...addresses])
        else found(null, addresses[0].address, addresses[0].family)
      },
    })
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.end(body?.bytes)
  })
}

function redirection({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const to = headers.location ?? ''
  if (!URL.canParse(to, from.href)) throw new AskError('REDIRECTED')
  return checkedUrl(new URL(to, from.href).href)
}

async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  try {
    if (answer.statusCode !== 200) throw new AskError('STATUS', { status: answer.statusCode ?? 0 })
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of answer) {
      bytes += (part as Buffer).length
      if (bytes > maxBytes) throw new AskError('TOO_LARGE', { maxBytes })
      parts.push(part as Buffer)
    }
    return new Uint8Array(Buffer.concat(parts))
  } finally {
    answer.destroy()
  }
}

function failureOf(cause: unknown, signal: AbortSignal): AskError {
  if (cause instanceof AskError) return cause
  if (signal.aborted) return new AskError('TIMEOUT', {}, cause)
  const { code = '', syscall } = cause as { readonly code?: string; readonly syscall?: string }
  if (syscall === 'getaddrinfo') return new AskError('NAME_UNKNOWN', {}, cause)
  return new AskError(/TLS|SSL|CERT|SIGNED|ISSUER|VERIFY/.test(code) ? 'TLS_FAILED' : 'CONNECTION_FAILED', {}, cause)
}
