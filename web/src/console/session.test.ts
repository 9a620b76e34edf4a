import { ApiError } from './http'
import { keepSession, type LoggedIn, type Session } from './session'

const session = (n: number): Session => ({
  ...{ user: 'lin', institution: 'JiangzhouBureau', roles: ['sealer'] },
  token: `t${n}`,
  refreshToken: `r${n}`,
})

/** What was asked, and a service whose access token `good` counts; each refresh token is good once. */
let asked: string[]
let good: string
let spent: Set<string>
let lost: string[]
let kept: LoggedIn

function serve(url: string, init: RequestInit): Response {
  const { Authorization } = (init.headers ?? {}) as Record<string, string>
  asked.push(`${url} ${Authorization ?? String(init.body)}`)
  const refused = (code: string) => new Response(JSON.stringify({ code, detail: code }), { status: 401 })
  if (url === '/v1/sessions/end') return new Response('{"done":true}')
  if (url !== '/v1/sessions/refresh') {
    return Authorization === `Bearer ${good}` ? new Response('{}') : refused('SESSION_EXPIRED')
  }
  const { refreshToken } = JSON.parse(String(init.body))
  if (spent.has(refreshToken)) return refused('REFRESH_REUSED')
  spent.add(refreshToken)
  const n = Number(refreshToken.slice(1)) + 1
  good = `t${n}`
  return new Response(JSON.stringify(session(n)))
}

beforeEach(() => {
  ;[asked, good, spent, lost] = [[], 't1', new Set(), []]
  globalThis.fetch = (async (url: string, init: RequestInit) => serve(url, init)) as typeof fetch
  kept = keepSession(session(1), (code) => lost.push(code))
})

const codeOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'answered',
    (error) => (error instanceof ApiError ? error.code : String(error)),
  )

describe('a kept log-in', () => {
  it('is renewed by its refresh token when the access token has expired, and goes on', async () => {
    good = 'none'
    expect(await codeOf(kept.ask('/v1/seals'))).toBe('answered')
    expect(asked).toEqual(['/v1/seals Bearer t1', '/v1/sessions/refresh {"refreshToken":"r1"}', '/v1/seals Bearer t2'])
    good = 'none'
    expect(await codeOf(kept.ask('/v1/seals'))).toBe('answered')
    expect(asked.filter((one) => one.includes('refresh'))).toHaveLength(2)
    expect(lost).toEqual([])
  })

  it('sends a refresh token once, whatever asks at the same time: a second use is theft', async () => {
    good = 'none'
    const all = await Promise.all(['/a', '/b', '/c'].map((path) => codeOf(kept.ask(path))))
    expect(all).toEqual(['answered', 'answered', 'answered'])
    expect(asked.filter((one) => one.includes('refresh'))).toHaveLength(1)
  })

  it('is over when somebody else used the refresh token, and says so', async () => {
    good = 'none'
    spent.add('r1')
    expect(await codeOf(kept.ask('/v1/seals'))).toBe('REFRESH_REUSED')
    expect(lost).toContain('REFRESH_REUSED')
  })

  it('is not over when the service refuses something else, or does not answer', async () => {
    globalThis.fetch = (async () => new Response('{"code":"ROLE_REQUIRED"}', { status: 403 })) as typeof fetch
    expect(await codeOf(kept.ask('/v1/users'))).toBe('ROLE_REQUIRED')
    globalThis.fetch = () => Promise.reject(new TypeError('no network'))
    expect(await codeOf(kept.ask('/v1/users'))).toBe('UNREACHABLE')
    expect(lost).toEqual([])
  })

  it('ends at the service, too', () => {
    kept.end()
    expect(asked).toEqual(['/v1/sessions/end {"refreshToken":"r1"}'])
  })
})
