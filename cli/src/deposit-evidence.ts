import { digestOfDocument, EvidenceError, readEvidence } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { depositsOfDigest } from './deposits'
import { fetchEvidence, noteMissing } from './fetch-evidence'
import { requireAccess } from './session'
import { tell } from './tell-error'
import { gatewayUrl } from './url'

/**
 * The evidence of the user's own deposits of a file, if logged in: the digest could be guessed, so only the institution is
 * told. Says what it sends, and what keeps it from asking.
 * @param gateway - the only one that may be asked, if one was named.
 * @throws {@link CliError} `URL_INVALID`, `SESSION_INVALID`, `GATEWAY_ANSWER_INVALID` when what it gave is no evidence of a deposit.
 */
export async function depositContainers(
  context: Context,
  file: Uint8Array,
  gateway: string | undefined,
): Promise<readonly Uint8Array[]> {
  const access = await accessIfAny(context)
  if (access === undefined || (gateway !== undefined && gatewayUrl(gateway) !== access.url)) return []
  const { texts, voice } = context
  voice.note(texts.note.askingDeposits(access.url))
  try {
    const ids = await depositsOfDigest(context, access, await digestOfDocument(file))
    if (ids.length === 0) return []
    const fetched = await fetchEvidence(context, access.url, ids, texts.note.askingDepositEvidence)
    noteMissing(context, fetched)
    return fetched.containers.map(({ id, bytes }) => requireOf(access.url, id, bytes))
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'GATEWAY_ANSWER_INVALID') throw error
    voice.note(texts.note.withoutEvidence(tell(error, texts).sentence))
    return []
  }
}

async function accessIfAny(context: Context) {
  try {
    return await requireAccess(context)
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'SESSION_INVALID' || error.code === 'URL_INVALID') throw error
    const isOut = error.code === 'NOT_LOGGED_IN' || error.code === 'SESSION_EXPIRED'
    // Offline a log-in cannot be renewed, and what is verified there needs none.
    if (!isOut) context.voice.note(context.texts.note.withoutEvidence(tell(error, context.texts).sentence))
    return undefined
  }
}

function requireOf(url: string, id: string, bytes: Uint8Array): Uint8Array {
  try {
    if (readEvidence(bytes).deposits.some((one) => one.id === id)) return bytes
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause
    throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `${cause.code}: ${cause.message}` }, cause)
  }
  throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `no evidence of ${id}` })
}
