import { foreign, h } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import { spaced } from '../view/trust'
import type { Book, BookGap } from './api'

/** More than anybody reads at a glance; all of them are in the CSV. */
const MAX_SHOWN = 50

/** Whether the book is whole, before anything else on the screen; each gap with its number. */
export function drawFindings(book: Book, texts: Texts): HTMLElement {
  const { book: words } = texts.console
  const { gaps, complete, asOf, lastNumber } = book
  const outcome = complete ? 'passed' : 'failed'
  const shown = gaps.slice(0, MAX_SHOWN).map((gap) => h('li', {}, words.gap(gap.number, gapText(gap, texts))))
  const more = gaps.length > MAX_SHOWN ? [h('li', {}, words.more(gaps.length - MAX_SHOWN))] : []
  return h(
    'section',
    { class: `verdict ${outcome}`, role: complete ? 'status' : 'alert', id: 'book-finding' },
    h('div', { class: 'verdict-head' }, outcomeIcon(outcome), h('h2', {}, titleOf(book, texts))),
    lastNumber === 0 && complete
      ? undefined
      : h('p', { class: 'verdict-means' }, complete ? words.completeMeans : words.incompleteMeans),
    complete ? undefined : h('ul', { class: 'reasons' }, ...shown, ...more),
    h('p', { class: 'note' }, words.compared(asOf.size), ' ', h('code', { class: 'fingerprint' }, spaced(asOf.root))),
  )
}

function titleOf({ complete, gaps, lastNumber }: Book, { console: { book: words } }: Texts): string {
  if (!complete) return words.incomplete(gaps.length)
  if (lastNumber === 0) return words.unused
  return lastNumber === 1 ? words.completeOne : words.complete(lastNumber)
}

/** What is missing, without its number. */
export function gapText({ code, index }: BookGap, { console: { book: words }, seal }: Texts): string {
  const what = Object.hasOwn(words.gaps, code) ? words.gaps[code as keyof typeof words.gaps] : foreign(code).textContent
  return `${what ?? ''}${index === undefined ? '' : seal.kindInBrackets(words.entry(index))}`
}
