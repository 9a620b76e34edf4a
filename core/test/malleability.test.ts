import { readEvidence } from '../src/evidence/read-evidence'
import { flipEveryByte, flipEvidence, someBytes } from '../src/testing/flip'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { given } from './verify-cases'

/** A seal with little room for its CMS, so that most bytes mean something. */
let small: Sample
beforeAll(async () => {
  small = await oneSeal(given().world, { seal: { contentsBytes: 2600 } })
})

describe('no byte can be changed so that a file still passes', () => {
  it('of a file with one seal: 2,000 places, three flips', async () => {
    const { tried, unnoticed, verdicts } = await flipEveryByte(small, someBytes(small.pdf, 2000, [0x01, 0x20, 0xff]))
    expect(unnoticed).toEqual([])
    expect(tried).toBe(6000)
    expect(verdicts.size).toBeGreaterThan(5)
  }, 60_000)

  it('of a file with two seals: 300 places', async () => {
    const { unnoticed } = await flipEveryByte(given().two, someBytes(given().two.pdf, 300, [0x01, 0x80]))
    expect(unnoticed).toEqual([])
  }, 60_000)

  it('of the evidence, unless it reads the same', async () => {
    const [container] = small.evidence
    const before = readEvidence(container)
    const reads = (changed: Uint8Array) => {
      expect(readEvidence(changed)).toEqual(before)
      return true
    }
    const { unnoticed, verdicts } = await flipEvidence(small, reads)
    expect(unnoticed).toEqual([])
    expect(verdicts.get('passed OK')).toBeLessThan(50)
  }, 60_000)
})
