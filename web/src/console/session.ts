import { ApiError, answerOf, ask, jsonBody } from './http'

/** What a user may do; as the service names it. */
export const ROLES = ['registrar', 'sealer', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A log-in as the service gives it. */
export interface Session {
  readonly token: string
  /** Good once, for the next two tokens. */
  readonly refreshToken: string
  readonly user: string
  readonly institution: string
  readonly roles: readonly Role[]
}

/** Requests of who is logged in. */
export interface LoggedIn {
  readonly person: Pick<Session, 'user' | 'institution' | 'roles'>
  /** Asks with the token; one that has expired is renewed first. @throws {@link ApiError} with the service's code. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Ends the log-in at the service, too. */
  end(): void
}

/** Logs in. @throws {@link ApiError} with the service's code. */
export function logIn(user: string, password: string): Promise<Session> {
  return answerOf<Session>(ask('/v1/sessions', jsonBody('POST', { user, password })))
}

/** Codes by which the service says that a log-in is no more, whatever token is shown. */
const OVER: readonly string[] = ['SESSION_ENDED', 'SESSION_INVALID', 'REFRESH_REUSED']

/**
 * Keeps a log-in alive by its refresh tokens, in memory only. Each is sent once: a second use is taken for theft.
 * @param lost - called with the code when the log-in is no more.
 */
export function keepSession(session: Session, lost: (code: string) => void): LoggedIn {
  let tokens: Pick<Session, 'token' | 'refreshToken'> = session
  let renewing: Promise<void> | undefined
  const isOver = (error: unknown) => error instanceof ApiError && OVER.includes(error.code)
  const over = (error: unknown): never => {
    if (error instanceof ApiError && (isOver(error) || error.code === 'SESSION_EXPIRED')) lost(error.code)
    throw error
  }
  const renew = async () => {
    const { refreshToken } = tokens
    tokens = await answerOf<Session>(ask('/v1/sessions/refresh', jsonBody('POST', { refreshToken })))
  }
  const withToken = (path: string, init: RequestInit) =>
    ask(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${tokens.token}` } })
  return {
    person: session,
    async ask(path, init = {}) {
      const { token } = tokens
      try {
        return await withToken(path, init)
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'SESSION_EXPIRED') return over(error)
        // Another request may have renewed it meanwhile.
        if (tokens.token === token) {
          renewing ??= renew().finally(() => {
            renewing = undefined
          })
          await renewing.catch(over)
        }
        return await withToken(path, init).catch(over)
      }
    },
    end() {
      const { refreshToken } = tokens
      // The page may be on its way out: the request goes on without it, and nobody waits for the answer.
      ask('/v1/sessions/end', { ...jsonBody('POST', { refreshToken }), keepalive: true }).catch(console.warn)
    },
  }
}
