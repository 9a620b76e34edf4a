import { foreign, h } from '../dom'
import type { Webhook } from './api'
import { drawDeliveries } from './deliveries'
import { field, foldOut, form, panel, secretShown, surely, when, workButton } from './parts'
import type { Desk } from './screens'

/** Addresses of the institution that are told of events, and what each was told. */
export async function drawWebhooks(desk: Desk): Promise<HTMLElement> {
  const { api, texts, person } = desk
  const { webhooks: words } = texts.console
  const isAdmin = person.roles.includes('admin')
  const list = h('div', { 'aria-live': 'polite' })
  const reload = async () => {
    const found = await api.webhooks()
    const items = found.map((one) => drawOne(one, { desk, reload, isAdmin }))
    list.replaceChildren(items.length === 0 ? h('p', {}, texts.console.none) : h('ul', { class: 'jobs' }, ...items))
  }
  await reload()
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.title),
    h('p', { class: 'lead' }, words.about),
    panel(words.listTitle, list),
    isAdmin ? drawAdd(desk, reload) : undefined,
  )
}

interface Parts {
  readonly desk: Desk
  readonly reload: () => Promise<void>
  readonly isAdmin: boolean
}

function drawOne(webhook: Webhook, { desk, reload, isAdmin }: Parts): HTMLElement {
  const { texts } = desk
  const { webhooks: words, deposits } = texts.console
  const { open, place } = foldOut({ show: words.deliveries, hide: deposits.hide }, () =>
    drawDeliveries(webhook.id, { desk, isAdmin }),
  )
  const events = webhook.events.map((one) => eventWords(one, desk)).join(texts.comma)
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'job' },
      h('p', { class: 'job-title' }, foreign(webhook.description ?? new URL(webhook.url).host)),
      stateOf(webhook, desk),
      h('p', { class: 'job-by' }, h('code', { class: 'address' }, foreign(webhook.url))),
      h('div', { class: 'job-act' }, open),
    ),
    h('p', { class: 'note' }, events),
    webhook.failingSince
      ? h('p', { class: 'note' }, words.failingSince, ' ', when(webhook.failingSince, texts))
      : undefined,
    isAdmin ? drawActs(webhook, { desk, reload }) : undefined,
    place,
  )
}

function stateOf({ status, offReason, failingSince }: Webhook, { texts }: Desk): HTMLElement {
  const { webhooks: words } = texts.console
  if (status === 'off') return h('span', { class: 'state failed' }, words.off[offReason ?? 'byAdmin'])
  return h(
    'span',
    { class: `state ${failingSince === undefined ? 'passed' : 'indeterminate'}` },
    failingSince === undefined ? words.on : words.failing,
  )
}

/** An event's kind in words. */
export function eventWords(type: string, { texts }: Desk): string {
  const { events } = texts.console.webhooks
  return Object.hasOwn(events, type) ? events[type] : type
}

function drawActs(webhook: Webhook, { desk, reload }: Omit<Parts, 'isAdmin'>): HTMLElement {
  const { api, texts } = desk
  const { webhooks: words } = texts.console
  const { id, url, events, description, status } = webhook
  const problem = h('span', { role: 'alert' })
  const said = h('div', { 'aria-live': 'polite' })
  const act = (label: string, work: () => Promise<void>) =>
    workButton(label, { texts, problem, work, attributes: { class: 'small' } })
  const turn = async () => {
    const other = status === 'on' ? 'off' : 'on'
    await api.setWebhook(id, { url, events, status: other, ...(description !== undefined && { description }) })
    await reload()
  }
  const test = async () => {
    await api.testWebhook(id)
    said.replaceChildren(h('p', { class: 'note' }, words.tested))
  }
  const rotate = async () => {
    const { secret } = await api.rotateWebhook(id)
    said.replaceChildren(secretShown(secret, { id: `secret-${id}`, said: words.rotated, texts }))
  }
  const remove = async () => {
    await api.removeWebhook(id)
    await reload()
  }
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'acts' },
      act(words.test, test),
      act(status === 'on' ? words.turnOff : words.turnOn, turn),
      surely({ ask: words.rotate, sure: words.reallyRotate, work: rotate, texts }),
      surely({ ask: words.remove, sure: words.reallyRemove, work: remove, texts }),
    ),
    problem,
    said,
  )
}

function drawAdd(desk: Desk, reload: () => Promise<void>): HTMLElement {
  const { api, texts } = desk
  const { webhooks: words } = texts.console
  const url = h('input', { id: 'webhook-url', type: 'url', required: true, maxlength: '500', autocomplete: 'off' })
  const description = h('input', { id: 'webhook-description', maxlength: '200', autocomplete: 'off' })
  const boxes = Object.entries(words.events)
    .filter(([type]) => type !== 'webhook.test')
    .map(([type, label]) => ({ type, label, input: h('input', { type: 'checkbox', id: `event-${type}` }) }))
  const picker = h(
    'fieldset',
    { class: 'ticks' },
    h('legend', {}, words.eventsTitle),
    ...boxes.map(({ label, input }) => h('label', { class: 'tick' }, input, label)),
  )
  const made = h('div', { 'aria-live': 'polite' })
  const send = async () => {
    const events = boxes.filter(({ input }) => input.checked).map(({ type }) => type)
    if (events.length === 0) return made.replaceChildren(h('p', { class: 'warn' }, words.chooseEvent))
    const about = description.value.trim()
    const added = await api.addWebhook({ url: url.value.trim(), events, ...(about !== '' && { description: about }) })
    made.replaceChildren(secretShown(added.secret, { id: 'new-secret', said: words.shownOnce, texts }))
    url.value = ''
    description.value = ''
    await reload()
  }
  const fields = [field(words.url, url, words.urlHint), field(words.description, description), picker]
  return panel(words.addTitle, form(texts, words.add, { fields, send, after: made }))
}
