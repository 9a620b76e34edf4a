import { foreign, h, row } from '../dom'
import type { SealFacts } from '../gateway'
import type { Paper, State } from '../state'
import type { Texts } from '../texts'
import { sealTitle } from './seal'
import { drawDate } from './time'

/** What a QR code leads to: the seal's facts as the service states them, under a banner that nothing is checked. */
export function drawPaper({ paper, check }: State, texts: Texts): HTMLElement | undefined {
  if (paper === undefined) return undefined
  const { paper: words } = texts
  if (check.phase === 'done') return h('p', { class: 'warn' }, words.compare)
  return h(
    'section',
    { class: 'paper', 'aria-labelledby': 'paper-title' },
    h('div', { class: 'paper-banner' }, h('h2', { id: 'paper-title' }, words.banner), h('p', {}, words.means)),
    h(
      'div',
      { class: 'paper-facts' },
      ...drawAnswer(paper, texts),
      h('p', { class: 'note' }, `${words.number}${texts.colon}`, h('code', {}, paper.id)),
    ),
  )
}

function drawAnswer({ answer }: Paper, texts: Texts): readonly HTMLElement[] {
  const { paper: words } = texts
  if (answer === 'waiting') return [h('p', {}, words.loading)]
  if (answer === 'unknown') return [h('p', { class: 'warn' }, words.unknown)]
  if (answer === 'unavailable') return [h('p', { class: 'warn' }, words.unavailable)]
  return [h('h3', {}, words.recorded), drawFacts(answer, texts), h('p', { class: 'note' }, words.recordedNote)]
}

function drawFacts(facts: SealFacts, texts: Texts): HTMLElement {
  const { seal, paper } = texts
  const kind = facts.institutionKind && seal.institutions[facts.institutionKind]
  const name = facts.institutionNames?.[texts.key] ?? facts.institution ?? texts.unknown
  const title = sealTitle({ sealKind: facts.sealKind ?? null, sealName: facts.sealName ?? null, sealId: null }, texts)
  const { recordedAt, useNumber, status } = facts
  return h(
    'dl',
    { class: 'facts' },
    row(seal.institution, foreign(name), kind && seal.kindInBrackets(kind)),
    row(seal.kind, foreign(title)),
    row(paper.time, timeText(facts.provenTime, texts)),
    ...(recordedAt === undefined ? [] : [row(paper.recordedAt, timeText(recordedAt, texts))]),
    ...(useNumber === undefined ? [] : [row(seal.useNumber, seal.useNumberValue(useNumber))]),
    ...(status === undefined ? [] : [row(paper.status, stateText(status, texts))]),
  )
}

function timeText(time: string | undefined, texts: Texts): HTMLElement | string {
  const at = time === undefined ? undefined : new Date(time)
  return at === undefined || Number.isNaN(at.getTime()) ? '—' : drawDate(at, texts)
}

function stateText(state: string, { paper, unknown }: Texts): string {
  const states: Readonly<Record<string, string>> = paper.states
  return Object.hasOwn(states, state) ? states[state] : unknown
}
