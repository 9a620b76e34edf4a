import { type Digest, digestOfDocument } from '@cinnabar/core'
import { h, printable } from '../dom'
import { MAX_FILE_BYTES } from '../files'
import type { Texts } from '../texts'
import type { ConsoleApi, DepositLine, DepositState } from './api'
import { saveBlob, workButton } from './parts'

/** A state in words, with the colour of a good or bad end. */
export function stateWords(state: DepositState, texts: Texts): HTMLElement {
  const isBad = state === 'refused' || state === 'failed'
  const outcome = isBad ? 'failed' : state === 'anchored' ? 'passed' : 'indeterminate'
  return h('span', { class: `state ${outcome}` }, texts.console.deposits.states[state])
}

/** Gives the evidence of a deposit, once it is recorded. */
export function evidenceButton(
  { id, name, digest, state }: DepositLine,
  { api, texts }: { api: ConsoleApi; texts: Texts },
): HTMLElement | undefined {
  if (state !== 'anchored') return undefined
  const { deposits: words } = texts.console
  const file = name ?? digest.slice('sha256:'.length).slice(0, 12)
  const problem = h('span', { role: 'alert' })
  const work = async () => saveBlob(`${file}.evidence.zip`, await api.evidence(id))
  const attributes = { class: 'small', 'aria-label': words.evidenceOf(printable(file)) }
  return h('span', {}, workButton(words.evidence, { texts, problem, work, attributes }), problem)
}

/** Hashes a file in this page. @returns why not, if it cannot be. */
export async function hashFile(file: File): Promise<{ readonly digest: Digest } | 'tooLarge' | 'unreadable'> {
  if (file.size > MAX_FILE_BYTES) return 'tooLarge'
  try {
    return { digest: await digestOfDocument(new Uint8Array(await file.arrayBuffer())) }
  } catch (error) {
    console.warn(error)
    return 'unreadable'
  }
}
