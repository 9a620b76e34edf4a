import type { Report } from '@cinnabar/core'
import { h, printable } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import type { Box, PageSize, PageViewer } from '../viewer/page-viewer'
import { sealAnchor, sealTitle } from './seal'

/** Shown pages, and the way to let go of them. */
export interface OpenPages {
  readonly element: HTMLElement
  close(): void
}

/** More pages than anybody reads on a screen; the rest is counted, not drawn. */
const MAX_PAGES = 2000

/** The pages with each seal framed, drawn only when they come near the reader's eyes. */
export function openPages(report: Report, open: () => Promise<PageViewer>, texts: Texts): OpenPages {
  const list = h('div', { class: 'pages' })
  const element = h(
    'section',
    { class: 'page-list', 'aria-labelledby': 'pages-title' },
    h('h2', { id: 'pages-title' }, texts.pages.heading),
    h('p', { class: 'note' }, texts.pages.note),
    list,
  )
  let drawing: IntersectionObserver | undefined
  const waiting = onceNear(element, async () => {
    list.replaceChildren(h('p', { class: 'working' }, texts.pages.loading))
    try {
      const viewer = await open()
      drawing = await layOut(list, viewer, report, texts)
    } catch (error) {
      console.warn(error)
      list.replaceChildren(h('p', { class: 'warn' }, texts.problem.viewer))
    }
  })
  const close = () => {
    waiting.disconnect()
    drawing?.disconnect()
  }
  return { element, close }
}

function onceNear(element: HTMLElement, act: () => Promise<void>): IntersectionObserver {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      void act()
    },
    { rootMargin: '300px' },
  )
  observer.observe(element)
  return observer
}

async function layOut(
  list: HTMLElement,
  viewer: PageViewer,
  report: Report,
  texts: Texts,
): Promise<IntersectionObserver> {
  const first = await viewer.size(1)
  const count = Math.min(viewer.pages, MAX_PAGES)
  const sheets = new Map(
    Array.from({ length: count }, (_, index) => drawSheet(index + 1, viewer.pages, first, texts)).map((sheet) => [
      sheet.paper as Element,
      sheet,
    ]),
  )
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = sheets.get(target)
        if (sheet !== undefined) void (isIntersecting ? fill(sheet, viewer, report, texts) : empty(sheet))
      }
    },
    { rootMargin: '600px' },
  )
  list.replaceChildren(...[...sheets.values()].map(({ figure }) => figure))
  for (const sheet of sheets.values()) observer.observe(sheet.paper)
  return observer
}

interface Sheet {
  readonly page: number
  readonly figure: HTMLElement
  readonly paper: HTMLElement
  readonly canvas: HTMLCanvasElement
}

function drawSheet(page: number, of: number, size: PageSize, texts: Texts): Sheet {
  const label = texts.pages.page(page, of)
  const canvas = h('canvas', { role: 'img', 'aria-label': label })
  const paper = h('div', { class: 'paper-sheet' }, canvas)
  paper.style.aspectRatio = String(size.widthMm / size.heightMm)
  return { page, figure: h('figure', {}, paper, h('figcaption', {}, label)), paper, canvas }
}

async function fill({ page, paper, canvas }: Sheet, viewer: PageViewer, report: Report, texts: Texts) {
  try {
    const size = await viewer.size(page)
    paper.style.aspectRatio = String(size.widthMm / size.heightMm)
    const width = paper.clientWidth * Math.min(devicePixelRatio, 3)
    const frames = await Promise.all(
      report.signatures.map(async ({ place }, index) =>
        place?.page === page ? drawFrame(report, index, await viewer.boxOf(page, place.rect), texts) : undefined,
      ),
    )
    // Drawn beside the sheet, so that a page scrolled back into view never flickers.
    const fresh = document.createElement('canvas')
    await viewer.draw(page, fresh, width)
    canvas.width = fresh.width
    canvas.height = fresh.height
    canvas.getContext('2d')?.drawImage(fresh, 0, 0)
    paper.replaceChildren(canvas, ...frames.filter((frame) => frame !== undefined))
  } catch (error) {
    console.warn(error)
    paper.replaceChildren(canvas, h('p', { class: 'warn' }, texts.problem.viewer))
  }
}

/** Gives the memory of a page that is far out of sight back. */
function empty({ canvas }: Sheet) {
  canvas.width = 0
  canvas.height = 0
}

function drawFrame(report: Report, index: number, box: Box, texts: Texts): HTMLElement {
  const signature = report.signatures[index]
  const name = signature.id === null ? texts.seal.foreign : sealTitle(signature, texts)
  const frame = h(
    'a',
    {
      class: `frame ${signature.outcome}`,
      href: `#${sealAnchor(index)}`,
      title: printable(name),
      'aria-label': [texts.seal.short(index + 1), printable(name), texts.outcome[signature.outcome]].join(texts.comma),
    },
    h(
      'span',
      { class: `frame-label ${box.top < 0.06 ? 'below' : 'above'} ${box.left < 0.5 ? 'leftwards' : 'rightwards'}` },
      outcomeIcon(signature.outcome),
      h('span', {}, texts.seal.short(index + 1)),
      h('span', { class: 'frame-outcome' }, texts.outcome[signature.outcome]),
    ),
  )
  const percent = (part: number) => `${(part * 100).toFixed(3)}%`
  frame.style.left = percent(box.left)
  frame.style.top = percent(box.top)
  frame.style.width = percent(box.width)
  frame.style.height = percent(box.height)
  return frame
}
