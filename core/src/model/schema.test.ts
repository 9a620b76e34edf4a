import type { Json } from '../encode/canonical'
import { digest } from './digest'
import {
  base64,
  choice,
  flag,
  format,
  integer,
  list,
  object,
  optional,
  pattern,
  type Schema,
  text,
  word,
} from './schema'
import { compareTimes, dateOf, type Time, time, timeOf } from './time'

const withCode = (code: string) => expect.objectContaining({ code })
const refuses = (schema: Schema<unknown>, value: unknown, code = 'FORMAT_INVALID') =>
  expect(() => schema(value as Json, 'it')).toThrow(withCode(code))

describe('schemas', () => {
  it('take an object with exactly the known members', () => {
    const schema = object({ a: integer(), b: optional(text(5)) })
    expect(schema({ a: 1 }, '')).toEqual({ a: 1 })
    expect(schema({ a: 1, b: 'x' }, '')).toEqual({ a: 1, b: 'x' })
    for (const value of [{ b: 'x' }, { a: 1, c: 2 }, [], 'x', { a: 1, __proto__x: 1 }]) refuses(schema, value)
    refuses(schema, JSON.parse('{"a":1,"__proto__":{}}'))
    refuses(schema, JSON.parse('{"a":1,"constructor":1}'))
  })

  it('tell objects apart by a tag, and know no inherited tag', () => {
    const schema = choice('kind', {
      one: object({ kind: word('one') }),
      two: object({ kind: word('two'), n: integer() }),
    })
    expect(schema({ kind: 'two', n: 3 }, '')).toEqual({ kind: 'two', n: 3 })
    for (const kind of ['three', 'constructor', 'toString', 1]) refuses(schema, { kind })
  })

  it('take text without characters that cannot be seen', () => {
    expect(text(20)('江州市行政审批局公章', '')).toBe('江州市行政审批局公章')
    for (const value of ['', ' a', 'a ', 'a\u200bb', 'a\u202eb', 'a\u0085', 'a\ufeff', 'a\nb', 'x'.repeat(21)])
      refuses(text(20), value)
  })

  it('take base64 in its one spelling, between two lengths', () => {
    expect(base64(3)('AAAA', '')).toBe('AAAA')
    for (const value of ['AB==', 'AAAA=', 'AAA', '', 'AAAAAAAA', 'A-_A', 1]) refuses(base64(3), value)
    refuses(base64(64, 64), 'AAAA')
  })

  it('take lists between two lengths, and whole numbers between two bounds', () => {
    expect(list(flag, 2)([true, false], '')).toEqual([true, false])
    refuses(list(flag, 2, 1), [])
    refuses(list(flag, 2), [true, true, true])
    refuses(list(flag, 2), [1])
    for (const value of [0, 11, 1.5, '1']) refuses(integer(1, 10), value)
    refuses(pattern(/^a$/, 'a'), 'b')
  })

  it('take digests of a known algorithm, and say when it is another', () => {
    const hex = '0'.repeat(64)
    expect(digest(`sha256:${hex}`, '')).toBe(`sha256:${hex}`)
    refuses(digest, `sm3:${hex}`, 'DIGEST_UNSUPPORTED')
    for (const value of [
      hex,
      `sha256:${hex}00`,
      `sha256:${hex.slice(2)}`,
      `SHA256:${hex}`,
      `sha256:${'A'.repeat(64)}`,
    ]) {
      refuses(digest, value)
    }
  })

  it('refuse to write a record that its readers would find too long', () => {
    const small = format(object({ a: text(50) }), 20)
    expect(() => small.encode({ a: 'x'.repeat(30) })).toThrow(withCode('FORMAT_TOO_LARGE'))
  })
})

describe('times', () => {
  it('have one spelling, with a fraction only where there is one', () => {
    for (const value of ['2026-11-22T03:04:05Z', '2026-11-22T03:04:05.1Z', '2024-02-29T00:00:00.000000001Z']) {
      expect(time(value, '')).toBe(value)
    }
    const wrong = [
      '2026-11-22T03:04:05.10Z',
      '2026-11-22T03:04:05.Z',
      '2026-11-22 03:04:05Z',
      '2026-02-29T00:00:00Z',
      '2026-11-22T24:00:00Z',
      '2026-11-22T03:04:60Z',
      '2026-11-22T03:04:05+00:00',
      5,
    ]
    for (const value of wrong) refuses(time, value)
  })

  it('go to dates and back', () => {
    expect(timeOf(new Date('2026-11-22T03:04:05.120Z'))).toBe('2026-11-22T03:04:05.12Z')
    expect(timeOf(new Date('2026-11-22T03:04:00Z'))).toBe('2026-11-22T03:04:00Z')
    expect(dateOf('2026-11-22T03:04:05.1239Z' as Time).toISOString()).toBe('2026-11-22T03:04:05.123Z')
  })

  it('compare by all their digits', () => {
    const order = [
      '2026-11-22T03:04:04.999Z',
      '2026-11-22T03:04:05Z',
      '2026-11-22T03:04:05.000000001Z',
      '2026-11-22T03:04:05.1Z',
      '2026-11-22T03:04:05.12Z',
    ]
    for (const [i, a] of order.entries()) {
      for (const [j, b] of order.entries()) expect(Math.sign(compareTimes(a as Time, b as Time))).toBe(Math.sign(i - j))
    }
  })
})
