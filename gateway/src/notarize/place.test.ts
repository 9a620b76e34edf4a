import { type PdfDocument, pageAt, pageSizeMm, readPdf, type Seal } from '@cinnabar/core'
import { CONTRACT } from '../../test/embedded-gateway'
import { placeOf } from './place'

const SEAL = { widthUm: 42_000, heightUm: 42_000 } as Seal

/** The contract's page with another size: the same length, so that every offset stays right. */
function pageOf(mediaBox: string): PdfDocument {
  const text = Buffer.from(CONTRACT).toString('latin1')
  const found = /\/MediaBox \[[^\]]*\]/.exec(text)
  if (found === null) throw new Error('the contract has no MediaBox')
  const replaced = text.replace(found[0], `/MediaBox [${mediaBox}]`.padEnd(found[0].length))
  return readPdf(new Uint8Array(Buffer.from(replaced, 'latin1')))
}

describe('where a seal goes', () => {
  it('is the lower right corner inside a margin, in the registered size', () => {
    const document = readPdf(CONTRACT)
    const page = pageAt(document, 0)
    const { widthMm, heightMm } = pageSizeMm(page)
    const place = placeOf(document, page, { seal: SEAL })
    expect(place.scale).toBe(1)
    expect(place.xMm).toBeCloseTo(widthMm - 60 - 20)
    expect(place.yMm).toBeCloseTo(heightMm - 42 - 20)
  })

  it('is smaller on a page that cannot hold two of it', () => {
    const document = pageOf('0 0 90 50')
    const page = pageAt(document, 0)
    const { xMm, yMm, scale } = placeOf(document, page, { seal: SEAL })
    const { widthMm, heightMm } = pageSizeMm(page)
    expect(scale).toBeLessThan(1)
    expect(xMm + 60 * scale).toBeLessThanOrEqual(widthMm + 1e-6)
    expect(yMm + 42 * scale).toBeLessThanOrEqual(heightMm + 1e-6)
  })

  it('is as wished, on the page only', () => {
    const document = readPdf(CONTRACT)
    const page = pageAt(document, 0)
    expect(placeOf(document, page, { seal: SEAL, xMm: 5, yMm: 7 })).toEqual({ xMm: 5, yMm: 7, scale: 1 })
    expect(() => placeOf(document, page, { seal: SEAL, xMm: 200, yMm: 7 })).toThrow(
      expect.objectContaining({ code: 'SEAL_OFF_PAGE' }),
    )
  })
})
