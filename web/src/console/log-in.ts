import { h } from '../dom'
import type { Texts } from '../texts'
import { logIn, type Session } from './api'
import { field, tell } from './parts'

/** The log-in form; `enter` is called once the service knows who it is. */
export function drawLogIn(texts: Texts, enter: (session: Session) => Promise<void>): HTMLElement {
  const words = texts.console
  const user = h('input', { id: 'user', autocomplete: 'username', required: true, autocapitalize: 'none' })
  const password = h('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true })
  const problem = h('div', { role: 'alert' })
  const form = h(
    'form',
    { class: 'panel console-form' },
    h('h1', {}, words.title),
    field(words.user, user),
    field(words.password, password),
    h('p', { class: 'note' }, words.session),
    problem,
    h('div', { class: 'buttons' }, h('button', { class: 'primary', type: 'submit' }, words.logIn)),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.replaceChildren()
    logIn(user.value, password.value)
      .then(enter)
      .catch((error) => tell(problem, error, texts))
  })
  return form
}
