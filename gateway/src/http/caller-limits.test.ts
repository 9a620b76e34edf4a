import { admissionBy } from './caller-limits'

/** A watch that tests set. */
function watch() {
  let at = 0
  return { seconds: () => at, pass: (seconds: number) => (at += seconds) }
}

const refused = (code: string, retryAfterSeconds: number) =>
  expect.objectContaining({ code, details: expect.objectContaining({ retryAfterSeconds }) })

describe('admission', () => {
  it('lets a sixth of a minute come at once, then as many as the rate grants', () => {
    const { seconds, pass } = watch()
    const { enter } = admissionBy({ perMinute: 60, atOnce: 100 }, seconds)
    for (let i = 0; i < 10; i++) enter('lin')()
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 1))
    pass(2)
    for (let i = 0; i < 2; i++) enter('lin')()
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 1))
  })

  it('costs little however many addresses a stranger has, and still counts who stays', () => {
    const { enter } = admissionBy({ perMinute: 60, atOnce: 100 }, watch().seconds)
    const heapBefore = process.memoryUsage().heapUsed
    const costOf = (from: number, to: number) => {
      const before = process.cpuUsage()
      for (let i = from; i < to; i++) enter(`stranger ${i}`)()
      return process.cpuUsage(before).user
    }
    const [early, late] = [costOf(0, 50_000), costOf(250_000, 300_000)]
    // A look through all that are remembered, with every request, would cost thousands of times as much.
    expect(late).toBeLessThan(20 * Math.max(early, 50_000))
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(100 << 20)
    for (let i = 0; i < 10; i++) enter('lin')()
    for (let i = 0; i < 5000; i++) enter(`other ${i}`)()
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 1))
  })

  it('says how long to wait when the rate is low', () => {
    const { enter } = admissionBy({ perMinute: 2, atOnce: 100 }, watch().seconds)
    enter('lin')()
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 30))
  })

  it('never lets more come at once than that, however long nobody asked', () => {
    const { seconds, pass } = watch()
    const { enter } = admissionBy({ perMinute: 60, atOnce: 100 }, seconds)
    pass(3600)
    for (let i = 0; i < 10; i++) enter('lin')()
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 1))
  })

  it('refuses one more than may be under way, until one has ended; ending twice counts once', () => {
    const { enter } = admissionBy({ perMinute: 6000, atOnce: 2 }, watch().seconds)
    const leave = enter('lin')
    enter('lin')
    expect(() => enter('lin')).toThrow(refused('TOO_MANY_AT_ONCE', 1))
    leave()
    leave()
    enter('lin')
    expect(() => enter('lin')).toThrow(refused('TOO_MANY_AT_ONCE', 1))
  })

  it('counts callers apart', () => {
    const { enter } = admissionBy({ perMinute: 6, atOnce: 1 }, watch().seconds)
    enter('lin')
    expect(() => enter('lin')).toThrow(refused('RATE_LIMITED', 10))
    enter('wang')
  })

  it('forgets quiet callers once there are many, and nobody who is busy', () => {
    const { seconds, pass } = watch()
    const { enter } = admissionBy({ perMinute: 6, atOnce: 1 }, seconds)
    enter('lin')
    for (let i = 0; i < 10_000; i++) enter(`stranger ${i}`)()
    pass(11)
    enter('one more')
    expect(() => enter('lin')).toThrow(refused('TOO_MANY_AT_ONCE', 1))
  })
})
