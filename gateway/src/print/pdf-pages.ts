import { fromLatin1 } from '@cinnabar/core'
import { type PdfFile, textString } from './pdf-file'
import type { PdfFont } from './pdf-font'
import type { Sheet } from './sheet'

/** What is to be printed: drawn pages of one size, in points, and the document's title. */
export interface Print {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly sheets: readonly Sheet[]
}

/** The PDF of these pages; call once, when all text is set. ISO 32000-1 7.7. */
export function pdfOf(file: PdfFile, font: PdfFont, { title, width, height, sheets }: Print): Uint8Array {
  const parent = file.reserve()
  const kids = sheets.map((sheet) => {
    const content = file.stream(fromLatin1(sheet.content()))
    return file.add(
      `<< /Type /Page /Parent ${parent} /MediaBox [0 0 ${width} ${height}] /Resources << /Font << /F ${font.ref} >> >> /Contents ${content} >>`,
    )
  })
  font.finish()
  file.put(parent, `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`)
  const catalog = file.add(`<< /Type /Catalog /Pages ${parent} /Lang (zh-CN) >>`)
  const info = file.add(`<< /Title ${textString(title)} /Producer (Cinnabar) >>`)
  return file.bytes(`/Root ${catalog} /Info ${info}`)
}
