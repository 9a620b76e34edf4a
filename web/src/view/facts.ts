import type { Check } from '@cinnabar/core'
import { foreign, h } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'

/** One fact: its outcome as a shape and a word, and a sentence. */
export function drawFact(
  { outcome }: Check,
  { name, sentence, texts }: { name: string; sentence: string; texts: Texts },
): HTMLElement {
  return h(
    'li',
    { class: `check ${outcome}` },
    outcomeIcon(outcome),
    h(
      'div',
      {},
      h('p', { class: 'check-name' }, name, h('span', { class: 'outcome-word' }, texts.outcome[outcome])),
      h('p', { class: 'check-sentence' }, sentence),
    ),
  )
}

/** The facts with their codes, clauses and details, for those who look closer. */
export function checkTable(
  checks: readonly Check[],
  { nameOf, texts }: { nameOf: (check: Check) => string; texts: Texts },
): HTMLElement {
  const { details } = texts
  const rows = checks.map((check) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, nameOf(check)),
      h('td', {}, h('code', {}, foreign(check.code))),
      h('td', {}, foreign(check.clause)),
      h('td', { lang: 'en' }, foreign(check.detail)),
    ),
  )
  const head = ['', details.code, details.clause, details.detail].map((name) => h('th', { scope: 'col' }, name))
  return h(
    'div',
    { class: 'scroll', tabindex: '0' },
    h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
  )
}
