import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Checks } from './checks'
import { Lane, type LaneOptions } from './lane'
import { checksBy } from './perform'

/** Beside this file once both are compiled. */
const WORKER_FILE = join(__dirname, 'worker.js')
/** A real contract takes under 50. */
const MEMORY_MB = 512
const MAX_WAITING = 8

/** {@link Checks} in two processes, so that strangers' files never keep users from theirs. */
export function checksInWorkers(options: Pick<LaneOptions, 'timeoutMs'> & Partial<LaneOptions>): Checks {
  const all = { workerFile: WORKER_FILE, memoryMb: MEMORY_MB, maxWaiting: MAX_WAITING, ...options }
  const [strangers, users] = [new Lane(all), new Lane(all)]
  return checksBy(
    {
      strangers: (task, input) => strangers.run(task, input),
      users: (task, input) => users.run(task, input),
      acknowledged: (task, input) => users.runInAnyCase(task, input),
    },
    async () => {
      await Promise.all([strangers.close(), users.close()])
    },
  )
}

/** Whether there is a compiled worker; sources that run as they are have none. */
export function workersAreBuilt(): boolean {
  return existsSync(WORKER_FILE)
}
