import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as the double saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** What the double answers to one request. */
export interface Reply {
  readonly status: number
  readonly type?: string
  readonly body?: Uint8Array | string
  readonly headers?: Readonly<Record<string, string>>
  /** Closes the connection instead. */
  readonly hangUp?: boolean
}

/** Replies by `METHOD /path`, each a list that is gone through; the last one stays. */
export type Script = Readonly<Record<string, Reply | readonly Reply[] | ((seen: Seen) => Reply | Promise<Reply>)>>

/** A test double of the gateway: a real HTTP server on loopback that answers the documented routes from a script. */
export interface GatewayDouble {
  readonly url: string
  readonly seen: readonly Seen[]
  close(): Promise<void>
}

export async function gatewayDouble(script: Script): Promise<GatewayDouble> {
  const seen: Seen[] = []
  const counts = new Map<string, number>()
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { method = '', url = '', headers } = request
    const one: Seen = { method, path: url, headers, body: Buffer.concat(parts) }
    seen.push(one)
    const key = `${method} ${url.split('?')[0]}`
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    answer(response, await replyFor(script[key], one, count))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function replyFor(scripted: Script[string] | undefined, seen: Seen, count: number): Reply | Promise<Reply> {
  if (scripted === undefined) return problem(404, 'ROUTE_UNKNOWN', 'there is no such route')
  if (typeof scripted === 'function') return scripted(seen)
  const list: readonly Reply[] = Array.isArray(scripted) ? scripted : [scripted]
  return list[Math.min(count, list.length - 1)]
}

function answer(response: ServerResponse, { status, type, body, headers, hangUp }: Reply): void {
  if (hangUp) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'content-type': type ?? 'application/octet-stream', ...headers })
  response.end(body)
}

/** An answer in JSON. */
export function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

/** A refusal as RFC 9457 has it. */
export function problem(status: number, code: string, detail: string, advice?: string): Reply {
  const body = JSON.stringify({ type: `urn:cinnabar:problem:${code}`, status, code, detail, advice })
  return { status, type: 'application/problem+json', body }
}
