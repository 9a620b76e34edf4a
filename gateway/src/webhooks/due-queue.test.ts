import { DueQueue } from './due-queue'

const drained = (queue: DueQueue, now: number) => {
  const ids: string[] = []
  for (let id = queue.take(now); id !== undefined; id = queue.take(now)) ids.push(id)
  return ids
}

describe('a queue of what is due', () => {
  it('gives what is due, the earliest first, and nothing else', () => {
    const queue = new DueQueue()
    const times = Array.from({ length: 500 }, (_, i) => (i * 7919) % 1009)
    times.forEach((at, i) => {
      queue.put(`${i}`, at)
    })
    const due = times.flatMap((at, i) => (at <= 500 ? [{ at, id: `${i}` }] : [])).sort((a, b) => a.at - b.at)
    expect(drained(queue, 500)).toEqual(due.map(({ id }) => id))
    expect(queue.size).toBe(500 - due.length)
    expect(queue.nextAt()).toBe(Math.min(...times.filter((at) => at > 500)))
  })

  it('moves what is put again, and forgets what is deleted', () => {
    const queue = new DueQueue()
    queue.put('a', 5)
    queue.put('b', 3)
    queue.put('a', 1)
    queue.put('c', 2)
    queue.delete('c')
    expect([queue.size, queue.nextAt()]).toEqual([2, 1])
    expect(drained(queue, 10)).toEqual(['a', 'b'])
    expect([queue.size, queue.nextAt()]).toEqual([0, undefined])
  })

  it('stays small however often one thing is moved', () => {
    const queue = new DueQueue()
    queue.put('early', 0)
    for (let i = 1; i < 100_000; i++) queue.put('a', i)
    const began = performance.now()
    expect(drained(queue, 1e9)).toEqual(['early', 'a'])
    expect(performance.now() - began).toBeLessThan(50)
  })

  it('lets nothing wait longer than it is told', () => {
    const queue = new DueQueue()
    queue.put('later', 1e12)
    queue.put('soon', 5)
    queue.clamp(10)
    expect(drained(queue, 10)).toEqual(['soon', 'later'])
  })
})
