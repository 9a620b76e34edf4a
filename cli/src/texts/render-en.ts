import type { Area, CompareRemarkCode, ComparisonState, PaperSize, RevisionComparison } from '@cinnabar/core'

const pages = (count: number) => (count === 1 ? '1 page' : `${count} pages`)
const size = ({ widthMm, heightMm }: PaperSize) => `${widthMm} × ${heightMm} mm`

const compared = ({ pagesBefore, pagesAfter, pagesCompared }: RevisionComparison) =>
  pagesBefore === pagesAfter
    ? `${pagesCompared} of ${pages(pagesAfter)} compared`
    : `${pages(pagesBefore)} when sealed, ${pagesAfter} now, ${pagesCompared} compared`

const state: Readonly<Record<ComparisonState, (one: RevisionComparison) => string>> = {
  unchanged: () => 'nothing was added to the file since, so there is nothing to compare',
  same: (one) => `${compared(one)}, no difference`,
  differs: (one) => `${compared(one)}, ${one.differing.length === 1 ? '1 differs' : `${one.differing.length} differ`}`,
  incomplete: (one) => `${compared(one)}, no difference in these; the others were not compared`,
  unread: () => 'could not be compared',
}

const remark: Readonly<Record<CompareRemarkCode, string>> = {
  ENCRYPTED: 'asks for a password',
  UNREADABLE: 'the engine cannot open it',
  PAGE_UNREADABLE: 'the engine cannot read this page',
  PAGE_TOO_SLOW: 'took too long and was cut off',
  OUT_OF_TIME: 'the time for the comparison was over; what follows was not compared',
  OUT_OF_MEMORY: 'took too much memory and was cut off',
  TOO_MANY_PAGES: 'too many pages; the rest was not compared',
  TOO_LARGE: 'the file is too large to compare',
  ENGINE_FAILED: 'the engine failed',
  ENGINE_MISSING: 'pdf.js is not installed beside this command',
  PICTURES_MISSING: 'no pictures can be drawn here: only the text was compared',
}

/** English sentences of the second reading. */
export const renderEn = {
  comparing: 'reading a second time with pdf.js',
  written: (path: string) => `picture written to ${path}`,
  notWritten: (path: string, code: string) => `picture not written to ${path} [${code}]`,
  heading: (engine: string) => `Second reading, by an engine that is not ours (${engine})`,
  informs: (channel: number) =>
    `It informs: verdict and exit code do not depend on it. A pixel counts as changed beyond ${channel} of 255 in a colour.`,
  noSeal: 'No signed revision in this file: there is nothing to compare it with.',
  since: (field: string | null, bytes: number) => `since ${field ?? 'a signature'} (the first ${bytes} bytes)`,
  state,
  differingMeans:
    'Not wrong by itself: later seals and permitted form filling change pages. Whether it was allowed, the fact integrity says.',
  sameMeans:
    'What no page shows, such as scripts, attachments or metadata, is not compared: the fact integrity judges it.',
  page: (page: number) => `page ${page}`,
  changed: (share: string | undefined) => (share === undefined ? 'differs' : `${share} of the picture changed`),
  whole: { added: 'came after the seal', removed: 'is no longer there', same: 'the same' },
  resized: (before: PaperSize, after: PaperSize) => `paper: ${size(before)} when sealed, ${size(after)} now`,
  area: ({ x, y, width, height }: Area) =>
    `changed: ${width} × ${height} mm, ${x} mm from the left, ${y} mm from the top`,
  moreAreas: (count: number) => `and ${count} smaller areas`,
  moreLines: (count: number) => `and ${count} more lines or parts`,
  moreRemarks: (count: number) => `and ${count} more remarks`,
  side: { sealed: 'as sealed', now: 'now' },
  remark,
}
