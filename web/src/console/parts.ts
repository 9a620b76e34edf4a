import { foreign, h } from '../dom'
import type { Texts } from '../texts'
import { ApiError } from './api'

/** An input with its label. */
export function field(label: string, input: HTMLElement): HTMLElement {
  return h('p', { class: 'field' }, h('label', { for: input.id }, label), input)
}

/** Shows what the service refused and what it advises; anything else is our own fault and goes on. */
export function tell(place: HTMLElement, error: unknown, texts: Texts) {
  if (!(error instanceof ApiError)) throw error
  const said = error.code === 'UNREACHABLE' ? [texts.console.unreachable] : [error.message, error.advice]
  place.replaceChildren(
    h(
      'div',
      { class: 'warn' },
      ...said.filter(Boolean).map((line) => h('p', {}, foreign(line))),
      h('p', { class: 'note' }, texts.console.code(error.code)),
    ),
  )
}

/** Offers bytes as a file. */
export function saveBlob(name: string, blob: Blob) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
