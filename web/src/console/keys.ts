import { dateOf } from '@cinnabar/core'
import { foreign, h } from '../dom'
import type { Texts } from '../texts'
import type { ApiKey } from './api'
import { field, form, panel, secretShown, surely, table, when } from './parts'
import { rolePicker, rolesText } from './people-parts'
import type { Desk } from './screens'

const MAX_DAYS = 366

/** The keys of the institution's machines. */
export async function drawKeys(desk: Desk): Promise<HTMLElement> {
  const { api, texts, person } = desk
  const { keys: words } = texts.console
  const isAdmin = person.roles.includes('admin')
  const list = h('div')
  const reload = async () => {
    list.replaceChildren(drawList(await api.keys(), { desk, reload, isAdmin }))
  }
  await reload()
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.title),
    h('p', { class: 'lead' }, words.about),
    list,
    isAdmin ? drawMake(desk, reload) : undefined,
  )
}

interface ListParts {
  readonly desk: Desk
  readonly reload: () => Promise<void>
  readonly isAdmin: boolean
}

function drawList(keys: readonly ApiKey[], { desk, reload, isAdmin }: ListParts): HTMLElement {
  const { texts } = desk
  const { keys: words, none } = texts.console
  const { columns } = words
  if (keys.length === 0) return h('p', { class: 'note' }, none)
  const newestFirst = [...keys].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  return table<ApiKey>(
    words.title,
    [
      { head: columns.name, cell: ({ name }) => [h('strong', {}, foreign(name))] },
      { head: columns.roles, cell: ({ roles }) => [rolesText(roles, texts)] },
      { head: columns.by, cell: ({ createdBy }) => [foreign(createdBy)] },
      { head: columns.created, class: 'time', cell: ({ createdAt }) => [when(createdAt, texts)] },
      { head: columns.expires, class: 'time', cell: ({ expiresAt }) => [when(expiresAt, texts)] },
      { head: columns.state, cell: (key) => [stateWords(stateOf(key, desk), texts)] },
      ...(isAdmin ? [{ head: columns.action, cell: (key: ApiKey) => [drawRevoke(key, { desk, reload })] }] : []),
    ],
    { rows: newestFirst },
  )
}

function stateOf({ revokedAt, expiresAt }: ApiKey, { now }: Desk): 'active' | 'ended' | 'revoked' {
  if (revokedAt !== undefined) return 'revoked'
  return dateOf(expiresAt) <= now() ? 'ended' : 'active'
}

function stateWords(state: ReturnType<typeof stateOf>, texts: Texts): HTMLElement {
  return h('span', { class: `state ${state === 'active' ? 'passed' : 'failed'}` }, texts.console.keys.states[state])
}

/** Asked twice: a revoked key is never good again. */
function drawRevoke(key: ApiKey, { desk, reload }: Omit<ListParts, 'isAdmin'>): HTMLElement | undefined {
  const { api, texts } = desk
  const { keys: words } = texts.console
  if (stateOf(key, desk) !== 'active') return undefined
  const work = async () => {
    await api.revokeKey(key.id)
    await reload()
  }
  return surely({ ask: words.revoke, sure: words.reallyRevoke, work, texts })
}

function drawMake({ api, texts }: Desk, reload: () => Promise<void>): HTMLElement {
  const { keys: words } = texts.console
  const name = h('input', { id: 'key-name', required: true, maxlength: '64', autocomplete: 'off' })
  const days = h('input', {
    id: 'key-days',
    type: 'number',
    min: '1',
    max: String(MAX_DAYS),
    value: '90',
    required: true,
  })
  const picker = rolePicker('key-roles', { roles: ['registrar', 'sealer', 'auditor'], ticked: ['sealer'], texts })
  const made = h('div', { 'aria-live': 'polite' })
  const send = async () => {
    const { key } = await api.makeKey({ name: name.value.trim(), roles: picker.chosen(), days: days.valueAsNumber })
    name.value = ''
    made.replaceChildren(secretShown(key, { id: 'new-key', said: words.shownOnce, texts }))
    await reload()
  }
  const fields = [field(words.name, name), picker.element, field(words.days, days)]
  return panel(words.createTitle, form(texts, words.create, { fields, send, after: made }))
}
