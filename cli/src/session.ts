import { timeOf, utf8 } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { askObject, jsonBody } from './gateway'
import { readInput } from './input-file'
import { keepPrivately } from './output-file'
import { sessionLockPath, sessionPath } from './places'
import { alone } from './session-lock'
import { DEFAULT_URL, gatewayUrl } from './url'

/** A log-in that lasts a while. */
export interface Session {
  readonly url: string
  readonly user: string
  readonly token: string
  /** When the token ends, RFC 3339. */
  readonly expires: string
  /** Good once, for the next token. */
  readonly refreshToken?: string
  /** When the password is asked for again, RFC 3339. */
  readonly refreshExpires?: string
}

const MAX_SESSION_BYTES = 64 << 10

/**
 * The session that log-in saved, if any. Its token is hidden from all output from now on.
 * @throws {@link CliError} `SESSION_INVALID` when the file is there but is none, `FILE_UNREADABLE`.
 */
export async function savedSession({ surroundings, voice }: Context): Promise<Session | undefined> {
  const path = sessionPath(surroundings)
  const bytes = await readInput(path, MAX_SESSION_BYTES, surroundings).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  })
  if (bytes === undefined) return undefined
  const session = sessionFrom(new TextDecoder().decode(bytes))
  if (session === undefined) throw new CliError('SESSION_INVALID', { path })
  hide(session, voice)
  return session
}

function sessionFrom(text: string): Session | undefined {
  let value: Partial<Record<keyof Session, unknown>> | null
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const { url, user, token, expires, refreshToken, refreshExpires } = value ?? {}
  if (typeof url !== 'string' || typeof user !== 'string' || typeof token !== 'string') return undefined
  if (typeof expires !== 'string' || !URL.canParse(url)) return undefined
  const renewable = typeof refreshToken === 'string' && typeof refreshExpires === 'string'
  return { url, user, token, expires, ...(renewable && { refreshToken, refreshExpires }) }
}

function hide({ token, refreshToken }: Session, { hide }: Context['voice']): void {
  hide(token)
  if (refreshToken !== undefined) hide(refreshToken)
}

/**
 * What a gateway's answer to a log-in, or to a refresh, opens; its tokens are hidden from all output from now on.
 * @throws {@link CliError} `GATEWAY_ANSWER_INVALID`.
 */
export function sessionOf(
  { surroundings, voice }: Context,
  { url, user, what }: { readonly url: string; readonly user: string; readonly what: string },
  answer: Readonly<Record<string, unknown>>,
): Session {
  const { token, refreshToken } = answer
  const now = surroundings.now()
  const expires = endOf(answer.expires, answer.expiresInSeconds, now)
  if (typeof token !== 'string' || token === '' || expires === undefined) {
    throw new CliError('GATEWAY_ANSWER_INVALID', { url, what })
  }
  const refreshExpires = endOf(undefined, answer.refreshExpiresInSeconds, now)
  const renewable = typeof refreshToken === 'string' && refreshToken !== '' && refreshExpires !== undefined
  const session = { url, user, token, expires, ...(renewable && { refreshToken, refreshExpires }) }
  hide(session, voice)
  return session
}

/** When a token ends: as said, RFC 3339, or so many seconds from now. */
function endOf(expires: unknown, seconds: unknown, now: Date): string | undefined {
  if (typeof expires === 'string' && !Number.isNaN(Date.parse(expires))) return expires
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e9)) return undefined
  return timeOf(new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000))
}

/** @throws {@link CliError} `OUTPUT_NOT_WRITABLE`. */
export async function saveSession(session: Session, { surroundings }: Context): Promise<void> {
  await keepPrivately(sessionPath(surroundings), utf8(`${JSON.stringify(session)}\n`))
}

/** The gateway to work with and the right to. */
export interface Access {
  readonly url: string
  readonly token: string
}

/**
 * `CINNABAR_URL` and `CINNABAR_TOKEN`, else what log-in saved. A saved token goes to no other gateway than its own.
 * @throws {@link CliError} `NOT_LOGGED_IN`, `SESSION_EXPIRED`, `SESSION_INVALID`, `URL_INVALID`.
 */
export async function requireAccess(context: Context): Promise<Access> {
  const { env, now } = context.surroundings
  const told = env.CINNABAR_URL ? gatewayUrl(env.CINNABAR_URL) : undefined
  if (env.CINNABAR_TOKEN) {
    context.voice.hide(env.CINNABAR_TOKEN)
    const url = told ?? (await sessionUrl(context)) ?? DEFAULT_URL
    return { url, token: env.CINNABAR_TOKEN }
  }
  const session = await savedSession(context)
  const url = told ?? session?.url ?? DEFAULT_URL
  if (session === undefined || session.url !== url) throw new CliError('NOT_LOGGED_IN', { url })
  const lasting = lasts(session, now()) ? session : await renewed(context, session)
  return { url, token: lasting.token }
}

/** The same for work that may outlast a token. */
export interface LastingAccess {
  readonly url: string
  /**
   * A token that goes on for a while yet, renewed where it must be.
   * @throws {@link CliError} as {@link requireAccess}; `NOT_LOGGED_IN` also when the log-in is to another gateway by now.
   */
  token(): Promise<string>
}

/** @throws {@link CliError} as {@link requireAccess}. */
export async function requireLastingAccess(context: Context): Promise<LastingAccess> {
  const { url } = await requireAccess(context)
  return {
    url,
    async token() {
      const now = await requireAccess(context)
      if (now.url !== url) throw new CliError('NOT_LOGGED_IN', { url })
      return now.token
    },
  }
}

/** A token with less left is renewed: a job is followed for ten minutes. Tokens last 15 minutes at least. */
const MARGIN_MS = 11 * 60_000

function lasts({ expires, refreshToken }: Session, now: Date): boolean {
  return new Date(expires).getTime() - now.getTime() > (refreshToken === undefined ? 0 : MARGIN_MS)
}

/** The session with a new token, saved before it is used; one that another command renewed meanwhile is taken as it is. */
async function renewed(context: Context, known: Session): Promise<Session> {
  const { surroundings, texts } = context
  const ended = ({ url, expires }: Session) => new CliError('SESSION_EXPIRED', { url, expires })
  if (!isRenewable(known, surroundings.now())) throw ended(known)
  return alone(sessionLockPath(surroundings), surroundings.now, async () => {
    const session = (await savedSession(context)) ?? known
    const { url, user, refreshToken } = session
    if (lasts(session, surroundings.now())) return session
    if (url !== known.url || !isRenewable(session, surroundings.now())) throw ended(session)
    const path = '/v1/sessions/refresh'
    const asked = { method: 'POST', path, body: jsonBody({ refreshToken }), language: texts.language } as const
    const next = sessionOf(context, { url, user, what: `POST ${path}` }, await askObject(url, asked))
    await saveSession(next, context)
    return next
  })
}

function isRenewable({ refreshToken, refreshExpires = '' }: Session, now: Date): boolean {
  return refreshToken !== undefined && new Date(refreshExpires) > now
}

/** The gateway that the user last logged in to; a session file that is none is said and passed over. */
export async function sessionUrl(context: Context): Promise<string | undefined> {
  try {
    return (await savedSession(context))?.url
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    context.voice.note(context.texts.note.sessionIgnored(String(error.details.path)))
    return undefined
  }
}
