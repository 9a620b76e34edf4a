import { h } from '../dom'
import type { Texts } from '../texts'
import type { PageSize, PageViewer } from '../viewer/page-viewer'
import { moved, onPage, type Placement } from './placement'

/** A page on which a seal's place is shown and set. */
export interface PagePlacer {
  readonly element: HTMLElement
  readonly pages: number
  /** Shows the place; a page not shown before is drawn. @returns the nearest place that is wholly on the page. */
  show(wished: Placement): Promise<Placement>
}

/** Shows one page at a time with a mark of the seal's size, moved by click and by arrow keys. */
export function placePages(
  viewer: PageViewer,
  { room, texts, onMove }: { room: () => PageSize; texts: Texts; onMove: (wished: Placement) => void },
): PagePlacer {
  const canvas = h('canvas', { 'aria-hidden': 'true' })
  const mark = h('div', { class: 'seal-mark' })
  const sheet = h('div', {
    class: 'paper-sheet placing',
    tabindex: '0',
    role: 'group',
    'aria-label': texts.console.placeHint,
  })
  sheet.append(canvas, mark)
  let shown: { readonly place: Placement; readonly size: PageSize } | undefined
  sheet.addEventListener('click', (event) => {
    if (shown === undefined) return
    const { left, top, width, height } = sheet.getBoundingClientRect()
    const { widthMm, heightMm } = shown.size
    const x = ((event.clientX - left) / width) * widthMm - room().widthMm / 2
    const y = ((event.clientY - top) / height) * heightMm - room().heightMm / 2
    onMove({ ...shown.place, xMm: x, yMm: y })
  })
  sheet.addEventListener('keydown', (event) => {
    const place = shown && moved(shown.place, event.key, event.shiftKey)
    if (place === undefined) return
    event.preventDefault()
    onMove(place)
  })
  const show = async (wished: Placement) => {
    const page = Math.min(Math.max(Math.trunc(wished.page) || 1, 1), viewer.pages)
    const size = await viewer.size(page)
    const place = onPage({ ...wished, page }, size, room())
    if (shown?.place.page !== page) {
      // Until the other page is seen, no click may set a place on it.
      shown = undefined
      sheet.ariaBusy = 'true'
      sheet.style.aspectRatio = String(size.widthMm / size.heightMm)
      await viewer.draw(page, canvas, Math.max(sheet.clientWidth, 320) * Math.min(devicePixelRatio, 3))
    }
    shown = { place, size }
    sheet.ariaBusy = 'false'
    sheet.dataset.page = String(page)
    lay(mark, place, size, room())
    return place
  }
  return { element: sheet, pages: viewer.pages, show }
}

function lay(mark: HTMLElement, place: Placement, page: PageSize, room: PageSize) {
  const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(3)}%`
  mark.style.left = percent(place.xMm, page.widthMm)
  mark.style.top = percent(place.yMm, page.heightMm)
  mark.style.width = percent(room.widthMm, page.widthMm)
  mark.style.height = percent(room.heightMm, page.heightMm)
}
