import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** What the service answered. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** One request of the HTTP API. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/** A user of the service who keeps connections open; `fetch` takes three times the CPU, on which the service lives, too. */
export interface Caller {
  /** @throws Error when no answer came. */
  ask(call: Call): Promise<Answer>
  /**
   * Asks until there is an answer that is not 503 or 429: what a careful client does while a service restarts.
   * @throws Error after {@link Caller.close}.
   */
  insist(call: Call): Promise<Answer>
  close(): void
}

const TIMEOUT_MS = 15_000
const AGAIN_MS = 300
const BUSY: readonly number[] = [429, 503]

/** @param token - of the user's session. */
export function newCaller(url: string, token: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ask = (call: Call) => exchange(url, token, { agent, call })
  let closed = false
  return {
    ask,
    async insist(call) {
      for (;;) {
        if (closed) throw new Error('nobody waits for an answer any more')
        // No answer: the service is away, and comes back.
        const answer = await ask(call).catch(() => undefined)
        if (answer !== undefined && !BUSY.includes(answer.status)) return answer
        await wait(AGAIN_MS)
      }
    },
    close() {
      closed = true
      agent.destroy()
    },
  }
}

function exchange(url: string, token: string, { agent, call }: { agent: Agent; call: Call }): Promise<Answer> {
  const { method, path, headers, body } = call
  return new Promise((resolve, reject) => {
    const options = { method, agent, timeout: TIMEOUT_MS, headers: { authorization: `Bearer ${token}`, ...headers } }
    const sent = request(`${url}${path}`, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.once('error', reject)
      response.once('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) })
        } catch (error) {
          reject(error)
        }
      })
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.once('error', reject)
    sent.end(body)
  })
}
