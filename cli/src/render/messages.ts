import type { CompareRemark, PageComparison } from '@cinnabar/core'

/** What the reading process is asked: pages `from` to `to` of the file's first `end` bytes and of the whole file. */
export interface RenderTask {
  readonly file: Uint8Array
  readonly end: number
  readonly from: number
  readonly maxPages: number
  /** Whether pictures of differing pages are wanted back, as PNG. */
  readonly pictures: boolean
}

/** The pictures of one differing page; a side without it has none. */
export interface PagePictures {
  readonly before?: Uint8Array
  readonly after?: Uint8Array
  readonly difference?: Uint8Array
}

/** What the reading process answers, one by one. */
export type RenderAnswer =
  | { readonly kind: 'opened'; readonly before: number; readonly after: number }
  | { readonly kind: 'page'; readonly page: PageComparison; readonly pictures?: PagePictures }
  | { readonly kind: 'remark'; readonly remark: CompareRemark }
  | { readonly kind: 'refused'; readonly remark: CompareRemark }
  | { readonly kind: 'done' }
