import { utf8 } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { readInput } from './input-file'
import { keepPrivately } from './output-file'
import { sessionPath } from './places'
import { DEFAULT_URL, gatewayUrl } from './url'

/** A log-in that lasts a while. */
export interface Session {
  readonly url: string
  readonly user: string
  readonly token: string
  /** When the token ends, RFC 3339. */
  readonly expires: string
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
  voice.hide(session.token)
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
  const { url, user, token, expires } = value ?? {}
  if (typeof url !== 'string' || typeof user !== 'string' || typeof token !== 'string') return undefined
  return typeof expires === 'string' && URL.canParse(url) ? { url, user, token, expires } : undefined
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
  if (!(new Date(session.expires) > now())) throw new CliError('SESSION_EXPIRED', { url, expires: session.expires })
  return { url, token: session.token }
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
