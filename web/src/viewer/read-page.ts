import { type PageReading, pageLines, paperSize, renderScale } from '@cinnabar/core'
import { AnnotationMode, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

/** One page's text and picture; undefined when the document has no such page. */
export async function readPage(pdf: PDFDocumentProxy, number: number): Promise<PageReading | undefined> {
  if (number > pdf.numPages) return undefined
  const page = await pdf.getPage(number)
  const { width, height } = page.getViewport({ scale: 1 })
  const content = await page.getTextContent()
  const lines = pageLines(content.items, await page.getAnnotations({ intent: 'display' }))
  const viewport = page.getViewport({ scale: renderScale(width, height) })
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(viewport.width))
  canvas.height = Math.max(1, Math.round(viewport.height))
  // Drawn by the processor: what a graphics card smooths may differ from run to run.
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  if (context === null) return { ...paperSize(width, height), lines }
  const annotationMode = AnnotationMode.ENABLE
  await page.render({ canvas: null, canvasContext: context, viewport, annotationMode, background: '#fff' }).promise
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const picture = { width: canvas.width, height: canvas.height, rgba: data }
  page.cleanup()
  return { ...paperSize(width, height), lines, picture }
}
