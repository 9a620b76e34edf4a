import { fromLatin1 } from '../encode/bytes'
import { crc32, crc32InSteps } from './crc32'

describe('CRC-32', () => {
  it('is 0xcbf43926 of the digits 1 to 9, as every implementation says of itself', () => {
    for (const sum of [crc32, crc32InSteps]) expect(sum(fromLatin1('123456789'))).toBe(0xcbf43926)
  })

  it('is the same by the platform and without it, whatever the length', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255)
      expect(crc32(bytes)).toBe(crc32InSteps(bytes))
    }
  })

  it('differs by any one bit', () => {
    const bytes = fromLatin1('123456789')
    for (let bit = 0; bit < 72; bit++) {
      const changed = bytes.slice()
      changed[bit >> 3] ^= 1 << (bit & 7)
      expect(crc32(changed)).not.toBe(0xcbf43926)
    }
  })
})
