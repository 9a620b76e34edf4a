import { button, h } from '../dom'
import type { Texts } from '../texts'
import { tell } from './parts'

/** A page of a list as the service gives it: what to show, and where the next one begins. */
export interface Shown<C> {
  readonly content: readonly (Node | string | undefined)[]
  readonly next?: C | undefined
  /** Which of how many are shown, in words. */
  readonly said?: string
}

/** A list that is turned over page by page. */
export interface Pages {
  readonly element: HTMLElement
  /** Loads the first page again. */
  restart(): Promise<void>
}

interface PagesOptions<C> {
  readonly texts: Texts
  /** @param cursor - undefined for the first page. */
  readonly load: (cursor: C | undefined) => Promise<Shown<C>>
  readonly back: string
  readonly on: string
}

/** The cursors of the pages turned over so far, that of the page shown last. */
type Trail<C> = readonly (C | undefined)[]

/** Turns over pages that only know where the next one begins, keeping where the ones before began. */
export function drawPages<C>({ texts, load, back, on }: PagesOptions<C>): Pages {
  const place = h('div', { 'aria-live': 'polite' })
  let turn = 0
  const turnTo = (label: string, trail: Trail<C> | undefined) => {
    const element = button(label, () => void (trail && show(trail)))
    element.disabled = trail === undefined
    return element
  }
  const lay = (trail: Trail<C>, { content, next, said }: Shown<C>) => {
    const previous = trail.length > 1 ? trail.slice(0, -1) : undefined
    const following = next === undefined ? undefined : [...trail, next]
    const steps = previous || following ? [turnTo(back, previous), turnTo(on, following)] : []
    const foot = said === undefined ? [] : [h('p', { class: 'note' }, said)]
    const pager = steps.length + foot.length > 0 ? [h('div', { class: 'pager' }, ...foot, ...steps)] : []
    place.replaceChildren(...content.filter((one) => one !== undefined), ...pager)
  }
  const refuse = (trail: Trail<C>, error: unknown) => {
    tell(place, error, texts)
    place.append(h('div', { class: 'buttons' }, turnTo(texts.console.again, trail)))
  }
  const show = async (trail: Trail<C>) => {
    const mine = ++turn
    place.ariaBusy = 'true'
    if (place.childElementCount === 0) place.replaceChildren(h('p', { class: 'working' }, texts.console.loading))
    try {
      const shown = await load(trail.at(-1))
      if (mine === turn) lay(trail, shown)
    } catch (error) {
      if (mine === turn) refuse(trail, error)
    }
    if (mine === turn) place.ariaBusy = 'false'
  }
  return { element: place, restart: () => show([undefined]) }
}
