import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, Caller } from './caller'
import { watchEnds } from './watch'

/** One document's way through the service, with times in ms of `performance.now()`. */
export interface Sealing {
  readonly user: string
  readonly sentAt: number
  document?: string
  /** The job that the service acknowledged. */
  job?: string
  acknowledgedAt?: number
  /** When the job was seen to have ended, and how. */
  endedAt?: number
  state?: string
  sealSignature?: string
  /** What was answered instead of a job. */
  refused?: string
}

/** Documents that arrive at a steady pace, whatever becomes of those before them. */
export interface Load {
  readonly sealings: readonly Sealing[]
  /** No more documents arrive; resolves when each has its answer and each acknowledged job its end. */
  finish(timeoutMs: number): Promise<void>
  /** Ends it all at once. */
  stop(): void
}

/** What arrives, how often, and for whom. */
export interface LoadOptions {
  /** By user; documents go to them in turn. */
  readonly callers: ReadonlyMap<string, Caller>
  readonly perSecond: number
  readonly paper: (index: number) => Uint8Array
}

const SEAL = 'official'

/** Starts the arrivals: open loop, each at its own time. */
export function startLoad({ callers, perSecond, paper }: LoadOptions): Load {
  const users = [...callers.keys()]
  const sealings: Sealing[] = []
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  const watch = watchEnds(callers)
  // Arrivals that a busy driver missed come at once: the pace is of the whole, not from one to the next.
  const timer = setInterval(() => {
    while (sealings.length < ((performance.now() - began) / 1000) * perSecond) {
      const index = sealings.length
      const user = users[index % users.length]
      const sealing: Sealing = { user, sentAt: performance.now() }
      sealings.push(sealing)
      const caller = callers.get(user)
      if (caller === undefined) throw new Error(`nobody calls for ${user}`)
      const sent = send(caller, sealing, paper(index))
        .catch((error: Error) => {
          sealing.refused = error.message
        })
        .then(() => {
          underWay.delete(sent)
          if (sealing.job !== undefined) watch.add(sealing)
        })
      underWay.add(sent)
    }
  }, 5)
  const waiting = () => underWay.size + watch.waiting()
  const stop = () => {
    clearInterval(timer)
    watch.stop()
  }
  return {
    sealings,
    stop,
    async finish(timeoutMs) {
      clearInterval(timer)
      const until = performance.now() + timeoutMs
      while (waiting() > 0 && performance.now() < until) await wait(50)
      stop()
    },
  }
}

/** Uploads, then asks for the seal under one key until there is an answer. */
async function send(caller: Caller, sealing: Sealing, pdf: Uint8Array): Promise<void> {
  const uploaded = await caller.insist({
    method: 'POST',
    path: '/v1/documents',
    headers: { 'content-type': 'application/pdf' },
    body: pdf,
  })
  if (uploaded.status !== 201) return refuse(sealing, uploaded)
  const answer = await requestSeal(caller, String(uploaded.body.id))
  if (answer.status !== 202 && answer.status !== 200) return refuse(sealing, answer)
  sealing.document = String(uploaded.body.id)
  sealing.job = String(answer.body.id)
  sealing.acknowledgedAt = performance.now()
}

async function requestSeal(caller: Caller, document: string): Promise<Answer> {
  for (;;) {
    const answer = await caller.insist({
      method: 'POST',
      path: `/v1/documents/${document}/seal-signatures`,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ seal: SEAL }),
    })
    // The service stopped between taking the request and acknowledging it, and says so: it is asked anew.
    if (answer.body.code !== 'REQUEST_INTERRUPTED') return answer
  }
}

function refuse(sealing: Sealing, { status, body }: Answer): void {
  sealing.refused = `${status} ${body.code ?? ''}`
}
