import { setTimeout as wait } from 'node:timers/promises'
import type { Caller } from './caller'
import type { Sealing } from './load'

const ENDED: readonly unknown[] = ['anchored', 'refused', 'failed']
/** How often it looks, ms: gaps are known as exactly as that. */
const EVERY_MS = 50
/** Jobs of a user looked at in one go: those acknowledged first end first, mostly. */
const AT_ONCE = 8

/** Notes when acknowledged jobs end, without asking for each one all the time. */
export interface Watch {
  add(sealing: Sealing): void
  waiting(): number
  stop(): void
}

export function watchEnds(callers: ReadonlyMap<string, Caller>): Watch {
  const waiting = new Map([...callers.keys()].map((user) => [user, [] as Sealing[]]))
  let stopped = false
  const follow = async (user: string, caller: Caller) => {
    const jobs = waiting.get(user) ?? []
    while (!stopped) {
      const looked = spread(jobs)
      await Promise.all(looked.map((one) => look(caller, one)))
      const ended = looked.filter(({ endedAt }) => endedAt !== undefined)
      for (const one of ended) jobs.splice(jobs.indexOf(one), 1)
      if (ended.length < looked.length || looked.length === 0) await wait(EVERY_MS)
    }
  }
  for (const [user, caller] of callers) void follow(user, caller)
  return {
    add: (sealing) => void waiting.get(sealing.user)?.push(sealing),
    waiting: () => [...waiting.values()].reduce((sum, jobs) => sum + jobs.length, 0),
    stop() {
      stopped = true
    },
  }
}

/** The first ones, and the middle one and the last: one that is stuck must not hide the others. */
function spread(jobs: readonly Sealing[]): readonly Sealing[] {
  const more = [jobs[jobs.length >> 1], jobs[jobs.length - 1]].filter((one) => one !== undefined)
  return [...new Set([...jobs.slice(0, AT_ONCE), ...more])]
}

async function look(caller: Caller, sealing: Sealing): Promise<void> {
  // While the service is down it has nothing to say of any job.
  const answer = await caller.ask({ method: 'GET', path: `/v1/jobs/${sealing.job}` }).catch(() => undefined)
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return
  const { state, code, sealSignature } = answer.body
  if (answer.status === 200 && !ENDED.includes(state)) return
  sealing.endedAt = performance.now()
  sealing.state = answer.status === 200 ? [state, code].filter(Boolean).join(' ') : `${answer.status} ${code}`
  sealing.sealSignature = typeof sealSignature === 'string' ? sealSignature : undefined
}
