import { foreign, h } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import type { PeopleEvent } from './api'
import { drawPages } from './pages'
import { table, when } from './parts'
import type { Desk } from './screens'

const PAGE = 50
/** Somebody may be where they should not be. */
const ALARMS: readonly string[] = ['tokenReused', 'loginLimited']

const isAlarm = ({ kind }: PeopleEvent) => ALARMS.includes(kind)

/** What happened to the institution's people and their log-ins: alarms stand out. */
export async function drawEvents({ api, texts }: Desk): Promise<HTMLElement> {
  const { events: words, older, newer, none } = texts.console
  const pages = drawPages<string>({
    texts,
    back: newer,
    on: older,
    load: async (after) => {
      const { events, next } = await api.events({ order: 'descending', limit: PAGE, after })
      if (events.length === 0) return { content: [h('p', {}, none)], next }
      return { content: [drawAlarms(events.filter(isAlarm).length, texts), drawTable(events, texts)], next }
    },
  })
  await pages.restart()
  return h('div', { class: 'stack' }, h('h1', {}, words.title), h('p', { class: 'lead' }, words.about), pages.element)
}

function drawAlarms(count: number, texts: Texts): HTMLElement {
  const { events: words } = texts.console
  const outcome = count > 0 ? 'failed' : 'passed'
  return h(
    'section',
    { class: `verdict ${outcome}`, role: count > 0 ? 'alert' : 'status', id: 'alarms' },
    h(
      'div',
      { class: 'verdict-head' },
      outcomeIcon(outcome),
      h('h2', {}, count > 0 ? words.alarms(count) : words.noAlarms),
    ),
    count > 0 ? h('p', { class: 'verdict-means' }, words.alarmMeans) : undefined,
  )
}

function drawTable(events: readonly PeopleEvent[], texts: Texts): HTMLElement {
  const { events: words } = texts.console
  const { columns, kinds } = words
  const what = (kind: string) => (Object.hasOwn(kinds, kind) ? kinds[kind] : kind)
  return table<PeopleEvent>(
    words.title,
    [
      { head: columns.time, class: 'time', cell: ({ at }) => [when(at, texts)] },
      {
        head: columns.what,
        cell: (one) => [isAlarm(one) ? h('strong', { class: 'tag' }, words.alarm) : undefined, what(one.kind)],
      },
      { head: columns.subject, cell: ({ subject }) => [foreign(subject)] },
      { head: columns.by, cell: ({ by }) => [by === undefined ? '' : foreign(by)] },
      { head: columns.address, cell: ({ address }) => [address === undefined ? '' : foreign(address)] },
    ],
    { rows: events, classOf: (one) => (isAlarm(one) ? 'gap' : undefined) },
  )
}
