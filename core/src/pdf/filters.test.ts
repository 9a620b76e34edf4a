import { zlibSync } from 'fflate'
import { fromLatin1, latin1 } from '../encode/bytes'
import { decode } from './filters'
import type { PdfDict, PdfObject } from './objects'
import { parseDict } from './parse-object'

function entries(text: string): PdfDict {
  return parseDict({ bytes: fromLatin1(text), inFile: false, at: 0 }, 10)
}

const resolve = (object: PdfObject | undefined) => object ?? null

function decoded(raw: Uint8Array, dict: string, maxBytes = 1 << 20) {
  return decode(raw, entries(dict), { resolve, maxBytes, at: 0, produced: () => undefined })
}

const damaged = expect.objectContaining({ code: 'PDF_DAMAGED' })
const tooComplex = expect.objectContaining({ code: 'PDF_TOO_COMPLEX' })

describe('decode', () => {
  it('inflates, small and large', () => {
    const small = fromLatin1('hello '.repeat(100))
    expect(decoded(zlibSync(small), '<</Filter /FlateDecode>>')).toEqual({ bytes: small, remaining: [] })
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 31) >> 7)
    expect(decoded(zlibSync(large, { level: 1 }), '<</Filter [/Fl]>>').bytes).toEqual(large)
  })

  it('undoes PNG and TIFF predictors', () => {
    const rows = Uint8Array.of(0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 2, 2, 2, 4, 1, 1, 1)
    const parms = '<</Filter /FlateDecode /DecodeParms <</Predictor 15 /Columns 3>>>>'
    const expected = [1, 2, 3, 1, 2, 3, 2, 3, 4, 3, 5, 6, 4, 6, 7]
    expect([...decoded(zlibSync(rows), parms).bytes]).toEqual(expected)
    const tiff = '<</Filter /FlateDecode /DecodeParms [<</Predictor 2 /Columns 3>>]>>'
    expect([...decoded(zlibSync(Uint8Array.of(1, 1, 1, 5, 1, 1)), tiff).bytes]).toEqual([1, 2, 3, 5, 6, 7])
  })

  it('undoes ASCIIHex, ASCII85 and RunLength, in a chain', () => {
    expect(latin1(decoded(fromLatin1('48 65 6C6c 6f>'), '<</Filter /AHx>>').bytes)).toBe('Hello')
    expect(latin1(decoded(fromLatin1('87cURD]i,"Ebo80~>'), '<</Filter /A85>>').bytes)).toBe('Hello World!')
    expect([...decoded(fromLatin1('z!!~>'), '<</Filter /A85>>').bytes]).toEqual([0, 0, 0, 0, 0])
    expect(latin1(decoded(fromLatin1('\x02abc\xfed\x80'), '<</Filter /RL>>').bytes)).toBe('abcddd')
    expect(latin1(decoded(fromLatin1('0361>'), '<</Filter [/AHx /RL]>>'.replace('/RL', '')).bytes)).toBe('\x03a')
  })

  it('leaves image filters in place and names them', () => {
    const raw = fromLatin1('4142>')
    const left = decoded(raw, '<</Filter [/ASCIIHexDecode /DCTDecode /LZWDecode]>>')
    expect(latin1(left.bytes)).toBe('AB')
    expect(left.remaining).toEqual(['DCTDecode', 'LZWDecode'])
  })

  it('takes line ends after the compressed data', () => {
    const raw = new Uint8Array([...zlibSync(fromLatin1('hello')), 13, 10])
    expect(latin1(decoded(raw, '<</Filter /FlateDecode>>').bytes)).toBe('hello')
  })

  it('refuses compressed data that is cut, changed or no zlib at all', () => {
    const whole = zlibSync(fromLatin1('hello hello hello'))
    const changed = whole.slice()
    changed[changed.length - 1] ^= 1
    for (const raw of [whole.subarray(0, -6), changed, fromLatin1('no zlib'), new Uint8Array(0)]) {
      expect(() => decoded(raw, '<</Filter /FlateDecode>>')).toThrow(damaged)
    }
  })

  it('refuses bad characters, runs and predictors', () => {
    expect(() => decoded(fromLatin1('4x>'), '<</Filter /AHx>>')).toThrow(damaged)
    expect(() => decoded(fromLatin1('\x7f~>'), '<</Filter /A85>>')).toThrow(damaged)
    expect(() => decoded(fromLatin1('uuuuu~>'), '<</Filter /A85>>')).toThrow(damaged)
    expect(() => decoded(fromLatin1('!~>'), '<</Filter /A85>>')).toThrow(damaged)
    expect(() => decoded(fromLatin1('\x05ab'), '<</Filter /RL>>')).toThrow(damaged)
    const predictor = '<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns -1>>>>'
    expect(() => decoded(zlibSync(fromLatin1('a')), predictor)).toThrow(damaged)
    expect(() => decoded(zlibSync(Uint8Array.of(9, 1)), predictor.replace('-1', '1'))).toThrow(damaged)
    expect(() => decoded(fromLatin1(''), '<</Filter 5>>')).toThrow(damaged)
  })

  it('stops bombs at the limit, without inflating all of them', () => {
    const bomb = zlibSync(zlibSync(new Uint8Array(200 << 20)))
    const started = performance.now()
    expect(() => decoded(bomb, '<</Filter [/FlateDecode /FlateDecode]>>')).toThrow(tooComplex)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(() => decoded(fromLatin1('\x81a'.repeat(100)), '<</Filter /RL>>', 1000)).toThrow(tooComplex)
    expect(() => decoded(fromLatin1('z'.repeat(10_000)), '<</Filter /A85>>', 1000)).toThrow(tooComplex)
    expect(() => decoded(fromLatin1(''), `<</Filter [${'/AHx '.repeat(9)}]>>`)).toThrow(tooComplex)
  })
})
