import { dirname } from 'node:path'
import { type PageReading, type Pixels, pageLines, paperSize, renderScale } from '@cinnabar/core'

/** A document in pdf.js. */
export interface OpenDocument {
  readonly pages: number
  /** False where the library finds no canvas to draw on: pages are read without pictures then. */
  readonly draws: boolean
  /** @param page - from 1. */
  read(page: number): Promise<PageReading>
  /** A picture as PNG. */
  png(picture: Pixels): Uint8Array
}

interface Canvas {
  width: number
  height: number
  getContext(kind: '2d'): Context2d
  toBuffer(type: 'image/png'): Uint8Array
}

interface Context2d {
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray }
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray }
  putImageData(image: unknown, x: number, y: number): void
}

/** A picture inside a file that has more pixels is left out of the page. */
const MAX_IMAGE_PIXELS = 1 << 25

/** Loads pdf.js; its code is not ours and is asked for only by who compares. */
export function loadEngine() {
  return import('pdfjs-dist/legacy/build/pdf.mjs')
}

type Engine = Awaited<ReturnType<typeof loadEngine>>

/**
 * Opens a document with no script, no form logic and no network: fonts and character maps come from the library's folder.
 * @throws what pdf.js throws, by name: `PasswordException`, `InvalidPDFException`.
 */
export async function openDocument(engine: Engine, bytes: Uint8Array): Promise<OpenDocument> {
  const parts = dirname(require.resolve('pdfjs-dist/package.json'))
  const document = await engine.getDocument({
    // The library takes the buffer away.
    data: bytes.slice(),
    standardFontDataUrl: `${parts}/standard_fonts/`,
    cMapUrl: `${parts}/cmaps/`,
    cMapPacked: true,
    wasmUrl: `${parts}/wasm/`,
    iccUrl: `${parts}/iccs/`,
    useWorkerFetch: false,
    useSystemFonts: false,
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: MAX_IMAGE_PIXELS,
    verbosity: engine.VerbosityLevel.ERRORS,
  }).promise
  const factory = document.canvasFactory as Factory
  const draws = hasCanvas(factory)
  return {
    pages: document.numPages,
    draws,
    async read(number) {
      const page = await document.getPage(number)
      const { width, height } = page.getViewport({ scale: 1 })
      const [content, annotations] = [await page.getTextContent(), await page.getAnnotations({ intent: 'display' })]
      const read = { ...paperSize(width, height), lines: pageLines(content.items, annotations) }
      if (!draws) return read
      const viewport = page.getViewport({ scale: renderScale(width, height) })
      const sides = [viewport.width, viewport.height].map((side) => Math.max(1, Math.round(side)))
      const { canvas } = factory.create(sides[0], sides[1])
      const annotationMode = engine.AnnotationMode.ENABLE
      await page.render({ canvas: canvas as never, viewport, annotationMode, background: '#fff' }).promise
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      page.cleanup()
      return { ...read, picture: { width: canvas.width, height: canvas.height, rgba: data } }
    },
    png({ width, height, rgba }) {
      const { canvas } = factory.create(width, height)
      const image = canvas.getContext('2d').createImageData(width, height)
      image.data.set(rgba)
      canvas.getContext('2d').putImageData(image, 0, 0)
      return new Uint8Array(canvas.toBuffer('image/png'))
    },
  }
}

interface Factory {
  create(width: number, height: number): { readonly canvas: Canvas }
}

/** The canvas is an optional part of the library: not every platform has one. */
function hasCanvas(factory: Factory): boolean {
  try {
    return factory.create(1, 1).canvas.width === 1
  } catch {
    return false
  }
}
