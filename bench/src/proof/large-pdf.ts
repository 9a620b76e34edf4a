import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** What {@link writeLargePdf} makes. */
export interface LargePdf {
  readonly pages: number
  /** Of the whole file, about. */
  readonly bytes: number
}

const OTHER_BYTES = 600

/** Writes a PDF of so many pages, each with a line of text and an uncompressed picture of its own, as scanners make them. */
export async function writeLargePdf(path: string, { pages, bytes }: LargePdf): Promise<void> {
  const file = createWriteStream(path)
  const offsets: number[] = []
  let at = 0
  const write = async (piece: string | Uint8Array) => {
    const buffer = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    at += buffer.length
    if (!file.write(buffer)) await once(file, 'drain')
  }
  const begin = (number: number) => {
    offsets[number] = at
    return `${number} 0 obj\n`
  }
  await write('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
  await write(`${begin(1)}<</Type /Catalog /Pages 2 0 R>>\nendobj\n`)
  const kids = Array.from({ length: pages }, (_, i) => `${4 + 3 * i} 0 R`).join(' ')
  await write(`${begin(2)}<</Type /Pages /Count ${pages} /Kids [${kids}]>>\nendobj\n`)
  await write(`${begin(3)}<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>\nendobj\n`)
  const height = Math.max(1, Math.floor((bytes / pages - OTHER_BYTES) / WIDTH))
  for (let i = 0; i < pages; i++) {
    const [page, content, picture] = [4 + 3 * i, 5 + 3 * i, 6 + 3 * i]
    const text = `BT /F 12 Tf 72 780 Td (Page ${i + 1} of ${pages}) Tj ET q 400 0 0 600 72 120 cm /I Do Q`
    const resources = `<</Font <</F 3 0 R>> /XObject <</I ${picture} 0 R>>>>`
    const entries = `/MediaBox [0 0 595 842] /Resources ${resources} /Contents ${content} 0 R`
    await write(`${begin(page)}<</Type /Page /Parent 2 0 R ${entries}>>\nendobj\n`)
    await write(`${begin(content)}<</Length ${text.length}>>\nstream\n${text}\nendstream\nendobj\n`)
    await write(`${begin(picture)}${pictureEntries(height)}\nstream\n`)
    await write(grey(WIDTH * height, i))
    await write('\nendstream\nendobj\n')
  }
  const startxref = at
  const rows = Array.from(
    { length: offsets.length - 1 },
    (_, i) => `${String(offsets[i + 1]).padStart(10, '0')} 00000 n \n`,
  )
  await write(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join('')}`)
  await write(`trailer\n<</Size ${offsets.length} /Root 1 0 R>>\nstartxref\n${startxref}\n%%EOF\n`)
  file.end()
  await once(file, 'finish')
}

const WIDTH = 1000

function pictureEntries(height: number): string {
  const size = `/Width ${WIDTH} /Height ${height} /Length ${WIDTH * height}`
  return `<</Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 ${size}>>`
}

/** Grey noise, other on each page. */
function grey(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed + 1
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
