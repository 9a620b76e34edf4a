import { CodedError, type PageComparison, type RevisionComparison, type SealedRevision } from '@cinnabar/core'

/** Why pages cannot be drawn; the verdict never depends on it. */
export class ViewerError extends CodedError<'WORKER_FAILED' | 'PART_MISSING' | 'TOO_SLOW'> {}

/** A rectangle as fractions of the page as shown, from its top left corner. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How large a page is on paper. */
export interface PageSize {
  readonly widthMm: number
  readonly heightMm: number
}

/** A document whose pages can be drawn. */
export interface PageViewer {
  readonly pages: number
  /** The size of a page, from 1, as shown. */
  size(page: number): Promise<PageSize>
  /** Where a rectangle in the page's default user space is shown. */
  boxOf(page: number, rect: readonly [number, number, number, number]): Promise<Box>
  /** Draws a page `width` pixels wide. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>
  close(): Promise<void>
}

/** Opens a document for viewing; loads the PDF library, which the check itself never needs. */
export type OpenViewer = (pdf: Uint8Array) => Promise<PageViewer>

/** The parts of the PDF library that do not come with its script. */
export interface ViewerParts {
  readonly workerUrl: string
  /** The packed character maps, fonts and image decoder, asked for only when a file needs one. */
  readonly pack: () => Promise<Uint8Array>
}

/** A differing page as pictures, where it could be drawn: addresses of images that live until they are revoked. */
export interface PagePictures {
  readonly before?: string
  readonly after?: string
}

/** Who follows a comparison while it goes on. */
export interface ComparisonListener {
  /** About to compare this page, of so many. */
  onPage(page: number, of: number): void
  onDifference(page: PageComparison, pictures: PagePictures): void
  /** Ends the comparison: nobody waits for it any more. */
  readonly signal: AbortSignal
}

/** Compares a sealed revision of a file with the file; loads the PDF library. It informs, and never changes a verdict. */
export type CompareSince = (
  file: Uint8Array,
  revision: SealedRevision,
  listener: ComparisonListener,
) => Promise<RevisionComparison>
