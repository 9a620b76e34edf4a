import {
  COMPARE_LIMITS,
  type CompareRemark,
  comparePage,
  concluded,
  type PageComparison,
  type Pixels,
  type RevisionComparison,
  type SealedRevision,
} from '@cinnabar/core'
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { startEngine } from './engine'
import { type ComparisonListener, type PagePictures, ViewerError, type ViewerParts } from './page-viewer'
import { readPage } from './read-page'

/** Who listens, and the parts of the PDF library. */
export interface CompareOptions extends ComparisonListener {
  readonly parts: ViewerParts
}

/** Compares page by page. What takes too long is cut off by ending the worker; a new one goes on with the next page. */
export async function compareSince(
  file: Uint8Array,
  revision: SealedRevision,
  options: CompareOptions,
): Promise<RevisionComparison> {
  const { field, end } = revision
  const blank = { field, bytes: end, pagesBefore: 0, pagesAfter: 0, pagesCompared: 0, differing: [], remarks: [] }
  if (end === file.length) return { ...blank, state: 'unchanged' }
  if (file.length > COMPARE_LIMITS.maxFileBytes) {
    return { ...blank, state: 'unread', remarks: [{ code: 'TOO_LARGE', detail: String(file.length) }] }
  }
  const total = new AbortController()
  const timer = setTimeout(() => total.abort(), COMPARE_LIMITS.totalMs)
  const run: Run = { file, end, options, late: total.signal, found: [], remarks: [], next: 1, compared: 0 }
  while (!(await oneWorker(run)));
  clearTimeout(timer)
  const { before = 0, after = 0 } = run.pages ?? {}
  return concluded({
    ...blank,
    opened: run.pages !== undefined,
    pagesBefore: before,
    pagesAfter: after,
    pagesCompared: run.compared,
    differing: run.found,
    remarks: run.remarks,
  })
}

/** How far a comparison has come. */
interface Run {
  readonly file: Uint8Array
  readonly end: number
  readonly options: CompareOptions
  /** The time for all of it is over. */
  readonly late: AbortSignal
  readonly found: PageComparison[]
  readonly remarks: CompareRemark[]
  pages?: { readonly before: number; readonly after: number }
  next: number
  compared: number
}

interface Both {
  readonly before: PDFDocumentProxy
  readonly after: PDFDocumentProxy
}

/** @returns whether the comparison is over. */
async function oneWorker(run: Run): Promise<boolean> {
  const engine = startEngine(run.options.parts)
  try {
    const both = await openBoth(run, engine)
    if (both === undefined) return true
    run.pages = { before: both.before.numPages, after: both.after.numPages }
    return await comparePages(run, both)
  } finally {
    engine.stop()
  }
}

/** One side after the other, so that it is told which of them does not open. */
async function openBoth(run: Run, engine: ReturnType<typeof startEngine>): Promise<Both | undefined> {
  const settings = { disableFontFace: true, useSystemFonts: false, maxImageSize: 1 << 25 }
  const open = async (side: 'sealed' | 'now', bytes: Uint8Array) => {
    try {
      return await within(COMPARE_LIMITS.openMs, engine.open(bytes, settings))
    } catch (error) {
      run.remarks.push({ code: codeOf(error, 'UNREADABLE'), side, detail: wordOf(error) })
      return undefined
    }
  }
  const before = await open('sealed', run.file.subarray(0, run.end))
  const after = before && (await open('now', run.file))
  return before && after && { before, after }
}

async function comparePages(run: Run, both: Both): Promise<boolean> {
  const pages = Math.max(both.before.numPages, both.after.numPages)
  const last = Math.min(pages, COMPARE_LIMITS.maxPages)
  while (run.next <= last && !run.options.signal.aborted) {
    const page = run.next
    if (run.late.aborted) {
      run.remarks.push({ code: 'OUT_OF_TIME', page, detail: '' })
      return true
    }
    run.next++
    run.options.onPage(page, pages)
    try {
      await within(COMPARE_LIMITS.pageMs, onePage(run, both, page))
    } catch (error) {
      const code = codeOf(error, 'PAGE_UNREADABLE')
      run.remarks.push({ code, page, detail: wordOf(error) })
      // The worker is stuck with it.
      if (code === 'PAGE_TOO_SLOW') return run.next > last
    }
  }
  if (pages > last) run.remarks.push({ code: 'TOO_MANY_PAGES', detail: `${pages} > ${last}` })
  return true
}

async function onePage(run: Run, { before, after }: Both, page: number): Promise<void> {
  const [one, other] = [await readPage(before, page), await readPage(after, page)]
  const comparison = comparePage(page, one, other)
  const isSame = comparison.state === 'same'
  const pictures = isSame ? {} : await picturesOf(one?.picture, other?.picture)
  // What was cut off is not told late.
  if (run.next !== page + 1) return
  run.compared++
  if (isSame) return
  run.found.push(comparison)
  run.options.onDifference(comparison, pictures)
}

async function picturesOf(before: Pixels | undefined, after: Pixels | undefined): Promise<PagePictures> {
  return { ...(before && { before: await address(before) }), ...(after && { after: await address(after) }) }
}

/** Pixels as a PNG, which takes a fraction of their memory. */
async function address({ width, height, rgba }: Pixels): Promise<string> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const image = new ImageData(new Uint8ClampedArray(rgba), width, height)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  return png === null ? '' : URL.createObjectURL(png)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ViewerError('TOO_SLOW', `took over ${ms} ms`, { ms })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function codeOf(error: unknown, otherwise: CompareRemark['code']): CompareRemark['code'] {
  if (error instanceof ViewerError) return error.code === 'TOO_SLOW' ? 'PAGE_TOO_SLOW' : 'ENGINE_FAILED'
  return error instanceof Error && error.name === 'PasswordException' ? 'ENCRYPTED' : otherwise
}

const MAX_WORD = 200

function wordOf(error: unknown): string {
  if (error instanceof ViewerError) return ''
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_WORD)
}
