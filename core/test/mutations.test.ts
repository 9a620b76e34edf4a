import { runMutations } from '../src/testing/mutation-run'
import { oneSeal } from '../src/testing/sealed-evidence'
import { given } from './verify-cases'

describe('what was mutated', () => {
  it('is never passed, never crashes, is judged soon, and reads as it is written: 1,500 of fixed seeds', async () => {
    const sample = await oneSeal(given().world, { seal: { contentsBytes: 2600 } })
    const run = await runMutations(sample, { from: 1, count: 1500, millis: () => performance.now() })
    expect(run.faults).toEqual([])
    expect(run.findings.size).toBeGreaterThan(20)
    for (const kind of ['PDF', 'CMS', 'token', 'receipt', 'evidence']) {
      expect([...run.findings.keys()].some((found) => found.startsWith(`${kind} `))).toBe(true)
    }
  }, 60_000)
})
