import type { PageComparison, PageReading, PaperSize, PictureChanges } from './comparison'
import { lineChanges } from './line-changes'
import { changedPixels } from './picture-changes'

const MM_PER_POINT = 25.4 / 72
/** 96 pixels an inch. */
const SCALE = 96 / 72
const MAX_PIXELS = 2_000_000
const MAX_SIDE = 4_000

/** How many pixels a point of the page becomes, so that no page, whatever size it claims, is a large picture. */
export function renderScale(widthPoints: number, heightPoints: number): number {
  const [width, height] = [Math.max(widthPoints, 1e-3), Math.max(heightPoints, 1e-3)]
  return Math.min(SCALE, Math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / width, MAX_SIDE / height)
}

/** A page's size in millimetres, to a tenth. */
export function paperSize(widthPoints: number, heightPoints: number): PaperSize {
  return { widthMm: round(widthPoints * MM_PER_POINT, 1), heightMm: round(heightPoints * MM_PER_POINT, 1) }
}

/** Compares one page of two readings by one engine; undefined where a side has no such page. Never both. */
export function comparePage(
  page: number,
  before: PageReading | undefined,
  after: PageReading | undefined,
): PageComparison {
  const text = lineChanges(before?.lines ?? [], after?.lines ?? [])
  const sizes = {
    ...(before && { sizeBefore: sizeOf(before) }),
    ...(after && { sizeAfter: sizeOf(after) }),
  }
  if (before === undefined || after === undefined) {
    return { page, state: before === undefined ? 'added' : 'removed', text, ...sizes }
  }
  const picture = pictureChanges(before, after)
  const isSame =
    text.changes.length + text.more === 0 &&
    (picture?.share ?? 0) === 0 &&
    before.widthMm === after.widthMm &&
    before.heightMm === after.heightMm
  return { page, state: isSame ? 'same' : 'differs', text, ...(picture && { picture }), ...sizes }
}

const sizeOf = ({ widthMm, heightMm }: PaperSize): PaperSize => ({ widthMm, heightMm })

function pictureChanges(before: PageReading, after: PageReading): PictureChanges | undefined {
  if (before.picture === undefined || after.picture === undefined) return undefined
  const { share, areas } = changedPixels(before.picture, after.picture)
  const mm = after.widthMm / after.picture.width
  return {
    share: share === 0 ? 0 : Math.max(round(share, 6), 1e-6),
    areas: areas.map(({ x, y, width, height }) => ({
      x: round(x * mm, 1),
      y: round(y * mm, 1),
      width: round(width * mm, 1),
      height: round(height * mm, 1),
    })),
  }
}

const round = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places
