import { readdir, readFile } from 'node:fs/promises'

/** Memory of a process and all that it started, as Linux counts it: resident pages, shared ones in each process that has them. */
export interface MemoryWatch {
  /** Most resident bytes of all of them together at one moment. */
  readonly peakBytes: number
  /** What each had then, by process id. */
  readonly parts: ReadonlyMap<number, number>
  /** Looks so far. */
  readonly looks: number
}

const EVERY_MS = 20

/** Sums up resident memory every 20 ms while the work goes on. */
export async function peakMemory<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly memory: MemoryWatch }> {
  let memory: MemoryWatch = { peakBytes: 0, parts: new Map(), looks: 0 }
  let looking: Promise<void> = Promise.resolve()
  const look = async () => {
    const parts = await residentOf(pid)
    const sum = [...parts.values()].reduce((a, b) => a + b, 0)
    const looks = memory.looks + 1
    memory = sum > memory.peakBytes ? { peakBytes: sum, parts, looks } : { ...memory, looks }
  }
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, EVERY_MS)
  try {
    const result = await work()
    await looking.then(look)
    return { result, memory }
  } finally {
    clearInterval(timer)
  }
}

/** Resident bytes of a process and its descendants; one that ends meanwhile is left out. */
export async function residentOf(pid: number): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  const waiting = [pid]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const status = await textOf(`/proc/${next}/status`)
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
    if (kilobytes > 0) found.set(next, kilobytes * 1024)
    const tasks = await readdir(`/proc/${next}/task`).catch(() => [])
    const children = await Promise.all(tasks.map((task) => textOf(`/proc/${next}/task/${task}/children`)))
    waiting.push(...children.flatMap((text) => text.split(' ').filter(Boolean).map(Number)))
  }
  return found
}

function textOf(path: string): Promise<string> {
  // A process may be gone by now.
  return readFile(path, 'utf8').catch(() => '')
}
