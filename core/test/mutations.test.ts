import { type MutationRun, mutatorOf } from '../src/testing/mutation-run'
import { mutationSample } from '../src/testing/mutation-sample'
import { given } from './verify-cases'

const COUNT = 2400

/** By kind: how many mutants, how many different findings, and the share of the most frequent one. */
function spread({ findings }: MutationRun, kind: string) {
  const own = [...findings].filter(([found]) => found.startsWith(`${kind} `)).map(([, times]) => times)
  const all = own.reduce((sum, times) => sum + times, 0)
  return { all, different: own.length, most: Math.max(...own) / all }
}

describe('what was mutated', () => {
  it(`is never passed, never crashes, is judged soon, and reads as it is written: ${COUNT} of fixed seeds`, async () => {
    const { run, mutant } = mutatorOf(await mutationSample(given().world))
    const done = await run(
      Array.from({ length: COUNT }, (_, i) => i + 1),
      () => performance.now(),
    )
    expect(done.faults).toEqual([])
    expect(done.tried).toBe(COUNT)
    for (const kind of ['PDF', 'PDF, LTA', 'CMS', 'token', 'receipt', 'evidence']) {
      const { all, different, most } = spread(done, kind)
      expect({ kind, all }).toEqual({ kind, all: COUNT / 6 })
      // Mutants that all met the same early refusal would show little.
      expect(different).toBeGreaterThan(3)
      expect(most).toBeLessThan(0.75)
    }
    expect(mutant(7)).toEqual(mutant(7))
  }, 60_000)
})
