import type { PageSize } from '../viewer/page-viewer'

/** Where a seal is to stand: millimetres from the top left corner of the page as shown, pages from 1. */
export interface Placement {
  readonly page: number
  readonly xMm: number
  readonly yMm: number
}

/** Room that the QR code takes beside the picture: its size and the gap. */
const QR_MM = 16
const QR_GAP_MM = 2

/** The room that a registered seal takes on a page, its QR code included. */
export function roomOf(seal: { readonly widthUm: number; readonly heightUm: number }): PageSize {
  return { widthMm: seal.widthUm / 1000 + QR_GAP_MM + QR_MM, heightMm: Math.max(seal.heightUm / 1000, QR_MM) }
}

/** The nearest place that is wholly on the page, to a tenth of a millimetre. */
export function onPage(wished: Placement, page: PageSize, room: PageSize): Placement {
  const within = (value: number, free: number) => Math.floor(Math.min(Math.max(value, 0), Math.max(free, 0)) * 10) / 10
  return {
    page: wished.page,
    xMm: within(wished.xMm, page.widthMm - room.widthMm),
    yMm: within(wished.yMm, page.heightMm - room.heightMm),
  }
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The place after a key: arrows move by 1 mm, with Shift by 10 mm; undefined for any other key. */
export function moved(from: Placement, key: string, far: boolean): Placement | undefined {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined
  const length = far ? 10 : 1
  return step && { ...from, xMm: from.xMm + step[0] * length, yMm: from.yMm + step[1] * length }
}
