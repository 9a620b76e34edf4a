import { h } from '../dom'
import type { Texts } from '../texts'
import type { Role } from './session'

/** Roles to be ticked. */
export interface RolePicker {
  readonly element: HTMLElement
  chosen(): readonly Role[]
}

/** @param id - unique on the screen. */
export function rolePicker(
  id: string,
  { roles, ticked, texts }: { roles: readonly Role[]; ticked: readonly Role[]; texts: Texts },
): RolePicker {
  const { people: words } = texts.console
  const boxes = roles.map((role) => ({
    role,
    input: h('input', { type: 'checkbox', id: `${id}-${role}`, checked: ticked.includes(role) }),
  }))
  const labels = boxes.map(({ role, input }) => h('label', { class: 'tick' }, input, words.roles[role]))
  return {
    element: h('fieldset', { class: 'ticks' }, h('legend', {}, words.rolesTitle), ...labels),
    chosen: () => boxes.filter(({ input }) => input.checked).map(({ role }) => role),
  }
}

/** Roles in words. */
export function rolesText(roles: readonly Role[], texts: Texts): string {
  return roles.map((role) => texts.console.people.roles[role]).join(texts.comma)
}
