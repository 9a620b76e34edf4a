import type { Surroundings } from '../src/notarize/ports'

/** What stops at the n-th durable step: before it is done, or after it, when its answer is lost. */
export type Moment = 'before' | 'after'

/** What whoever waited for the dead process meets. */
export class Crash extends Error {}

/** The durable steps: all that is written anywhere. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  store: ['insert', 'replace', 'insertMany', 'remove'],
  files: ['put', 'extend'],
  ledger: ['append'],
}

/** The surroundings of a process that dies at its n-th durable step: from then on nothing that it does has any effect. */
export function dyingAt(env: Surroundings, step: number, moment: Moment) {
  const process = { steps: 0, dead: false, died: Promise.resolve() }
  const die = new Promise<() => void>((started) => {
    process.died = new Promise((resolve) => started(resolve))
  })
  const guard = <T extends object>(target: T, writes: readonly string[]): T =>
    new Proxy(target, {
      get(found, key) {
        const value = Reflect.get(found, key)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (process.dead) throw new Crash()
          const mine = writes.includes(String(key)) && ++process.steps === step
          if (mine) {
            process.dead = true
            ;(await die)()
          }
          if (mine && moment === 'before') throw new Crash()
          const result = await value.apply(found, args)
          if (process.dead) throw new Crash()
          return result
        }
      },
    })
  const follow = env.ledger.follow.bind(env.ledger)
  const ledger = guard(env.ledger, WRITES.ledger)
  const dying: Surroundings = {
    ...env,
    store: guard(env.store, WRITES.store),
    files: guard(env.files, WRITES.files),
    ledger: new Proxy(ledger, { get: (found, key) => (key === 'follow' ? follow : Reflect.get(found, key)) }),
  }
  return { dying, process }
}
