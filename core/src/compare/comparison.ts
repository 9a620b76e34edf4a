/**
 * A second reading: what an engine that is not ours shows of a file as it was sealed, and as it is now. It informs and is no part
 * of a report: what may follow a seal is decided by verification alone, and permitted form filling changes pages too.
 */
export interface RenderComparison {
  /** Name and version of the library that read both. */
  readonly engine: string
  readonly tolerance: { readonly channel: number }
  /** One for each seal that was asked for. */
  readonly revisions: readonly RevisionComparison[]
}

/** A sealed revision compared with the file as it is now. */
export interface RevisionComparison {
  /** The signature's field, unless the file is too damaged to tell. */
  readonly field: string | null
  /** The revision is so many of the file's first bytes. */
  readonly bytes: number
  readonly state: ComparisonState
  /** Zero until the engine has opened both. */
  readonly pagesBefore: number
  readonly pagesAfter: number
  /** Pages that were compared, added or removed. */
  readonly pagesCompared: number
  /** Those that differ, in order. */
  readonly differing: readonly PageComparison[]
  readonly remarks: readonly CompareRemark[]
}

/**
 * `unchanged`: not one byte follows the seal's revision, so there is nothing to compare; `same`: all pages look and read alike;
 * `differs`: at least one does not; `incomplete`: none was found to, but not all were compared; `unread`: the engine opened
 * one of them not at all.
 */
export type ComparisonState = 'unchanged' | 'same' | 'differs' | 'incomplete' | 'unread'

/** Why something was not compared. */
export type CompareRemarkCode =
  | 'ENCRYPTED'
  | 'UNREADABLE'
  | 'PAGE_UNREADABLE'
  | 'PAGE_TOO_SLOW'
  | 'OUT_OF_TIME'
  | 'OUT_OF_MEMORY'
  | 'TOO_MANY_PAGES'
  | 'TOO_LARGE'
  | 'ENGINE_FAILED'
  | 'ENGINE_MISSING'
  | 'PICTURES_MISSING'

/** What kept the comparison from being whole; `detail` is the engine's word or a figure. */
export interface CompareRemark {
  readonly code: CompareRemarkCode
  readonly side?: 'sealed' | 'now'
  /** From 1. */
  readonly page?: number
  readonly detail: string
}

/** How one page differs. Pages are compared by their number. */
export interface PageComparison {
  /** From 1. */
  readonly page: number
  readonly state: 'same' | 'differs' | 'added' | 'removed'
  readonly text: LineChanges
  /** Undefined where the page is on one side only, or no picture could be made. */
  readonly picture?: PictureChanges
  /** As shown; undefined where the page is not. */
  readonly sizeBefore?: PaperSize
  readonly sizeAfter?: PaperSize
}

/** Millimetres of the page as shown. */
export interface PaperSize {
  readonly widthMm: number
  readonly heightMm: number
}

/** Lines of text that came and went, in the page's order. */
export interface LineChanges {
  readonly changes: readonly LineChange[]
  /** Changes beyond those that are listed. */
  readonly more: number
}

/** One line that is on one side only. */
export interface LineChange {
  readonly change: 'added' | 'removed'
  readonly text: string
}

/** Where two pictures of a page differ by more than the tolerance. */
export interface PictureChanges {
  /** Changed pixels among all, from 0 to 1. */
  readonly share: number
  readonly areas: readonly Area[]
}

/** A rectangle in millimetres from the top left corner of the page as shown. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One page as the engine reads and draws it. */
export interface PageReading extends PaperSize {
  readonly lines: readonly string[]
  readonly picture?: Pixels
}

/** A picture on white paper: four bytes a pixel, red, green, blue and an alpha that is not looked at, row by row. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array | Uint8ClampedArray
}

/** What bounds a comparison, whatever is in the files. */
export const COMPARE_LIMITS = {
  maxFileBytes: 256 << 20,
  maxPages: 200,
  /** For one page of both sides, read and drawn. */
  pageMs: 5_000,
  /** For opening both sides. */
  openMs: 8_000,
  /** For one revision, all of it. */
  totalMs: 60_000,
  /** Of the engine's whole process. */
  memoryBytes: 1_536 << 20,
} as const

/** What was found of one revision so far, and what it amounts to. */
export function concluded(found: Omit<RevisionComparison, 'state'> & { readonly opened: boolean }): RevisionComparison {
  const { opened, ...rest } = found
  const pages = Math.max(found.pagesBefore, found.pagesAfter)
  if (!opened) return { ...rest, state: 'unread' }
  if (found.differing.length > 0) return { ...rest, state: 'differs' }
  const isWhole = found.pagesCompared === pages && found.remarks.length === 0
  return { ...rest, state: isWhole ? 'same' : 'incomplete' }
}
