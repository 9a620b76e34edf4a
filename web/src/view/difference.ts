import type { Area, CompareRemark, PageComparison, PaperSize } from '@cinnabar/core'
import { foreign, h } from '../dom'
import type { Texts } from '../texts'
import type { PagePictures } from '../viewer/page-viewer'

/** A page that differs, with its pictures. */
export interface DifferingPage {
  readonly page: PageComparison
  readonly pictures: PagePictures
}

const MAX_LINES = 60

/** One differing page: how much, both pictures side by side with the changed areas marked, and the text that came and went. */
export function drawDifference({ page, pictures }: DifferingPage, texts: Texts): HTMLElement {
  const { comparison } = texts
  const { picture, sizeBefore, sizeAfter, state, text } = page
  const share =
    picture && page.state === 'differs' ? comparison.changed(percent(picture.share, texts)) : comparison.whole[state]
  const areas = picture?.areas ?? []
  const isResized =
    sizeBefore && sizeAfter && (sizeBefore.widthMm !== sizeAfter.widthMm || sizeBefore.heightMm !== sizeAfter.heightMm)
  const side = (name: string, address: string | undefined, size: PaperSize | undefined) =>
    drawSide({ name, address, size, areas, label: `${comparison.page(page.page)}${texts.comma}${name}` }, texts)
  return h(
    'article',
    { class: 'difference' },
    h('h3', {}, `${comparison.page(page.page)}${texts.colon}${share}`),
    isResized ? h('p', { class: 'note' }, comparison.resized(sizeBefore, sizeAfter)) : undefined,
    h(
      'div',
      { class: 'sides' },
      side(comparison.before, pictures.before, sizeBefore),
      side(comparison.after, pictures.after, sizeAfter),
    ),
    ...drawLines(text, texts),
  )
}

function percent(share: number, { locale }: Texts): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })
  return share > 0 && share < 0.0001 ? `< ${format.format(0.0001)}` : format.format(share)
}

interface Side {
  readonly name: string
  readonly address: string | undefined
  readonly size: PaperSize | undefined
  readonly areas: readonly Area[]
  readonly label: string
}

function drawSide({ name, address, size, areas, label }: Side, { comparison }: Texts): HTMLElement {
  if (size === undefined)
    return h('figure', { class: 'absent' }, h('p', {}, comparison.absent), h('figcaption', {}, name))
  const paper = h('div', { class: 'paper-sheet' }, address ? h('img', { src: address, alt: label }) : undefined)
  paper.style.aspectRatio = `${Math.max(size.widthMm, 1)} / ${Math.max(size.heightMm, 1)}`
  for (const area of areas) paper.append(drawArea(area, size, comparison.area(area)))
  return h('figure', {}, paper, h('figcaption', {}, name))
}

function drawArea({ x, y, width, height }: Area, { widthMm, heightMm }: PaperSize, title: string): HTMLElement {
  const mark = h('span', { class: 'changed-area', title })
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(whole, 1)).toFixed(3)}%`
  mark.style.left = share(x, widthMm)
  mark.style.top = share(y, heightMm)
  mark.style.width = share(width, widthMm)
  mark.style.height = share(height, heightMm)
  return mark
}

function drawLines({ changes, more }: PageComparison['text'], { comparison }: Texts): readonly HTMLElement[] {
  const hidden = Math.max(0, changes.length - MAX_LINES) + more
  if (changes.length === 0 && more === 0) return []
  const lines = changes
    .slice(0, MAX_LINES)
    .map(({ change, text }) =>
      h(
        'li',
        {},
        h('span', { class: 'visually-hidden' }, `${comparison[change]} `),
        h(change === 'added' ? 'ins' : 'del', {}, foreign(text)),
      ),
    )
  const rest = hidden > 0 ? [h('li', { class: 'note' }, comparison.more(hidden))] : []
  return [h('h3', {}, comparison.lines), h('ul', { class: 'line-changes' }, ...lines, ...rest)]
}

/** What was not compared, and why. */
export function drawRemark(
  { code, side, page, detail }: CompareRemark,
  { colon, comma, comparison }: Texts,
): HTMLElement {
  const where = [side && comparison.side[side], page && comparison.page(page)].filter(Boolean).join(comma)
  const lead = where === '' ? '' : `${where}${colon}`
  return h(
    'p',
    { class: 'warn' },
    `${lead}${comparison.remark[code]}`,
    ...(detail === '' ? [] : [' ', foreign(`(${detail})`)]),
  )
}
