import {
  compareBytes,
  concat,
  equal,
  fromBase64,
  fromHex,
  fromLatin1,
  fromUtf8,
  latin1,
  toBase64,
  toHex,
  utf8,
} from './bytes'

const withCode = (code: string) => expect.objectContaining({ code })
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255)

describe('bytes', () => {
  it('go to base64 and back as Node writes it, at every length', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = bytesOf(length)
      const text = Buffer.from(bytes).toString('base64')
      expect(toBase64(bytes)).toBe(text)
      expect(fromBase64(text)).toEqual(bytes)
    }
  })

  it.each([
    'A',
    'AB',
    'ABC',
    'ABCDE',
    'AB=C',
    'A===',
    '=',
    '====',
    'AB==CD==',
    'AB=',
    'AB==',
    'ABD=',
    'A-B_',
    'AB C',
    'ÄBCD',
    'AAAA\n',
  ])('are not read from %j', (text) => expect(() => fromBase64(text)).toThrow(withCode('BASE64_INVALID')))

  it('accept base64 only if it is what they would be written as', () => {
    const alphabet = 'ABQZaz019+/='
    for (const a of alphabet) {
      for (const b of alphabet) {
        for (const c of alphabet) {
          for (const d of alphabet) {
            const text = a + b + c + d
            const read = (() => {
              try {
                return fromBase64(text)
              } catch {
                return undefined
              }
            })()
            if (read !== undefined) expect(toBase64(read)).toBe(text)
          }
        }
      }
    }
  })

  it('go to lower-case hexadecimal and back, and from nothing else', () => {
    expect(toHex(Uint8Array.of(0, 15, 255))).toBe('000fff')
    expect(fromHex('000fff')).toEqual(Uint8Array.of(0, 15, 255))
    for (const text of ['0', '0F', 'xx', '0 ']) expect(() => fromHex(text)).toThrow(withCode('HEX_INVALID'))
  })

  it('compare, join and order', () => {
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
    expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2))).toEqual(Uint8Array.of(1, 2))
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
    expect(compareBytes(Uint8Array.of(2), Uint8Array.of(1, 9))).toBeGreaterThan(0)
  })

  it('are text only as well-formed UTF-8, byte order mark kept', () => {
    expect(fromUtf8(utf8('公章'))).toBe('公章')
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('\ufeff')
    expect(() => fromUtf8(Uint8Array.of(0xc0, 0x80))).toThrow(withCode('UTF8_INVALID'))
    const all = bytesOf(20_000)
    expect(fromLatin1(latin1(all))).toEqual(all)
  })
})
