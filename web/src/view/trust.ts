import { dateOf } from '@cinnabar/core'
import type { Actions } from '../app'
import { button, foreign, h, row } from '../dom'
import type { State } from '../state'
import type { Texts } from '../texts'
import type { TrustInUse } from '../trust-file'
import { drawDate } from './time'

/** Whose word counts, where that list came from, and how to replace it. */
export function drawTrust(state: State, texts: Texts, actions: Actions, alone: boolean): HTMLElement {
  const { trust: words } = texts
  const { trust } = state
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'trust-title' },
    h('h2', { id: 'trust-title' }, words.heading),
    ...(trust === undefined
      ? [h('p', { class: 'missing' }, h('strong', {}, words.none)), h('p', {}, words.noneMeans)]
      : drawInUse(trust, texts, alone)),
    state.servedDiffers ? h('p', { class: 'warn' }, words.servedChanged) : undefined,
    drawCandidate(state, texts, actions),
    h(
      'div',
      { class: 'buttons' },
      chooseButton(words.choose, actions, 'trust'),
      alone || trust?.origin === 'served' ? undefined : button(words.pin, () => void actions.pinServed()),
      trust && !alone ? button(words.forget, () => actions.forgetTrust()) : undefined,
      alone ? undefined : h('a', { class: 'button', href: '/verify.html', download: true }, words.download),
    ),
  )
}

function drawInUse(trust: TrustInUse, texts: Texts, alone: boolean): readonly HTMLElement[] {
  const { trust: words } = texts
  const organisations = trust.trust.organisations.map(({ names }) => names[texts.key])
  const served = trust.origin === 'served'
  return [
    h(
      'p',
      {},
      h('strong', { class: 'tag' }, served ? words.served : words.own),
      ' ',
      served ? words.servedMeans : trust.together ? words.together : words.ownMeans,
    ),
    h(
      'dl',
      { class: 'facts' },
      row(words.name, h('strong', {}, foreign(trust.trust.name[texts.key]))),
      row(words.fingerprint, h('code', { class: 'fingerprint' }, spaced(trust.fingerprint))),
      row(words.file, foreign(trust.fileName)),
      row(words.issued, drawDate(dateOf(trust.trust.issued), texts)),
      row(words.organisations, foreign(organisations.join(texts.comma))),
    ),
    h('p', { class: 'note' }, trust.kept ? words.remembered : words.notKept, alone ? undefined : ''),
  ]
}

/** A fingerprint in groups of four digits, as people compare them. */
export function spaced(fingerprint: string): string {
  const [algorithm, digits = ''] = fingerprint.split(':')
  return `${algorithm} ${digits.replace(/(.{4})(?=.)/g, '$1 ')}`
}

function drawCandidate({ candidate }: State, texts: Texts, actions: Actions): HTMLElement | undefined {
  if (candidate === undefined) return undefined
  const { trust: words } = texts
  return h(
    'div',
    { class: 'warn', role: 'alert' },
    h('p', {}, words.changed(candidate.fileName)),
    candidate.together ? h('p', {}, words.together) : undefined,
    h(
      'p',
      {},
      foreign(candidate.trust.name[texts.key]),
      ' ',
      h('code', { class: 'fingerprint' }, spaced(candidate.fingerprint)),
    ),
    h(
      'div',
      { class: 'buttons' },
      button(words.keep, () => actions.keepTrust(), { class: 'primary' }),
      button(words.use, () => actions.useCandidate()),
    ),
  )
}

/** A button that chooses trust files, lists and keys of lists. */
export function chooseButton(label: string, actions: Actions, role: 'trust' | 'list'): HTMLElement {
  const accept = role === 'list' ? '.json,.txt,.pem' : '.json'
  const multiple = role === 'list'
  const input = h('input', { type: 'file', accept, multiple, class: 'visually-hidden', 'data-role': role })
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = ''
    void actions.choose(files)
  })
  return h('label', { class: 'button' }, input, label)
}
