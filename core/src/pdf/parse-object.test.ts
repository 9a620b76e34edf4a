import { fromLatin1, latin1 } from '../encode/bytes'
import { integerOf, isKind, type PdfObject } from './objects'
import { parseObject } from './parse-object'
import { serialize } from './serialize'

function parse(text: string): PdfObject {
  return parseObject({ bytes: fromLatin1(text), inFile: true, at: 0 }, 100)
}

/** Parsed and written again. */
function again(text: string): string {
  const object = parse(text)
  if (isKind(object, 'stream')) throw new Error('no stream can be direct')
  return serialize(object)
}

describe('parseObject', () => {
  it('keeps the spelling of numbers', () => {
    for (const text of ['0', '-12', '+5', '.5', '4.', '-.002', '007']) expect(again(text)).toBe(text)
    expect(parse('-.5')).toMatchObject({ value: -0.5 })
    expect(integerOf(parse('12'))).toBe(12)
    expect(integerOf(parse('12.0'))).toBeUndefined()
  })

  it('tells references from numbers', () => {
    expect(parse('12 0 R')).toEqual({ kind: 'ref', number: 12, generation: 0 })
    expect(again('[1 0 R 2 3 0 R 4 5]')).toBe('[1 0 R 2 3 0 R 4 5]')
    expect(again('[1 0 Rx]'.replace('x', ' '))).toBe('[1 0 R]')
  })

  it('reads and rewrites names with escapes', () => {
    expect(parse('/A#20B#2fC')).toEqual({ kind: 'name', name: 'A B/C' })
    expect(again('/A#20B#2fC')).toBe('/A#20B#2fC')
    expect(parse('/')).toEqual({ kind: 'name', name: '' })
  })

  it('reads literal strings byte for byte', () => {
    const bytes = (text: string) => {
      const object = parse(text)
      return isKind(object, 'string') ? latin1(object.bytes) : undefined
    }
    expect(bytes('(a(b)c)')).toBe('a(b)c')
    expect(bytes('(\\n\\r\\t\\b\\f\\(\\)\\\\\\q)')).toBe('\n\r\t\b\f()\\q')
    expect(bytes('(\\0533\\53\\5)')).toBe('+3+\x05')
    expect(bytes('(a\\\r\nb\r\nc\rd)')).toBe('ab\nc\nd')
    expect(bytes('<48 65 6C6c6>')).toBe('Hell`')
    expect(again('(a\\(\\r\xff)')).toBe('(a\\(\\r\xff)')
  })

  it('gives the byte range of a string, delimiters included', () => {
    expect(parse('  <414243>')).toMatchObject({ hex: true, start: 2, end: 10 })
    const inStream = parseObject({ bytes: fromLatin1('<41>'), inFile: false, at: 0 }, 100)
    expect(inStream).toMatchObject({ start: -1, end: -1 })
  })

  it('records repeated keys and keeps the last value', () => {
    const object = parse('<</A 1/B 2/A 3>>')
    expect(object).toMatchObject({ duplicateKeys: ['A'] })
    expect(isKind(object, 'dict') && integerOf(object.entries.get('A'))).toBe(3)
  })

  it('passes comments between tokens', () => {
    expect(again('% a\n[1 % b\r2]')).toBe('[1 2]')
  })

  const damaged = ['', '--5', '1.2.3', '5-', '.', '-', '1e5', 'nul', 'truex', ')', '>', '}', '[1', '[1 2', '<</A>>']
  damaged.push('<</A 1', '<<1 2>>', '(a', '(a\\)', '<4x>', '<41', '/A#2', '/A#zz', '/A#00', 'R')
  for (const text of damaged) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'PDF_DAMAGED' }))
    })
  }

  it('refuses nesting past the limit, without exhausting the stack', () => {
    expect(() => parse('['.repeat(100_000))).toThrow(expect.objectContaining({ code: 'PDF_TOO_COMPLEX' }))
    expect(() => parse('<</A'.repeat(100_000))).toThrow(expect.objectContaining({ code: 'PDF_TOO_COMPLEX' }))
    expect(again(`${'['.repeat(100)}${']'.repeat(100)}`)).toHaveLength(200)
  })
})
