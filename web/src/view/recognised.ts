import {
  type DepositReport,
  dateOf,
  type ListVerdict,
  type Recognition,
  type SignatureReport,
  type Time,
} from '@cinnabar/core'
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
  const more = [words.byList(list.name[texts.key], list.sequence), ...(policy === null ? [] : [words.policy(policy)])]
  const lines = more.map((one) => h('span', { class: 'line' }, foreign(one)))
  const dated = (label: string, time: Time) => h('span', { class: 'line' }, `${label} `, drawDate(dateOf(time), texts))
  const until = dated(words.until, list.expires)
  const end = withdrawnAt === null ? undefined : dated(words.withdrawn, withdrawnAt)
  return [row(words.recognised, h('strong', {}, foreign(nameOf(recognisedBy, texts))), ...lines, until, end)]
}

/** What each trust file and list makes of it, for those who look closer. */
export function drawJudgements({ judgements = [] }: Judged, texts: Texts): readonly HTMLElement[] {
  if (judgements.length === 0) return []
  const lines = judgements.map((one) =>
    h(
      'li',
      {},
      foreign(sourceOf(one, texts)),
      h('span', { class: 'line' }, `${texts.outcome[one.outcome]} · `, h('code', {}, foreign(one.code))),
    ),
  )
  return [h('h3', {}, texts.lists.judgements), h('ul', { class: 'plain' }, ...lines)]
}

function sourceOf(one: ListVerdict, texts: Texts): string {
  const { list } = one
  if (list === null) return `${texts.lists.byOwn} · ${one.name[texts.key]}`
  return `${nameOf(one, texts)} · ${texts.lists.byList(list.name[texts.key], list.sequence)}`
}

function nameOf({ name, region }: Recognition, { key }: Texts): string {
  return region === null ? name[key] : `${name[key]} (${region})`
}
