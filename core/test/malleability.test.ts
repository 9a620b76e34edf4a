import { latin1 } from '../src/encode/bytes'
import { readEvidence } from '../src/evidence/read-evidence'
import { flipEveryByte, flipEvidence, someBytes } from '../src/testing/flip'
import { preserved } from '../src/testing/preserved'
import { oneSeal, type Sample } from '../src/testing/sealed-evidence'
import { unreadBytes } from '../src/testing/unread-bytes'
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

  it('of a file with validation data and a document timestamp, but where it is proven that nothing depends on it', async () => {
    const lasting = await preserved(small, given().world)
    const { length } = lasting.pdf
    const gap = latin1(lasting.pdf).lastIndexOf('/Contents <')
    // A tenth of all that no seal signs, and every third digit of the document timestamp's token.
    const later = Array.from(
      { length: Math.floor((length - small.pdf.length) / 10) },
      (_, i) => small.pdf.length + 10 * i,
    )
    const inToken = Array.from({ length: 800 }, (_, i) => gap + 3 * i)
    const { unnoticed, verdicts } = await flipEveryByte(lasting, {
      positions: [...later, ...inToken],
      flips: [1, 0x20],
    })
    const why = unreadBytes(lasting)
    for (const one of unnoticed) {
      expect({ ...one, proof: await why(one.position, one.flip) }).toMatchObject({
        proof: { place: expect.stringContaining('Timestamp') },
      })
    }
    expect(verdicts.get('failed DOCUMENT_TIMESTAMP_BROKEN')).toBeGreaterThan(100)
    expect(await why(100, 1)).toBeUndefined()
    expect(await why(gap + 40, 1)).toBeUndefined()
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
