import { type DepositReport, dateOf, type ListVerdict, type Recognition, type SignatureReport } from '@cinnabar/core'
import { foreign, h, row } from '../dom'
import type { Texts } from '../texts'
import { drawDate } from './time'

type Judged = Pick<SignatureReport | DepositReport, 'recognisedBy' | 'judgements'>

/** By which trust file or list a seal or deposit passed; nothing where there is only the reader's trust file. */
export function drawRecognised({ recognisedBy }: Judged, texts: Texts): readonly HTMLElement[] {
  const { lists: words } = texts
  if (recognisedBy === undefined) return []
  if (recognisedBy === null) return [row(words.recognised, words.byNone)]
  const { list, policy, withdrawnAt } = recognisedBy
  if (list === null) return [row(words.recognised, words.byOwn, ' · ', foreign(recognisedBy.name[texts.key]))]
  const more = [
    words.byList(list.name[texts.key], list.sequence),
    ...(policy === null ? [] : [words.policy(policy)]),
    ...(withdrawnAt === null ? [] : [words.withdrawn(withdrawnAt)]),
  ]
  const lines = more.map((one) => h('span', { class: 'line' }, foreign(one)))
  const until = h('span', { class: 'line' }, `${words.until} `, drawDate(dateOf(list.expires), texts))
  return [row(words.recognised, h('strong', {}, foreign(nameOf(recognisedBy, texts))), ...lines, until)]
}

/** What each trust file and list makes of it, for those who look closer. */
export function drawJudgements({ judgements = [] }: Judged, texts: Texts): readonly HTMLElement[] {
  const { lists: words, details } = texts
  if (judgements.length === 0) return []
  const head = [words.source, details.outcome, details.code].map((name) => h('th', { scope: 'col' }, name))
  const rows = judgements.map((one) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, foreign(sourceOf(one, texts))),
      h('td', {}, texts.outcome[one.outcome]),
      h('td', {}, h('code', {}, foreign(one.code))),
    ),
  )
  const table = h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows))
  return [h('h3', {}, words.judgements), h('div', { class: 'scroll', tabindex: '0' }, table)]
}

function sourceOf(one: ListVerdict, texts: Texts): string {
  const { list } = one
  if (list === null) return `${texts.lists.byOwn} · ${one.name[texts.key]}`
  return `${nameOf(one, texts)} · ${texts.lists.byList(list.name[texts.key], list.sequence)}`
}

function nameOf({ name, region }: Recognition, { key }: Texts): string {
  return region === null ? name[key] : `${name[key]} (${region})`
}
