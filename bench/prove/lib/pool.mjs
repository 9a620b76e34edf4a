import { cpus } from 'node:os'
import { parentPort, Worker, workerData } from 'node:worker_threads'

/** How often the watchdog looks. */
const LOOK_MS = 250

/**
 * Runs jobs `{ from, to, … }` on all cores, each item of a job under a deadline: a worker that does not come back from an item is
 * terminated, the item told to `onStuck`, and the rest of its job done by another worker.
 * @param script - of the worker: it calls {@link serve}.
 * @param options `data` is given to every worker; `onDone(result)` and `onStuck({ job, item })` are called here.
 */
export async function runJobs(script, jobs, { data, deadlineMs, onDone, onStuck, workers = cpus().length }) {
  const waiting = [...jobs]
  const lane = async () => {
    let one
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      one ??= started(script, data)
      const { result, stuckAt } = await one.run(job, deadlineMs)
      if (stuckAt === undefined) onDone(result, job)
      else {
        await one.end()
        one = undefined
        onStuck({ job, item: stuckAt })
        // What was done of the job went with the worker.
        waiting.unshift(
          ...[
            { ...job, to: stuckAt },
            { ...job, from: stuckAt + 1 },
          ].filter(({ from, to }) => from < to),
        )
      }
    }
    await one?.end()
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane))
}

function started(script, data) {
  // The item at work and when it was begun: memory that is read here even while the worker is busy for good.
  const beat = new Float64Array(new SharedArrayBuffer(16))
  const worker = new Worker(script, { workerData: { data, beat } })
  let settle
  worker.on('message', (result) => settle?.({ result }))
  worker.on('error', (error) => settle?.({ error }))
  worker.on('exit', (code) => settle?.({ error: new Error(`a worker ended with ${code}`) }))
  const run = async (job, deadlineMs) => {
    const settled = new Promise((resolve) => {
      settle = resolve
    })
    beat.fill(0)
    const look = setInterval(() => {
      const [item, began] = beat
      if (began > 0 && Date.now() - began > deadlineMs) settle({ stuckAt: item })
    }, LOOK_MS)
    worker.postMessage(job)
    const { error, ...outcome } = await settled
    clearInterval(look)
    if (error !== undefined) throw error
    return outcome
  }
  return { run, end: () => worker.terminate() }
}

/** The worker's side: `prepare(data)` gives `handle(job, begin)`, which calls `begin(item)` before each item of the job. */
export function serve(prepare) {
  const { data, beat } = workerData
  const ready = prepare(data)
  const begin = (item) => {
    beat[0] = item
    beat[1] = Date.now()
  }
  parentPort.on('message', async (job) => {
    const handle = await ready
    const result = await handle(job, begin)
    beat[1] = 0
    parentPort.postMessage(result)
  })
}
