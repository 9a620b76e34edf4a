import { type Check, type DepositReport, dateOf, type Report } from '@cinnabar/core'
import { foreign, h, row } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import { describeSpan } from '../when'
import { depositFactOf, depositSentenceOf, holds } from '../wording'
import { checkTable, drawFact } from './facts'
import { drawJudgements, drawRecognised } from './recognised'
import { drawDate } from './time'

/** One deposit of the file: by whom, when, and its three facts. */
export function drawDeposit({ deposits = [] }: Report, index: number, texts: Texts): HTMLElement {
  const deposit = deposits[index]
  const { deposit: words } = texts
  return h(
    'article',
    { class: `seal ${deposit.outcome}`, id: `deposit-${index + 1}`, tabindex: '-1' },
    h(
      'header',
      { class: 'seal-head' },
      outcomeIcon(deposit.outcome),
      h('h2', {}, words.heading(index + 1, deposits.length)),
      h('span', { class: 'outcome-word' }, texts.outcome[deposit.outcome]),
    ),
    drawWho(deposit, texts),
    h('h3', {}, words.facts),
    h('ul', { class: 'checks' }, ...deposit.checks.map((check) => drawCheck(check, texts))),
    drawDetails(deposit, texts),
  )
}

function drawCheck(check: Check, texts: Texts): HTMLElement {
  return drawFact(check, { name: depositFactOf(check, texts).name, sentence: depositSentenceOf(check, texts), texts })
}

/** Who deposited it is a claim until the record holds. */
function drawWho(deposit: DepositReport, texts: Texts): HTMLElement {
  const { seal, deposit: words } = texts
  const { recorded, provenTime, institutionNames, institution, institutionKind } = deposit
  const name = institutionNames?.[texts.key] ?? institution
  const kind = institutionKind === null ? undefined : seal.kindInBrackets(seal.institutions[institutionKind])
  const who = holds(deposit, 'anchor')
    ? [h('strong', {}, foreign(name)), kind]
    : [h('span', {}, seal.claimBefore, foreign(name), seal.claimAfter)]
  return h(
    'dl',
    { class: 'facts' },
    row(words.institution, ...who),
    row(seal.provenTime, provenTime === null ? seal.notProven : drawDate(dateOf(provenTime), texts)),
    ...(recorded === null ? [] : [row(seal.attestedBy, foreign(recorded.attestedBy.join(texts.comma)))]),
    ...drawRecognised(deposit, texts),
  )
}

function drawDetails(deposit: DepositReport, texts: Texts): HTMLElement {
  const { id, subIndication, recorded, checks } = deposit
  const { details, deposit: words, seal } = texts
  const code = (text: string) => h('code', {}, foreign(text))
  const table = checkTable(checks, { nameOf: (check) => depositFactOf(check, texts).name, texts })
  const at = recorded?.recordedAt ?? null
  const delay = recorded?.delaySeconds ?? null
  return h(
    'details',
    {},
    h('summary', {}, details.summary),
    table,
    h(
      'dl',
      { class: 'facts' },
      row(details.sub, code(subIndication ?? '—')),
      row(words.id, code(id)),
      ...(recorded === null
        ? []
        : [row(details.index, String(recorded.index)), row(seal.register, seal.asOf(recorded.asOfSize))]),
      ...(at === null
        ? []
        : [
            row(
              seal.recorded,
              drawDate(dateOf(at), texts),
              delay === null ? undefined : ` · ${seal.recordedAfter(describeSpan(delay, texts))}`,
            ),
          ]),
    ),
    ...drawJudgements(deposit, texts),
  )
}
