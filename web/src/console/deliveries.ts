import { h } from '../dom'
import type { Delivery } from './api'
import { drawPages } from './pages'
import { choice, field, table, when, workButton } from './parts'
import type { Desk } from './screens'
import { eventWords } from './webhooks'

const PAGE = 20
const OUTCOMES = { waiting: 'indeterminate', delivered: 'passed', failed: 'failed' } as const

/** What a webhook was told and what waits to be told, newest event first. */
export function drawDeliveries(
  webhook: string,
  { desk, isAdmin }: { readonly desk: Desk; readonly isAdmin: boolean },
): HTMLElement {
  const { api, texts } = desk
  const { webhooks: words, older, newer, none } = texts.console
  const state = choice(`state-of-${webhook}`, [['', words.anyState], ...Object.entries(words.states)])
  const pages = drawPages<string>({
    texts,
    back: newer,
    on: older,
    load: async (cursor) => {
      const wanted = state.value === '' ? undefined : state.value
      const { deliveries, next } = await api.deliveries(webhook, { limit: PAGE, cursor, state: wanted })
      if (deliveries.length === 0) return { content: [h('p', {}, none)], next }
      const again = async (id: string) => {
        await api.redeliver(webhook, id)
        await pages.restart()
      }
      return { content: [drawTable(deliveries, { desk, again: isAdmin ? again : undefined })], next }
    },
  })
  state.addEventListener('change', () => void pages.restart())
  void pages.restart()
  return h('div', {}, field(words.stateTitle, state), pages.element)
}

interface TableParts {
  readonly desk: Desk
  /** Sends one again; absent for whoever may not. */
  readonly again: ((id: string) => Promise<void>) | undefined
}

function drawTable(deliveries: readonly Delivery[], { desk, again }: TableParts): HTMLElement {
  const { texts } = desk
  const { webhooks: words } = texts.console
  const { columns } = words
  return table<Delivery>(
    words.deliveries,
    [
      { head: columns.time, class: 'time', cell: ({ at }) => [when(at, texts)] },
      { head: columns.event, cell: ({ type }) => [eventWords(type, desk)] },
      {
        head: columns.state,
        cell: ({ state }) => [h('span', { class: `state ${OUTCOMES[state]}` }, words.states[state])],
      },
      { head: columns.last, cell: (one) => [lastAttempt(one, desk)] },
      ...(again ? [{ head: columns.action, cell: ({ id }: Delivery) => [drawAgain(() => again(id), desk)] }] : []),
    ],
    { rows: deliveries },
  )
}

function lastAttempt({ attempts, nextAt }: Delivery, { texts }: Desk): HTMLElement | undefined {
  const last = attempts.at(-1)
  const { webhooks: words } = texts.console
  if (last === undefined) return undefined
  const { code, status } = last
  const why = code === undefined ? words.taken : Object.hasOwn(words.codes, code) ? words.codes[code] : code
  const said = status === undefined ? why : `${why} (HTTP ${status})`
  const next = nextAt === undefined ? undefined : h('span', { class: 'note why' }, words.next, ' ', when(nextAt, texts))
  return h('span', {}, said, h('span', { class: 'note why' }, words.attempts(attempts.length)), next)
}

function drawAgain(work: () => Promise<void>, { texts }: Desk): HTMLElement {
  const problem = h('span', { role: 'alert' })
  const label = texts.console.webhooks.again
  return h('span', {}, workButton(label, { texts, problem, work, attributes: { class: 'small' } }), problem)
}
