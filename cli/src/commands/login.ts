import { TrustFormat } from '@cinnabar/core'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { ask, askObject, jsonBody } from '../gateway'
import { keepPrivately } from '../output-file'
import { pinnedTrustPath } from '../places'
import { askLine, askSecret, secretFromInput } from '../prompt'
import { type Session, saveSession, sessionOf, sessionUrl } from '../session'
import { tell } from '../tell-error'
import { MAX_TRUST_BYTES, parsedTrust, pinnedTrust } from '../trust'
import { DEFAULT_URL, gatewayUrl, isOpenLine } from '../url'
import { whileWaiting } from '../wait'

/** What `cinnabar login` was told. */
export interface LoginOptions {
  readonly url?: string
  readonly user?: string
  readonly passwordStdin?: boolean
  readonly json?: boolean
}

/** Logs in, keeps the session, and pins the gateway's trust file if none is pinned yet. */
export async function login(context: Context, options: LoginOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const told = options.url || surroundings.env.CINNABAR_URL
  const url = told ? gatewayUrl(told) : ((await sessionUrl(context)) ?? DEFAULT_URL)
  if (isOpenLine(url)) voice.note(texts.note.openLine(url))
  const user = options.user || (await askLine(surroundings, texts.note.userQuestion(url)))
  const password = options.passwordStdin
    ? await secretFromInput(surroundings)
    : await askSecret(surroundings, texts.note.passwordQuestion)
  if (password === '') throw new CliError('PASSWORD_EMPTY')
  voice.hide(password)
  const session = await openSession(context, url, { user, password })
  await saveSession(session, context)
  voice.note(texts.note.loggedIn(user, url, session.refreshExpires ?? session.expires))
  await pinOnFirstUse(context, url)
  const { expires, refreshExpires } = session
  if (options.json) voice.json({ url, user, expires, ...(refreshExpires && { refreshExpires }) })
  return EXIT.passed
}

interface Credentials {
  readonly user: string
  readonly password: string
}

async function openSession(context: Context, url: string, credentials: Credentials): Promise<Session> {
  const { texts } = context
  const path = '/v1/sessions'
  const asking = askObject(url, { method: 'POST', path, body: jsonBody(credentials), language: texts.language })
  const answer = await whileWaiting(context, texts.note.loggingIn, asking)
  return sessionOf(context, { url, user: credentials.user, what: `POST ${path}` }, answer)
}

/**
 * The first gateway that the user logs in to may say whom to trust; from then on nobody changes that but the user.
 * That it could not be pinned does not undo the log-in.
 */
async function pinOnFirstUse(context: Context, url: string): Promise<void> {
  const { surroundings, texts, voice } = context
  try {
    const served = await servedTrust(url)
    const pinned = await pinnedTrust(context)
    const path = pinnedTrustPath(surroundings)
    if (pinned === undefined) {
      await keepPrivately(path, TrustFormat.encode(served.trust))
      for (const line of texts.note.trustPinned(path, served.fingerprint)) voice.note(line)
    } else if (pinned.fingerprint !== served.fingerprint) {
      for (const line of texts.note.trustChanged({ path, pinned: pinned.fingerprint, served: served.fingerprint })) {
        voice.note(line)
      }
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    voice.note(texts.note.trustNotPinned(tell(error, texts).sentence))
  }
}

async function servedTrust(url: string) {
  const path = '/v1/trust'
  return parsedTrust(await ask(url, { method: 'GET', path, maxBytes: MAX_TRUST_BYTES }), `${url}${path}`)
}
