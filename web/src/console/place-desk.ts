import { h } from '../dom'
import type { Texts } from '../texts'
import type { PageSize, PageViewer } from '../viewer/page-viewer'
import { type PagePlacer, placePages } from './page-placer'
import { field } from './parts'
import type { Placement } from './placement'

/** Where a seal is offered at first: the lower right of a page, moved onto it. */
const CORNER = { xMm: 1000, yMm: 1000 }

/** Setting a seal's place, by pointer, by keys or by numbers. */
export interface PlaceDesk {
  readonly element: HTMLElement
  /** Shows the last page of a document, or none. */
  open(viewer: PageViewer | undefined): void
  /** Keeps the place on the page after the seal's size has changed. */
  refit(): void
  /** The place last asked for, once it is seen. */
  settled(): Promise<Placement>
}

/** Pages with a mark, and numbers that follow it. `room` is the size of the seal chosen now. */
export function placeDesk(room: () => PageSize, texts: Texts): PlaceDesk {
  const words = texts.console
  const page = numberInput('page-number', '1')
  const left = numberInput('from-left', '0.1')
  const top = numberInput('from-top', '0.1')
  const stage = h('div')
  let placer: PagePlacer | undefined
  let place: Placement = { page: 1, ...CORNER }
  let moves = Promise.resolve()

  const move = async (wished: Placement) => {
    if (placer === undefined) return
    place = await placer.show(wished)
    page.value = String(place.page)
    left.value = String(place.xMm)
    top.value = String(place.yMm)
  }
  // One after the other: the place that is sealed is the one last asked for and seen.
  const ask = (wished: Placement) => {
    moves = moves.then(() => move(wished)).catch(console.error)
  }
  const typed = () => ask({ page: page.valueAsNumber, xMm: left.valueAsNumber || 0, yMm: top.valueAsNumber || 0 })
  for (const input of [page, left, top]) input.addEventListener('change', typed)
  const numbers = [field(words.page, page), field(words.fromLeft, left), field(words.fromTop, top)]
  return {
    element: h('div', {}, h('div', { class: 'numbers' }, ...numbers), stage),
    open: (viewer) => {
      placer = viewer && placePages(viewer, { room, texts, onMove: ask })
      stage.replaceChildren(...(placer ? [placer.element] : []))
      if (placer) page.max = String(placer.pages)
      ask({ page: placer?.pages ?? 1, ...CORNER })
    },
    refit: () => ask(place),
    settled: () => moves.then(() => place),
  }
}

function numberInput(id: string, step: string): HTMLInputElement {
  const input = h('input', { id, type: 'number', step, min: step === '1' ? '1' : '0' })
  input.addEventListener('keydown', noSubmit)
  return input
}

/** Enter in a field ends its input; it never seals, since a seal cannot be taken back. */
export function noSubmit(event: KeyboardEvent) {
  if (event.key !== 'Enter') return
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.blur()
}
