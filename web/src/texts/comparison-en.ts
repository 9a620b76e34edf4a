import type { Area, CompareRemarkCode, ComparisonState, PaperSize, RevisionComparison } from '@cinnabar/core'

const pages = (count: number) => (count === 1 ? '1 page' : `${count} pages`)
const size = ({ widthMm, heightMm }: PaperSize) => `${widthMm} × ${heightMm} mm`
const compared = ({ pagesBefore, pagesAfter, pagesCompared }: RevisionComparison) =>
  pagesBefore === pagesAfter
    ? `${pagesCompared} of ${pages(pagesAfter)} compared`
    : `${pages(pagesBefore)} when sealed, ${pagesAfter} now, ${pagesCompared} compared`

const state: Readonly<Record<ComparisonState, (one: RevisionComparison) => string>> = {
  unchanged: () => 'Nothing was added to the file since this seal: there is nothing to compare.',
  same: (one) => `No difference: ${compared(one)}.`,
  differs: (one) =>
    `${one.differing.length === 1 ? '1 page differs' : `${one.differing.length} pages differ`}: ${compared(one)}.`,
  incomplete: (one) => `No difference in what was compared, but not everything was: ${compared(one)}.`,
  unread: () => 'The file could not be compared.',
}

const remark: Readonly<Record<CompareRemarkCode, string>> = {
  ENCRYPTED: 'It asks for a password.',
  UNREADABLE: 'The second reader cannot open it.',
  PAGE_UNREADABLE: 'The second reader cannot read this page.',
  PAGE_TOO_SLOW: 'It took too long and was cut off.',
  OUT_OF_TIME: 'The time for the comparison was over: from here on nothing was compared.',
  OUT_OF_MEMORY: 'It took too much memory and was cut off.',
  TOO_MANY_PAGES: 'Too many pages: the rest was not compared.',
  TOO_LARGE: 'The file is too large to compare on this page. Use the command: cinnabar verify --compare-render',
  ENGINE_FAILED: 'The second reader could not start.',
  ENGINE_MISSING: 'The second reader could not start.',
  PICTURES_MISSING: 'Nothing can be drawn here: only the text was compared.',
}

/** English sentences of the comparison with what was sealed. */
export const comparisonEn = {
  heading: 'What changed since the seal',
  note: 'A second reader (pdf.js) can show the file as it was sealed beside the file as it is now. This informs only: the verdict does not depend on it.',
  start: 'Compare with what was sealed',
  since: (field: string | null) => `Since ${field ?? 'a signature'}`,
  choose: 'Compare since',
  working: (page: number, of: number) => `Comparing page ${page} of ${of}…`,
  loading: 'Opening both…',
  state,
  differingMeans:
    'A difference is not wrong by itself: later seals and permitted form filling change pages. Whether it was allowed, the verdict says.',
  sameMeans: 'What no page shows, such as scripts, attachments or metadata, is not compared: the verdict judges it.',
  page: (page: number) => `Page ${page}`,
  changed: (share: string) => `${share} of the picture changed`,
  whole: { differs: 'differs', added: 'came after the seal', removed: 'is no longer there', same: 'the same' },
  resized: (before: PaperSize, after: PaperSize) => `Paper: ${size(before)} when sealed, ${size(after)} now.`,
  before: 'As sealed',
  after: 'Now',
  area: ({ x, y, width, height }: Area) =>
    `Changed: ${width} × ${height} mm, ${x} mm from the left, ${y} mm from the top`,
  absent: 'No such page',
  lines: 'Text that came and went',
  added: 'Added',
  removed: 'Removed',
  more: (count: number) => `and ${count} more`,
  remark,
  side: { sealed: 'As sealed', now: 'Now' },
}
