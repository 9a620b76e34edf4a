import {
  AnnotationMode,
  getDocument,
  type PDFDocumentProxy,
  PDFWorker,
  VerbosityLevel,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import { openPack, type Pack } from './pack'
import { type PageViewer, ViewerError, type ViewerParts } from './page-viewer'

/** Opens a document in pdf.js, its parser in a worker. No scripts, forms or links of the file are ever live. */
export async function openPdf(pdf: Uint8Array, parts: ViewerParts): Promise<PageViewer> {
  const port = new Worker(parts.workerUrl)
  // The library's types know no port.
  const worker = PDFWorker.create({ port } as unknown as Parameters<typeof PDFWorker.create>[0])
  const task = getDocument({
    // The library takes the buffer away; the page keeps the bytes that it checked.
    data: pdf.slice(),
    worker,
    ...factories(parts),
    useWorkerFetch: false,
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: VerbosityLevel.ERRORS,
  })
  const document = await Promise.race([task.promise, brokenWorker(port)])
  return {
    ...pagesOf(document),
    close: async () => {
      await task.destroy()
      port.terminate()
    },
  }
}

/** A worker that cannot start says so only by this event. */
function brokenWorker(port: Worker): Promise<never> {
  return new Promise((_, reject) => {
    port.addEventListener('error', (event) =>
      reject(new ViewerError('WORKER_FAILED', 'the PDF worker did not start', {}, event)),
    )
  })
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

/** What pdf.js would fetch by name comes from one pack, so that no request tells which fonts a file uses. */
function factories(parts: ViewerParts) {
  let opened: Promise<Pack> | undefined
  const member = async (name: string) => {
    opened ??= parts.pack().then(openPack)
    const bytes = (await opened)(name)
    if (bytes.length === 0) throw new ViewerError('PART_MISSING', `the viewer has no ${name}`, { name })
    return bytes
  }
  return {
    CMapReaderFactory: class {
      async fetch({ name }: { name: string }) {
        return { cMapData: await member(`cmaps/${name}.bcmap`), isCompressed: true }
      }
    },
    StandardFontDataFactory: class {
      fetch({ filename }: { filename: string }) {
        return member(`fonts/${filename}`)
      }
    },
    WasmFactory: class {
      fetch({ filename }: { filename: string }) {
        return member(`wasm/${filename}`)
      }
    },
  }
}
