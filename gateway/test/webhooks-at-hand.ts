import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { secretBox } from '../src/keys/secret-box'
import type { Surroundings } from '../src/notarize/ports'
import { peopleEvents } from '../src/people/people-events'
import { webhookTargets } from '../src/webhooks/target'
import { openWebhooks, type Webhooks, type WebhooksParts } from '../src/webhooks/webhooks'

/** Webhooks that may go to receivers on this machine. */
export function openTestWebhooks(
  { store, clock, ledger }: Pick<Surroundings, 'store' | 'clock' | 'ledger'>,
  onFailure: (error: unknown) => void,
  other: Partial<WebhooksParts> = {},
): Promise<Webhooks> {
  return openWebhooks({
    ...{ store, clock, ledger, onFailure },
    events: peopleEvents(store, clock, () => undefined),
    secrets: secretBox(new Uint8Array(32)),
    sending: { targets: webhookTargets(['127.0.0.1', '::1'], noNames), timeoutMs: 1000 },
    keptDays: 30,
    ...other,
  })
}

/** Tests ask nobody outside. */
async function noNames(host: string): Promise<never> {
  throw Object.assign(new Error(`queryA ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall: 'queryA' })
}

/** One request as a receiver got it. */
export interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of webhooks that listens on this machine. */
export interface Receiver {
  readonly url: string
  readonly got: Got[]
  /** What it answers with from now on. */
  answer: (got: Got, count: number) => { readonly status: number; readonly headers?: Record<string, string> }
  readonly server: Server
  /** Resolves when it has got so many. */
  until(count: number): Promise<readonly Got[]>
  close(): Promise<void>
}

/** Listens on a free port, and takes everything. */
export async function startReceiver(server: Server = createServer()): Promise<Receiver> {
  const got: Got[] = []
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
    const { status, headers = {} } = receiver.answer(got[got.length - 1], got.length)
    response.writeHead(status, headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    got,
    server,
    answer: () => ({ status: 204 }),
    async until(count) {
      for (let turn = 0; got.length < count; turn++) {
        if (turn === 500) throw new Error(`a receiver got ${got.length} of ${count}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return got
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
