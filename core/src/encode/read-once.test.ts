import { readOnce } from './read-once'

const DIFFERENT = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4)]

/** Two inputs of one length whose middle and end are the same. */
function twins(): readonly [Uint8Array, Uint8Array] {
  const [a, b] = [new Uint8Array(100), new Uint8Array(100)]
  b[3] = 1
  return [a, b]
}

describe('a reader that keeps what it read', () => {
  let reads = 0
  const first = (bytes: Uint8Array) => {
    reads++
    if (bytes[0] === 9) throw new RangeError('nine')
    return { sum: bytes.reduce((a, b) => a + b, 0) }
  }
  beforeEach(() => {
    reads = 0
  })

  test('gives the same value for the same bytes, wherever they lie', () => {
    const read = readOnce(first, { values: 4, maxBytes: 100 })
    expect(read(Uint8Array.of(1, 2))).toBe(read(Uint8Array.of(0, 1, 2).subarray(1)))
    expect(reads).toBe(1)
  })

  test('tells apart what differs in any byte', () => {
    const read = readOnce(first, { values: 4, maxBytes: 100 })
    const [a, b] = twins()
    expect([...DIFFERENT, a, b, a].map((bytes) => read(bytes).sum)).toEqual([6, 7, 0, 1, 0])
  })

  test('is not misled by a caller who changes the bytes afterwards', () => {
    const read = readOnce(first, { values: 4, maxBytes: 100 })
    const bytes = Uint8Array.of(1, 2, 3)
    read(bytes)
    bytes[0] = 5
    expect(read(bytes).sum).toBe(10)
    expect(read(Uint8Array.of(1, 2, 3)).sum).toBe(6)
  })

  test('reads again what is too long to keep, what was dropped and what was refused', () => {
    const read = readOnce(first, { values: 1, maxBytes: 3 })
    for (const bytes of [new Uint8Array(4), new Uint8Array(4), ...DIFFERENT, ...DIFFERENT]) read(bytes)
    expect(reads).toBe(6)
    expect(() => read(Uint8Array.of(9))).toThrow(RangeError)
    expect(() => read(Uint8Array.of(9))).toThrow(RangeError)
  })
})
