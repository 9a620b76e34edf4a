import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { CodedError } from '@cinnabar/core'
import type { Config } from './config'
import { publishedKeys, requireUnpublished } from './keys/published'

/** `PORT_IN_USE`: another program listens there. `LISTEN_FAILED`: the address cannot be had, or the TLS files not used. */
export class ListenError extends CodedError<'PORT_IN_USE' | 'LISTEN_FAILED'> {}

/** An open port. */
export interface Listener {
  /** Where it is reached from this machine, without a final slash. */
  readonly url: string
  /** Hands requests over; until then they are answered 503. */
  attach(handler: RequestListener): void
  /** Takes no more requests; those under way have `graceMs` to finish. */
  close(graceMs: number): Promise<void>
}

const MAX_HEADERS_MS = 30_000

const starting: RequestListener = (_, response) => {
  const body = JSON.stringify({ type: 'about:blank', title: 'starting', status: 503, code: 'STARTING' })
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end(body)
}

/**
 * Takes the port before anything else is opened, so that a second start of the same service changes nothing.
 * @throws {@link ListenError}; {@link KeyError} `KEY_PUBLISHED` when the TLS key is one of `fixtures/`.
 */
export async function listenOn(config: Pick<Config, 'host' | 'port' | 'tls' | 'requestTimeoutMs'>): Promise<Listener> {
  let handler = starting
  const answers = openAnswers()
  const answer: RequestListener = (request, response) => {
    answers.add(response)
    handler(request, response)
  }
  const server = await serverFor(config, answer)
  // Whoever asks before sending a body is answered by the route: what it refuses is never sent.
  server.on('checkContinue', answer)
  // A client that takes longer to send a request is cut off; its headers are small and have less time.
  server.requestTimeout = config.requestTimeoutMs
  server.headersTimeout = Math.min(config.requestTimeoutMs, MAX_HEADERS_MS)
  await listening(server, config)
  const { port } = server.address() as AddressInfo
  return {
    url: `${config.tls === undefined ? 'http' : 'https'}://${hostOf(config.host)}:${port}`,
    attach: (next) => {
      handler = next
    },
    close: (graceMs) => {
      answers.last()
      return closing(server, graceMs)
    },
  }
}

/** How often it is looked for clients that take too long; Node's own 30 s would double short times. */
const CHECKING = { connectionsCheckingInterval: 2000 }

async function serverFor({ tls }: Pick<Config, 'tls'>, listener: RequestListener): Promise<Server> {
  if (tls === undefined) return createServer(CHECKING, listener)
  try {
    const [cert, key] = await Promise.all([readFile(tls.certificateFile), readFile(tls.keyFile)])
    const spki = new X509Certificate(cert).publicKey.export({ format: 'der', type: 'spki' })
    requireUnpublished(new Uint8Array(spki), await publishedKeys())
    return createTlsServer({ ...CHECKING, cert, key, minVersion: 'TLSv1.2' }, listener)
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw new ListenError('LISTEN_FAILED', 'CINNABAR_TLS_CERT and CINNABAR_TLS_KEY cannot be used', {}, cause)
  }
}

function listening(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED'
      reject(new ListenError(code, `cannot listen on ${host}:${port}: ${cause.message}`, { host, port }, cause))
    })
    server.listen({ host, port }, resolve)
  })
}

function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/**
 * Answers under way. Once the service stops, each is its connection's last: a client that keeps its connection would else
 * be cut off in the middle of its next request, not knowing what became of it.
 */
function openAnswers() {
  const open = new Set<ServerResponse>()
  let stopping = false
  const end = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('Connection', 'close')
    // It would go on for as long as there is something to tell; its reader asks again where it stopped.
    else if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) response.end()
  }
  return {
    add(response: ServerResponse) {
      open.add(response)
      response.once('close', () => open.delete(response))
      if (stopping) end(response)
    },
    last() {
      stopping = true
      for (const response of open) end(response)
    },
  }
}

/** Clients that keep a connection may be sending on it right now: it is closed behind its next answer, or after this. */
const LAST_REQUEST_MS = 1000

function closing(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setTimeout(() => server.closeIdleConnections(), Math.min(graceMs, LAST_REQUEST_MS))
    const late = setTimeout(() => server.closeAllConnections(), graceMs)
    // Not `server.close`, which closes idle connections at once.
    NetServer.prototype.close.call(server, () => {
      clearTimeout(idle)
      clearTimeout(late)
      resolve()
    })
  })
}
