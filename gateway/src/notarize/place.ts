import {
  type Box,
  mayShrink,
  type Page,
  type PdfDocument,
  type Placement,
  pageSizeMm,
  rectOnPage,
  type Seal,
  signatureFields,
} from '@cinnabar/core'
import { sizeOnPage } from './appearance'
import { NotarizeError } from './notarize-error'

/** Where a seal goes: from the top left corner of the page as shown, and how much smaller than registered. */
export interface SealPlace {
  readonly xMm: number
  readonly yMm: number
  /** 1, except on a page too small for two seals. */
  readonly scale: number
}

/** Between a seal and the page's edge when nobody says where it goes, in mm. */
const MARGIN_MM = 20
const GAP_MM = 2
/** How much smaller each further try is, and how many there are. */
const SHRINK = 0.8
const TRIES = 24

/**
 * The place wished for; or, from the lower right corner to the left and up, the first that lies on no earlier seal.
 * @throws PdfError `SEAL_OFF_PAGE` for a place that is not wholly on the page; {@link NotarizeError} `SEAL_ON_SEAL` for one
 * on an earlier seal, which would no longer be what its owner set; `SEAL_NO_ROOM` when no place is free.
 */
export function placeOf(
  document: PdfDocument,
  page: Page,
  request: { readonly seal: Seal; readonly xMm?: number | undefined; readonly yMm?: number | undefined },
): SealPlace {
  const earlier = earlierSeals(document, page)
  const size = sizeOnPage(request.seal)
  if (request.xMm !== undefined || request.yMm !== undefined) return wishedPlace(page, earlier, { ...request, ...size })
  const shown = pageSizeMm(page)
  const fit = Math.min(1, shown.widthMm / size.widthMm, shown.heightMm / size.heightMm)
  for (let i = 0, scale = fit; i < (mayShrink(shown, size) ? TRIES : 1); i++, scale *= SHRINK) {
    const place = freePlace(page, earlier, { widthMm: size.widthMm * scale, heightMm: size.heightMm * scale })
    if (place !== undefined) return { ...place, scale }
  }
  throw new NotarizeError('SEAL_NO_ROOM', `page ${page.index + 1} has no room for another seal`, {
    page: page.index + 1,
  })
}

/** Rectangles of signed fields on the page, in default user space. */
function earlierSeals(document: PdfDocument, page: Page): readonly Box[] {
  return signatureFields(document)
    .filter(({ state }) => state !== 'unsigned')
    .flatMap(({ widgets }) => widgets)
    .flatMap((widget) => (widget.page === page.index && widget.rect !== undefined ? [widget.rect] : []))
}

function meets(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

type Size = Pick<Placement, 'widthMm' | 'heightMm'>

function inset(room: number): number {
  return Math.max(room - MARGIN_MM, room / 2)
}

function wishedPlace(
  page: Page,
  earlier: readonly Box[],
  { xMm, yMm, widthMm, heightMm }: Size & { readonly xMm?: number | undefined; readonly yMm?: number | undefined },
): SealPlace {
  const shown = pageSizeMm(page)
  const place = {
    xMm: xMm ?? inset(shown.widthMm - widthMm),
    yMm: yMm ?? inset(shown.heightMm - heightMm),
    widthMm,
    heightMm,
  }
  const rect = rectOnPage(page, place)
  if (!earlier.some((box) => meets(box, rect))) return { xMm: place.xMm, yMm: place.yMm, scale: 1 }
  const details = { page: page.index + 1, xMm: place.xMm, yMm: place.yMm }
  throw new NotarizeError('SEAL_ON_SEAL', 'the seal would lie on an earlier one', details)
}

function freePlace(page: Page, earlier: readonly Box[], size: Size): Pick<SealPlace, 'xMm' | 'yMm'> | undefined {
  const shown = pageSizeMm(page)
  const gap = Math.min(GAP_MM, size.heightMm / 20)
  for (let yMm = inset(shown.heightMm - size.heightMm); yMm >= 0; yMm -= size.heightMm + gap) {
    for (let xMm = inset(shown.widthMm - size.widthMm); xMm >= 0; xMm -= size.widthMm + gap) {
      const rect = rectOnPage(page, { xMm, yMm, ...size })
      if (!earlier.some((box) => meets(box, rect))) return { xMm, yMm }
    }
  }
  return undefined
}
