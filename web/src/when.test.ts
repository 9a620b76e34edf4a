import { languageFor, TEXTS } from './texts'
import { describeSpan, describeTime } from './when'

const at = new Date('2026-11-22T20:04:05.120Z')

describe('a time', () => {
  it('is told in UTC and where the reader is, and which is which', () => {
    const [utc, local] = describeTime(at, TEXTS.en, 'Asia/Shanghai')
    expect(utc).toBe('2026-11-22 20:04:05 UTC')
    expect(local).toBe('2026-11-23 04:04:05 your time (UTC+08:00)')
    expect(describeTime(at, TEXTS.zh, 'UTC')[1]).toContain('UTC+00:00')
  })

  it('writes midnight as 00', () => {
    expect(describeTime(new Date('2026-11-22T00:00:00Z'), TEXTS.en, 'UTC')[0]).toBe('2026-11-22 00:00:00 UTC')
  })
})

it.each([
  [1, '1 second'],
  [90, '1 minute'],
  [7200, '2 hours'],
  [200_000, '2 days'],
])('a span of %d s reads %s', (seconds, text) => {
  expect(describeSpan(seconds, TEXTS.en)).toBe(text)
})

it.each([
  [['zh-CN', 'en'], 'zh'],
  [['zh-Hant-HK'], 'zh'],
  [['fr', 'en-US', 'zh'], 'en'],
  [['de'], 'en'],
  [[], 'en'],
] as const)('a reader who asks for %j is answered in %s', (tags, language) => {
  expect(languageFor(tags)).toBe(language)
})
