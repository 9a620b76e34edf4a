import { type Api, connect, Refusal } from '@cinnabar/client'
import { CliError } from './cli-error'
import type { Context } from './context'
import { reasonOf } from './gateway'
import { requireAccess } from './session'
import { isOpenLine } from './url'
import { whileWaiting } from './wait'

/** The service that the user is logged in to. */
export interface Service {
  readonly url: string
  /**
   * Asks it by the client that is made from its OpenAPI document.
   * @throws {@link CliError} `PROBLEM` for a refusal, `GATEWAY_UNREACHABLE`, `GATEWAY_ANSWER_INVALID` for what is not JSON.
   */
  ask<T>(work: (api: Api) => Promise<T>): Promise<T>
}

/** @throws {@link CliError} as {@link requireAccess}. */
export async function requireService(context: Context): Promise<Service> {
  const { texts, voice } = context
  const { url, token } = await requireAccess(context)
  if (isOpenLine(url)) voice.note(texts.note.openLine(url))
  const spoken: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...init?.headers, 'accept-language': texts.language } })
  const api = connect({ url, token, fetch: spoken })
  return {
    url,
    async ask(work) {
      try {
        return await whileWaiting(context, texts.note.asking(url), work(api))
      } catch (cause) {
        throw errorOf(url, cause)
      }
    },
  }
}

function errorOf(url: string, cause: unknown): CliError {
  if (cause instanceof CliError) return cause
  if (cause instanceof Refusal) {
    const { status, code, message: detail, advice } = cause
    return new CliError('PROBLEM', { status, code, detail, advice }, cause)
  }
  if (cause instanceof SyntaxError) return new CliError('GATEWAY_ANSWER_INVALID', { url, what: cause.message }, cause)
  return new CliError('GATEWAY_UNREACHABLE', { url, reason: reasonOf(cause) }, cause)
}

/** @throws {@link CliError} `GATEWAY_ANSWER_INVALID` unless the answer's member is a list. */
export function listIn<T>(url: string, what: string, list: readonly T[] | undefined): readonly T[] {
  if (Array.isArray(list)) return list
  throw new CliError('GATEWAY_ANSWER_INVALID', { url, what })
}
