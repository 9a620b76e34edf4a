import { getDocument, type PDFDocumentProxy, PDFWorker, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { openPack, type Pack } from './pack'
import { ViewerError, type ViewerParts } from './page-viewer'

/** pdf.js with its parser in a worker. */
export interface Engine {
  open(pdf: Uint8Array, settings?: EngineSettings): Promise<PDFDocumentProxy>
  /** Ends the worker at once, whatever it does. */
  stop(): void
}

/** What differs between reading for the eye and reading for a comparison. */
export interface EngineSettings {
  /** Draws letters as paths, never by a font that the browser loads. */
  readonly disableFontFace?: boolean
  readonly useSystemFonts?: boolean
  /** A picture inside the file that has more pixels is left out. */
  readonly maxImageSize?: number
}

/** Starts a worker. No scripts, forms or links of a file are ever live. */
export function startEngine(parts: ViewerParts): Engine {
  const port = new Worker(parts.workerUrl)
  // The library's types know no port.
  const worker = PDFWorker.create({ port } as unknown as Parameters<typeof PDFWorker.create>[0])
  const broken = brokenWorker(port)
  // Who opens a document is told; with none open there is nobody to tell.
  broken.catch(() => undefined)
  const shared = { worker, ...factories(parts) }
  return {
    open: (pdf, settings = {}) => {
      const task = getDocument({
        ...settings,
        ...shared,
        // The library takes the buffer away; the page keeps the bytes that it checked.
        data: pdf.slice(),
        useWorkerFetch: false,
        isEvalSupported: false,
        enableXfa: false,
        stopAtErrors: false,
        verbosity: VerbosityLevel.ERRORS,
      })
      return Promise.race([task.promise, broken])
    },
    stop: () => port.terminate(),
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
