import { button, foreign, h } from '../dom'
import type { Texts } from '../texts'
import type { ConsoleApi, User } from './api'
import { field, form, panel, table, when, workButton } from './parts'
import { rolePicker, rolesText } from './people-parts'
import type { Desk } from './screens'
import { ROLES } from './session'

/** The institution's users, for admins to manage and auditors to see; one's own password for everybody. */
export async function drawUsers(desk: Desk): Promise<HTMLElement> {
  const { texts, person } = desk
  const { people: words } = texts.console
  const isAdmin = person.roles.includes('admin')
  const sees = isAdmin || person.roles.includes('auditor')
  const list = h('div')
  const reload = async () => {
    if (sees) list.replaceChildren(drawList(await desk.api.users(), { desk, reload, isAdmin }))
  }
  await reload()
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.usersTitle),
    sees ? h('p', { class: 'lead' }, words.usersAbout) : undefined,
    sees ? list : undefined,
    isAdmin ? drawAdd(desk, reload) : undefined,
    drawOwnPassword(desk),
  )
}

interface ListParts {
  readonly desk: Desk
  readonly reload: () => Promise<void>
  readonly isAdmin: boolean
}

function drawList(users: readonly User[], { desk, reload, isAdmin }: ListParts): HTMLElement {
  const { texts } = desk
  const { people: words } = texts.console
  const { columns } = words
  return table<User>(
    words.usersTitle,
    [
      { head: columns.user, cell: ({ user }) => [h('strong', {}, foreign(user))] },
      { head: columns.roles, cell: ({ roles }) => [rolesText(roles, texts)] },
      { head: columns.status, cell: ({ status }) => [stateOf(status, texts)] },
      { head: columns.created, class: 'time', cell: ({ createdAt }) => [when(createdAt, texts)] },
      ...(isAdmin ? [{ head: columns.change, cell: (user: User) => [drawChange(user, { desk, reload })] }] : []),
    ],
    { rows: users },
  )
}

function stateOf(status: User['status'], texts: Texts): HTMLElement {
  const outcome = status === 'active' ? 'passed' : 'failed'
  return h('span', { class: `state ${outcome}` }, texts.console.people.status[status])
}

function drawChange(user: User, { desk, reload }: Omit<ListParts, 'isAdmin'>): HTMLElement {
  const { people: words, cancel } = desk.texts.console
  const place = h('div')
  const open = button(words.change, () => {
    const isOpen = place.childElementCount > 0
    place.replaceChildren(...(isOpen ? [] : [drawChanges(user, { desk, reload })]))
    open.textContent = isOpen ? words.change : cancel
  })
  open.className = 'small'
  return h('div', {}, open, place)
}

function drawChanges({ user, roles, status }: User, { desk, reload }: Omit<ListParts, 'isAdmin'>): HTMLElement {
  const { api, texts } = desk
  const { people: words } = texts.console
  const picker = rolePicker(`roles-of-${user}`, { roles: ROLES, ticked: roles, texts })
  const password = newPassword(`password-of-${user}`)
  const problem = h('div', { role: 'alert' })
  const other = status === 'active' ? 'disabled' : 'active'
  const change = (part: Parameters<ConsoleApi['setUser']>[1], value: () => object) => async () => {
    await api.setUser(user, part, value())
    await reload()
  }
  const toggle = workButton(status === 'active' ? words.disable : words.enable, {
    ...{ texts, problem, work: change('status', () => ({ status: other })) },
  })
  return h(
    'div',
    { class: 'changes' },
    form(texts, words.setRoles, {
      fields: [picker.element],
      send: change('roles', () => ({ roles: picker.chosen() })),
    }),
    form(texts, words.setPassword, {
      fields: [field(words.newPassword, password, words.resetHint)],
      send: change('password', () => ({ password: password.value })),
    }),
    h('div', { class: 'buttons' }, toggle),
    problem,
  )
}

function newPassword(id: string): HTMLInputElement {
  return h('input', { id, type: 'password', autocomplete: 'new-password', required: true, minlength: '10' })
}

function drawAdd({ api, texts }: Desk, reload: () => Promise<void>): HTMLElement {
  const { people: words, user: userWord } = texts.console
  const user = h('input', {
    id: 'new-user',
    required: true,
    autocomplete: 'off',
    autocapitalize: 'none',
    maxlength: '64',
  })
  const password = newPassword('new-user-password')
  const picker = rolePicker('new-user-roles', { roles: ROLES, ticked: ['sealer'], texts })
  const send = async () => {
    await api.addUser({ user: user.value.trim(), roles: picker.chosen(), password: password.value })
    user.value = ''
    password.value = ''
    await reload()
  }
  const fields = [
    field(userWord, user, words.userHint),
    picker.element,
    field(texts.console.password, password, words.passwordHint),
  ]
  return panel(words.addTitle, form(texts, words.add, { fields, send }))
}

function drawOwnPassword({ api, texts }: Desk): HTMLElement {
  const { people: words } = texts.console
  const present = h('input', { id: 'present', type: 'password', autocomplete: 'current-password', required: true })
  const next = newPassword('own-password')
  // The next request finds that the log-in has ended, and says so.
  const send = async () => {
    await api.setOwnPassword(present.value, next.value)
    await api.seals()
  }
  const fields = [field(words.present, present), field(words.newPassword, next, words.ownHint)]
  return panel(words.own, form(texts, words.changeOwn, { fields, send }))
}
