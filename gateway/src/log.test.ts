import { CodedError } from '@cinnabar/core'
import { createLogger, type LogLevel } from './log'

function linesOf(level: LogLevel, work: (log: ReturnType<typeof createLogger>) => void): readonly unknown[] {
  const lines: string[] = []
  work(createLogger(level, { now: () => new Date(0) }, (line) => lines.push(line)))
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
  return lines.map((line) => JSON.parse(line))
}

describe('the log', () => {
  it('writes one line of JSON a message, line feeds and all', () => {
    expect(linesOf('info', (log) => log.info('two\nlines', { job: 'j', n: 3 }))).toEqual([
      { level: 'info', time: '1970-01-01T00:00:00.000Z', message: 'two\nlines', job: 'j', n: 3 },
    ])
  })
  it('leaves out what is below its level', () => {
    const lines = linesOf('warn', (log) => {
      log.debug('a')
      log.info('b')
      log.warn('c')
      log.error('d')
    })
    expect(lines).toMatchObject([{ message: 'c' }, { message: 'd' }])
  })
  it('shows an error by code, and its causes', () => {
    const error = new CodedError('OUTER', 'outer', {}, new TypeError('inner'))
    const [line] = linesOf('info', (log) => log.error('failed', { error }))
    expect(line).toMatchObject({ error: { code: 'OUTER', text: 'outer', cause: { text: 'inner' } } })
  })
  it('hides what lets somebody in, wherever it stands', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsaW4ifQ.c2lnbmF0dXJl'
    const key = 'cinnabar_key_4f3a_c2VjcmV0LXNlY3JldA'
    const webhook = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0+/A='
    const error = new CodedError('OUTER', `bad header ${jwt} ${webhook}`, {}, new TypeError(`with ${key}`))
    const lines = linesOf('info', (log) => log.info(`got ${key}`, { text: `Bearer ${jwt}`, error, refreshToken: 'r' }))
    expect(JSON.stringify(lines)).not.toMatch(/eyJ|cinnabar_key|whsec|c2Vjc/)
    expect(lines).toMatchObject([{ message: 'got [hidden]', refreshToken: '[hidden]' }])
  })
  it('hides what is named like a secret', () => {
    const lines = linesOf('info', (log) => log.info('x', { password: 'p', jwtSecret: 's', Authorization: 'a' }))
    expect(lines).toMatchObject([{ password: '[hidden]', jwtSecret: '[hidden]', Authorization: '[hidden]' }])
  })
})
