import { button, foreign, h } from '../dom'
import { languageFor, TEXTS, type Texts } from '../texts'
import { drawBrand } from '../view/brand'
import { consoleApi } from './api'
import { drawLogIn } from './log-in'
import { tell } from './parts'
import { type Screen, type ScreenName, screensFor } from './screens'
import { keepSession, type LoggedIn, type Session } from './session'

const root = document.getElementById('page')
let language = languageFor(navigator.languages)
let loggedIn: LoggedIn | undefined
/** Why the last log-in is no more, where its user did not end it. */
let ended: string | undefined
let drawings = 0

/** The console: log in, then one screen at a time, named in the address. The tokens live in this page only. */
async function show() {
  const drawing = ++drawings
  const texts = TEXTS[language]
  document.documentElement.lang = texts.code
  document.title = `${texts.console.name} · Cinnabar`
  const body = loggedIn === undefined ? drawLogIn(texts, enter, ended) : await drawScreen(loggedIn, texts)
  if (drawing !== drawings) return
  const top = h('header', { class: 'region top' }, drawBrand(language, switchLanguage))
  if (loggedIn) top.append(drawMenu(loggedIn, texts))
  root?.classList.add('wide')
  root?.replaceChildren(top, h('div', { class: 'region screen' }, body))
}

async function enter(session: Session) {
  ended = undefined
  loggedIn = keepSession(session, leave)
  await show()
}

/** @param code - why, unless the user asked for it. */
function leave(code?: string) {
  loggedIn = undefined
  ended = code
  show().catch(console.error)
}

function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  show().catch(console.error)
}

function screenNow({ person }: LoggedIn): Screen | undefined {
  const open = screensFor(person.roles)
  return open.find(({ name }) => name === (location.hash.slice(1) as ScreenName)) ?? open[0]
}

function drawMenu(current: LoggedIn, texts: Texts): HTMLElement {
  const words = texts.console
  const { user, institution, roles } = current.person
  const now = screenNow(current)
  const links = screensFor(roles).map(({ name }) =>
    h('a', { href: `#${name}`, 'aria-current': name === now?.name ? 'page' : undefined }, words.screens[name]),
  )
  const out = button(words.logOut, () => {
    current.end()
    leave()
  })
  out.id = 'log-out'
  return h(
    'div',
    { class: 'menu' },
    h('nav', { 'aria-label': words.menu }, ...links),
    h('p', { class: 'who' }, foreign(words.loggedIn(user, institution)), out),
  )
}

async function drawScreen(current: LoggedIn, texts: Texts): Promise<HTMLElement> {
  const screen = screenNow(current)
  if (screen === undefined) return h('p', { class: 'warn' }, texts.console.nothingForYou)
  const api = consoleApi(current)
  try {
    return await screen.draw({ api, texts, person: current.person, now: () => new Date() })
  } catch (error) {
    const place = h('div', { role: 'alert' })
    tell(place, error, texts)
    place.append(
      h(
        'div',
        { class: 'buttons' },
        button(texts.console.again, () => void show().catch(console.error)),
      ),
    )
    return place
  }
}

addEventListener('hashchange', () => void show().catch(console.error))
// What is said of the log-in is kept: it ends with the page, at the service, too.
addEventListener('pagehide', () => {
  loggedIn?.end()
  loggedIn = undefined
})
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) show().catch(console.error)
})
show().catch(console.error)
