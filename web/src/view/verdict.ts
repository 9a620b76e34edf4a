import { printedCodeOf, type Report, type SealSignatureId, TrustFormat } from '@cinnabar/core'
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

/** Whose single word counts, in the trust that gave the verdicts. */
function operatorsOf(
  { signatures, deposits = [] }: Report,
  { trust, lists }: State,
  { key, comma, unknown }: Texts,
): string {
  const by = new Set([...signatures, ...deposits].flatMap(({ recognisedBy }) => recognisedBy?.fingerprint ?? []))
  const listed = lists.used.flatMap(({ list }) => list.consortia.map((one) => one.trust))
  const chosen = [...(trust ? [trust.trust] : []), ...listed.filter((one) => by.has(TrustFormat.digest(one)))]
  const names = new Set(chosen.flatMap(({ singleOperator }) => singleOperator?.name[key] ?? []))
  return names.size === 0 ? unknown : [...names].join(comma)
}

/** What limits the verdict stands beside it, whatever it is. */
function drawCaveats(report: Report, state: State, texts: Texts): readonly HTMLElement[] {
  const { verdict } = texts
  const { trust } = report
  const operator = operatorsOf(report, state, texts)
  const caveat = (name: string, meaning: string) =>
    h('p', { class: 'caveat' }, h('strong', {}, name), h('span', {}, meaning))
  return [
    ...(trust.singleOperator ? [caveat(verdict.singleOperator, verdict.singleOperatorMeans(operator))] : []),
    ...(trust.demonstration ? [caveat(verdict.demonstration, verdict.demonstrationMeans)] : []),
  ]
}
