import { Gate } from './gate'

function held() {
  const opening = new AbortController()
  const done = new Promise<void>((resolve) => opening.signal.addEventListener('abort', () => resolve()))
  return { done, open: () => opening.abort() }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the gate', () => {
  it('lets in what there is room for, and the next when one has gone', async () => {
    const gate = new Gate(10)
    const begun: string[] = []
    const [first, second] = [held(), held()]
    const enter = (name: string, weight: number, until: Promise<void>) =>
      gate.pass(weight, () => {
        begun.push(name)
        return until
      })
    const all = [enter('a', 6, first.done), enter('b', 4, second.done), enter('c', 1, Promise.resolve())]
    await turn()
    expect(begun).toEqual(['a', 'b'])
    second.open()
    await turn()
    expect(begun).toEqual(['a', 'b', 'c'])
    first.open()
    await Promise.all(all)
  })
  it('keeps the order: what is small does not overtake what is large', async () => {
    const gate = new Gate(10)
    const begun: number[] = []
    const first = held()
    const all = [5, 10, 1].map((weight) =>
      gate.pass(weight, () => {
        begun.push(weight)
        return weight === 5 ? first.done : Promise.resolve()
      }),
    )
    await turn()
    expect(begun).toEqual([5])
    first.open()
    await Promise.all(all)
    expect(begun).toEqual([5, 10, 1])
  })
  it('lets in alone what is larger than the room', async () => {
    expect(await new Gate(10).pass(11, async () => 'done')).toBe('done')
  })
  it('is free again after work that failed', async () => {
    const gate = new Gate(1)
    await expect(gate.pass(1, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError)
    expect(await gate.pass(1, async () => 'done')).toBe('done')
  })
})
