import { AnnotationMode, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { startEngine } from './engine'
import type { PageViewer, ViewerParts } from './page-viewer'

/** Opens a document for the eye. */
export async function openPdf(pdf: Uint8Array, parts: ViewerParts): Promise<PageViewer> {
  const engine = startEngine(parts)
  const document = await engine.open(pdf)
  return {
    ...pagesOf(document),
    close: async () => {
      await document.loadingTask.destroy()
      engine.stop()
    },
  }
}

const MM_PER_POINT = 25.4 / 72
const MAX_PIXELS = 12_000_000

function pagesOf(document: PDFDocumentProxy) {
  const viewportOf = async (page: number) => (await document.getPage(page)).getViewport({ scale: 1 })
  return {
    pages: document.numPages,
    size: async (page: number) => {
      const { width, height } = await viewportOf(page)
      return { widthMm: width * MM_PER_POINT, heightMm: height * MM_PER_POINT }
    },
    boxOf: async (page: number, rect: readonly [number, number, number, number]) => {
      const viewport = await viewportOf(page)
      const [x1, y1, x2, y2] = viewport.convertToViewportRectangle([...rect])
      return {
        left: Math.min(x1, x2) / viewport.width,
        top: Math.min(y1, y2) / viewport.height,
        width: Math.abs(x2 - x1) / viewport.width,
        height: Math.abs(y2 - y1) / viewport.height,
      }
    },
    draw: async (page: number, canvas: HTMLCanvasElement, width: number) => {
      const proxy = await document.getPage(page)
      const natural = proxy.getViewport({ scale: 1 })
      const wanted = width / natural.width
      const scale = Math.min(wanted, Math.sqrt(MAX_PIXELS / (natural.width * natural.height)))
      const viewport = proxy.getViewport({ scale })
      canvas.width = Math.max(1, Math.floor(viewport.width))
      canvas.height = Math.max(1, Math.floor(viewport.height))
      await proxy.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE }).promise
    },
  }
}
