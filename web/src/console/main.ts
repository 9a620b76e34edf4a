import { foreign, h } from '../dom'
import { servedViewer } from '../served-viewer'
import { languageFor, TEXTS } from '../texts'
import { drawBrand } from '../view/brand'
import { type Session, sealingApi } from './api'
import { drawLogIn } from './log-in'
import { drawSealing } from './sealing'

const root = document.getElementById('page')
let language = languageFor(navigator.languages)
let session: Session | undefined

/** The console: log in, then seal. The token lives in this page only. */
async function show() {
  const texts = TEXTS[language]
  document.documentElement.lang = texts.code
  document.title = `${texts.console.title} · Cinnabar`
  const body = session === undefined ? drawLogIn(texts, enter) : await drawWork(session)
  root?.replaceChildren(
    h('header', { class: 'region top' }, drawBrand(language, switchLanguage)),
    h('div', { class: 'region' }, body),
  )
}

async function enter(entered: Session) {
  session = entered
  await show()
}

function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  show().catch(console.error)
}

async function drawWork(current: Session): Promise<HTMLElement> {
  const texts = TEXTS[language]
  const api = sealingApi(current)
  const seals = await api.seals()
  const who = h('p', { class: 'note' }, foreign(texts.console.loggedIn(current.user, current.institution)))
  if (seals.length === 0) return h('div', {}, who, h('p', { class: 'warn' }, texts.console.noSeals))
  return h('div', {}, who, drawSealing(seals, { api, texts, openViewer: servedViewer }))
}

show().catch(console.error)
