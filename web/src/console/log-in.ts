import { h } from '../dom'
import type { Texts } from '../texts'
import { field, form } from './parts'
import { logIn, type Session } from './session'

/** The log-in form; `enter` is called once the service knows who it is. `ended` is why there is none any more. */
export function drawLogIn(
  texts: Texts,
  enter: (session: Session) => Promise<void>,
  ended: string | undefined,
): HTMLElement {
  const words = texts.console
  const user = h('input', { id: 'user', autocomplete: 'username', required: true, autocapitalize: 'none' })
  const password = h('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true })
  const why = ended === 'REFRESH_REUSED' ? words.stolen : words.ended
  const fields = [
    h('h1', {}, words.logIn),
    ended === undefined ? undefined : h('p', { class: 'warn', role: 'alert' }, why),
    field(words.user, user),
    field(words.password, password),
    h('p', { class: 'note' }, words.session),
  ]
  const send = async () => enter(await logIn(user.value.trim(), password.value))
  return h('div', { class: 'panel narrow' }, form(texts, words.logIn, { fields, send }))
}
