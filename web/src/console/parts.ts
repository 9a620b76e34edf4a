import { type Digest, dateOf, type Time } from '@cinnabar/core'
import { button, foreign, h } from '../dom'
import type { Texts } from '../texts'
import { describeTime, describeTimeShortly } from '../when'
import { ApiError } from './http'

type Content = Node | string | undefined

/** An input with its label. */
export function field(label: string, input: HTMLElement, hint?: string): HTMLElement {
  const note = hint === undefined ? undefined : h('span', { class: 'note', id: `${input.id}-hint` }, hint)
  if (note) input.setAttribute('aria-describedby', note.id)
  return h('p', { class: 'field' }, h('label', { for: input.id }, label), input, note)
}

/** One of several, by value. */
export function choice(id: string, options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  return h('select', { id }, ...options.map(([value, label]) => h('option', { value }, label)))
}

/** Shows what the service refused and what it advises; anything else is our own fault and goes on. */
export function tell(place: HTMLElement, error: unknown, texts: Texts) {
  if (!(error instanceof ApiError)) throw error
  const words = texts.console
  const known = Object.hasOwn(words.refusals, error.code) ? words.refusals[error.code] : undefined
  const said =
    error.code === 'UNREACHABLE' ? [words.unreachable] : known === undefined ? [error.message, error.advice] : [known]
  place.replaceChildren(
    h(
      'div',
      { class: 'warn' },
      ...said.filter(Boolean).map((line) => h('p', {}, foreign(line))),
      h('p', { class: 'note' }, words.code(error.code)),
    ),
  )
}

/** A form that says what was refused; its button rests while it works. */
export function form(
  texts: Texts,
  submit: string,
  { fields, send, after }: { fields: readonly Content[]; send: () => Promise<void>; after?: Content },
): HTMLFormElement {
  const problem = h('div', { role: 'alert' })
  const go = h('button', { class: 'primary', type: 'submit' }, submit)
  const element = h('form', { class: 'console-form' }, ...fields, problem, h('div', { class: 'buttons' }, go), after)
  element.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.replaceChildren()
    go.disabled = true
    send()
      .catch((error) => tell(problem, error, texts))
      .finally(() => {
        go.disabled = false
      })
  })
  return element
}

/** A button for work that takes a while and may be refused; refusals are told in `problem`. */
export function workButton(label: string, { work, problem, texts, attributes = {} }: WorkButton): HTMLButtonElement {
  const element = button(
    label,
    () => {
      problem.replaceChildren()
      element.disabled = true
      work()
        .catch((error) => tell(problem, error, texts))
        .finally(() => {
          element.disabled = false
        })
    },
    attributes,
  )
  return element
}
interface WorkButton {
  readonly work: () => Promise<void>
  readonly problem: HTMLElement
  readonly texts: Texts
  readonly attributes?: Readonly<Record<string, string>>
}

/** A button that is asked twice: what it does cannot be taken back. */
export function surely({ ask, sure, work, texts }: Surely): HTMLElement {
  const problem = h('span', { role: 'alert' })
  const place = h('span')
  const rest = () => place.replaceChildren(button(ask, askAgain, { class: 'small' }))
  const askAgain = () => {
    const go = workButton(sure, { texts, problem, work, attributes: { class: 'small danger' } })
    place.replaceChildren(go, ' ', button(texts.console.cancel, rest, { class: 'small' }))
    go.focus()
  }
  rest()
  return h('span', {}, place, problem)
}
interface Surely {
  readonly ask: string
  readonly sure: string
  readonly work: () => Promise<void>
  readonly texts: Texts
}

/** What is shown this once, to be copied. @param said - that it is. */
export function secretShown(
  secret: string,
  { id, said, texts }: { readonly id: string; readonly said: string; readonly texts: Texts },
): HTMLElement {
  const { copy: label, copied } = texts.console.keys
  const copy = button(label, () => {
    navigator.clipboard
      .writeText(secret)
      .then(() => {
        copy.textContent = copied
      })
      .catch(console.warn)
  })
  return h(
    'div',
    { class: 'warn once' },
    h('p', {}, h('strong', {}, said)),
    h('p', {}, h('code', { id }, secret)),
    copy,
  )
}

/** One column of a table. */
export interface Column<T> {
  readonly head: string
  readonly cell: (row: T) => readonly Content[]
  readonly class?: string
}

/** A table that becomes a list of cards where it is narrow: each cell then says what it is. */
export function table<T>(
  label: string,
  columns: readonly Column<T>[],
  { rows, classOf = () => undefined }: { rows: readonly T[]; classOf?: (row: T) => string | undefined },
): HTMLElement {
  const head = columns.map((one) => h('th', { scope: 'col', class: one.class }, one.head))
  const body = rows.map((row) =>
    h(
      'tr',
      { class: classOf(row) },
      ...columns.map((one) => h('td', { class: one.class, 'data-label': one.head }, ...one.cell(row))),
    ),
  )
  return h(
    'table',
    { class: 'listing', 'aria-label': label },
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...body),
  )
}

/** A digest by its first and last digits; whole to who points at it, and to screen readers. */
export function shortDigest(digest: Digest): HTMLElement {
  const hex = digest.slice(digest.indexOf(':') + 1)
  return h('code', { class: 'digest', title: digest, 'aria-label': digest }, `${hex.slice(0, 8)}…${hex.slice(-8)}`)
}

/** A time of the service, in UTC and where the reader is. */
export function when(time: Time, texts: Texts): HTMLElement {
  const at = dateOf(time)
  const lines = describeTimeShortly(at).map((line) => h('span', { class: 'time-part' }, line))
  return h('time', { datetime: time, title: describeTime(at, texts).join(texts.comma) }, ...lines)
}

/** A part of a screen under its heading. */
export function panel(title: string, ...contents: readonly Content[]): HTMLElement {
  return h('section', { class: 'panel', 'aria-label': title }, h('h2', {}, title), ...contents)
}

/** A button that shows in its place what `draw` gives, and takes it away again. */
export function foldOut(
  { show, hide }: { readonly show: string; readonly hide: string },
  draw: () => HTMLElement,
): { readonly open: HTMLButtonElement; readonly place: HTMLElement } {
  const place = h('div')
  const open = button(show, () => {
    const isOpen = place.childElementCount > 0
    open.textContent = isOpen ? show : hide
    open.ariaExpanded = String(!isOpen)
    place.replaceChildren(...(isOpen ? [] : [draw()]))
  })
  open.className = 'small'
  open.ariaExpanded = 'false'
  return { open, place }
}

/** Offers bytes as a file. */
export function saveBlob(name: string, blob: Blob) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
