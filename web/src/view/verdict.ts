import { printedCodeOf, type Report, type SealSignatureId } from '@cinnabar/core'
import { h } from '../dom'
import { outcomeIcon } from '../icons'
import type { State } from '../state'
import type { Texts } from '../texts'
import { verdictOf } from '../wording'

/** The verdict, before anything else: a shape, words, a colour, what it means and what to do. */
export function drawVerdict(state: State, texts: Texts): HTMLElement | undefined {
  const { check } = state
  if (check.phase === 'working') return h('p', { class: 'working' }, texts.working[check.step])
  if (check.phase !== 'done') return undefined
  const verdict = verdictOf(check.report, texts)
  const reasons = verdict.reasons.map((reason) => h('li', {}, reason))
  return h(
    'section',
    { class: `verdict ${verdict.outcome}`, 'aria-labelledby': 'verdict-title' },
    h(
      'div',
      { class: 'verdict-head' },
      outcomeIcon(verdict.outcome),
      h('h2', { id: 'verdict-title', tabindex: '-1' }, verdict.title),
    ),
    h('p', { class: 'verdict-means' }, verdict.means),
    reasons.length > 0 ? h('ul', { class: 'reasons' }, ...reasons) : undefined,
    h('h3', {}, texts.verdict.whatToDo),
    ...verdict.whatToDo.map((what) => h('p', { class: 'what-to-do' }, what)),
    drawPaperMatch(state, check.ids, texts),
    ...(check.report.signatures.length === 0 && check.report.deposits === undefined
      ? []
      : drawCaveats(check.report, state, texts)),
  )
}

function drawPaperMatch({ paper }: State, ids: readonly string[], { verdict }: Texts): HTMLElement | undefined {
  if (paper === undefined) return undefined
  const same = ids.some((id) => printedCodeOf(id as SealSignatureId) === paper.id)
  return h('p', { class: same ? 'paper-match' : 'paper-match other' }, same ? verdict.paperSame : verdict.paperOther)
}

/** What limits the verdict stands beside it, whatever it is. */
function drawCaveats({ trust }: Report, state: State, texts: Texts): readonly HTMLElement[] {
  const { verdict } = texts
  const operator = state.trust?.trust.singleOperator?.name[texts.key] ?? texts.unknown
  const caveat = (name: string, meaning: string) =>
    h('p', { class: 'caveat' }, h('strong', {}, name), h('span', {}, meaning))
  return [
    ...(trust.singleOperator ? [caveat(verdict.singleOperator, verdict.singleOperatorMeans(operator))] : []),
    ...(trust.demonstration ? [caveat(verdict.demonstration, verdict.demonstrationMeans)] : []),
  ]
}
