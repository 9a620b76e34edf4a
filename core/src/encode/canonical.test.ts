import { utf8 } from './bytes'
import { encodeCanonical, type Json, parseCanonical } from './canonical'

const text = (value: unknown) => Buffer.from(encodeCanonical(value as Json)).toString()
const read = (json: string, maxBytes = 10_000) => parseCanonical(utf8(json), maxBytes)
const withCode = (code: string) => expect.objectContaining({ code })

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units and writes nothing else', () => {
    expect(text({ b: [1, true, 'x'], a: { d: '', c: 0 } })).toBe('{"a":{"c":0,"d":""},"b":[1,true,"x"]}')
    expect(text({ '\ue000': 1, '\u{1f600}': 2 })).toBe('{"\u{1f600}":2,"\ue000":1}')
  })

  it('escapes as RFC 8785 3.2.2.2 does', () => {
    expect(text('"\\/\b\f\n\r\t\u0001\u007f公章')).toBe('"\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u007f公章"')
  })

  it.each([
    ['a fraction', 1.5],
    ['a negative number', -1],
    ['negative zero', -0],
    ['more than 2^53 - 1', 2 ** 53],
    ['not a number', Number.NaN],
    ['null', null],
    ['undefined in an array', [undefined]],
    ['a hole in an array', new Array(1)],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
  ])('has no spelling for %s', (_name, value) => {
    expect(() => text(value)).toThrow(withCode('FORMAT_INVALID'))
  })

  it.each([
    ['white space', '{"a": 1}'],
    ['a line end', '{"a":1}\n'],
    ['another order', '{"b":1,"a":2}'],
    ['a repeated key', '{"a":1,"a":1}'],
    ['another number spelling', '{"a":1.0}'],
    ['an exponent', '{"a":1e2}'],
    ['an unneeded escape', '{"a":"\\u0041"}'],
    ['an escaped slash', '{"a":"\\/"}'],
  ])('is read in its one spelling only: not with %s', (_name, json) => {
    expect(() => read(json)).toThrow(withCode('FORMAT_NOT_CANONICAL'))
  })

  it('refuses what is no JSON, no UTF-8, too deep or too long', () => {
    expect(() => read('{"a":')).toThrow(withCode('FORMAT_INVALID'))
    expect(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22), 10)).toThrow(withCode('FORMAT_INVALID'))
    expect(() => read(`${'['.repeat(30)}${']'.repeat(30)}`)).toThrow(withCode('FORMAT_INVALID'))
    expect(() => read('\ufeff{}')).toThrow(withCode('FORMAT_INVALID'))
    expect(() => read('{"a":1}', 6)).toThrow(withCode('FORMAT_TOO_LARGE'))
  })

  it('keeps __proto__ a key like any other', () => {
    expect(text(read('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}')
    expect(({} as { a?: number }).a).toBeUndefined()
  })
})
