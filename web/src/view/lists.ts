import { dateOf, outOfForce, type RecognisedConsortium } from '@cinnabar/core'
import type { Actions } from '../app'
import { button, foreign, h, row } from '../dom'
import type { State } from '../state'
import type { Texts } from '../texts'
import type { ListChosen } from '../trust-lists'
import { drawDate } from './time'
import { chooseButton, spaced } from './trust'

/** Which consortia the reader's lists recognise, who publishes them, and by which keys. */
export function drawLists({ lists, checkedAt }: ListsShown, texts: Texts, actions: Actions): HTMLElement {
  const { lists: words } = texts
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'lists-title' },
    h('h2', { id: 'lists-title' }, words.heading),
    h('p', {}, words.about),
    ...(lists.used.length + lists.waiting.length === 0 ? [h('p', { class: 'note' }, words.none)] : []),
    ...lists.waiting.map((one) => drawWaiting(one, texts, actions)),
    ...lists.used.flatMap((one) => drawUsed(one, { texts, actions, at: checkedAt })),
    lists.used.length === 0 ? undefined : h('p', { class: 'note' }, lists.kept ? words.remembered : words.notKept),
    h('div', { class: 'buttons' }, chooseButton(words.choose, actions, 'list')),
  )
}

/** What of the state the panel shows. */
export interface ListsShown extends Pick<State, 'lists'> {
  readonly checkedAt: Date
}

function drawWaiting(one: ListChosen, texts: Texts, actions: Actions): HTMLElement {
  const { lists: words } = texts
  return h(
    'div',
    { class: 'warn', role: 'alert' },
    h('p', {}, words.waiting(one.fileName)),
    one.together ? h('p', {}, words.together) : undefined,
    drawFacts(one, texts),
    h(
      'div',
      { class: 'buttons' },
      button(words.leave, () => actions.forgetList(one.key), { class: 'primary' }),
      button(words.use, () => actions.useList(one.key)),
    ),
  )
}

interface Used {
  readonly texts: Texts
  readonly actions: Actions
  readonly at: Date
}

function drawUsed(one: ListChosen, { texts, actions, at }: Used): readonly HTMLElement[] {
  const { lists: words } = texts
  const over = outOfForce(one.list, at) === undefined ? [] : [h('p', { class: 'warn' }, words.over)]
  const leave = button(words.remove, () => actions.forgetList(one.key))
  return [drawFacts(one, texts), ...over, h('div', { class: 'buttons' }, leave)]
}

function drawFacts({ list, key }: ListChosen, texts: Texts): HTMLElement {
  const { lists: words } = texts
  return h(
    'dl',
    { class: 'facts' },
    row(words.name, h('strong', {}, foreign(list.name[texts.key])), ` · ${words.version(list.sequence)}`),
    row(words.operator, foreign(list.operator.name[texts.key])),
    row(words.key, h('code', { class: 'fingerprint' }, spaced(key))),
    row(words.from, drawDate(dateOf(list.issued), texts)),
    row(words.until, drawDate(dateOf(list.expires), texts)),
    row(words.recognises, h('ul', { class: 'plain' }, ...list.consortia.map((one) => drawConsortium(one, texts)))),
  )
}

function drawConsortium({ trust, region, withdrawnAt }: RecognisedConsortium, texts: Texts): HTMLElement {
  const name = [foreign(trust.name[texts.key]), ` (${region})`]
  if (withdrawnAt === undefined) return h('li', {}, ...name)
  return h(
    'li',
    {},
    ...name,
    h('span', { class: 'line' }, `${texts.lists.withdrawn} `, drawDate(dateOf(withdrawnAt), texts)),
  )
}
