import { firstAnswer } from './first-answer'

const never = new Promise<undefined>(() => undefined)

/** Asks `ways` by name; each way's answer is a promise. @returns the outcome, who was asked and who was late. */
async function asked(ways: Readonly<Record<string, () => Promise<{ readonly by: string } | undefined>>>) {
  const order: string[] = []
  const late: string[] = []
  const attempt = (way: string) => {
    order.push(way)
    return ways[way]()
  }
  const answer = await firstAnswer(Object.keys(ways), attempt, { patienceMs: 30, onLate: (way) => late.push(way) })
  return { answer, order, late }
}
const answer = (by: string) => async () => ({ by })
const failure = async () => undefined
const after = (ms: number, by: string) => async () => {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return { by }
}

describe('the first answer', () => {
  it('is the first way`s, and no other is asked, when that answers in time', async () => {
    expect(await asked({ a: answer('a'), b: answer('b') })).toEqual({ answer: { by: 'a' }, order: ['a'], late: [] })
  })

  it('is the next way`s at once when the first fails', async () => {
    expect(await asked({ a: failure, b: answer('b') })).toEqual({ answer: { by: 'b' }, order: ['a', 'b'], late: [] })
  })

  it('is the next way`s when the first hangs, which is named', async () => {
    const ways = { a: () => never, b: () => never, c: answer('c') }
    expect(await asked(ways)).toEqual({ answer: { by: 'c' }, order: ['a', 'b', 'c'], late: ['a', 'b'] })
  })

  it('may still be that of one that was late', async () => {
    expect(await asked({ a: after(60, 'a'), b: failure, c: () => never })).toMatchObject({ answer: { by: 'a' } })
  })

  it('is none when every way fails, late ones included', async () => {
    const slow = async () => {
      await after(60, '')()
      return undefined
    }
    expect(await asked({ a: slow, b: failure })).toEqual({ answer: undefined, order: ['a', 'b'], late: ['a'] })
    expect(await asked({})).toMatchObject({ answer: undefined })
  })

  it('ends with what a way throws', async () => {
    const refuse = () => Promise.reject(Object.assign(new Error('no'), { code: 'REFUSED' }))
    await expect(asked({ a: failure, b: refuse, c: answer('c') })).rejects.toMatchObject({ code: 'REFUSED' })
  })
})
