export { compareSince } from './compare-since'
export { openPdf } from './open-pdf'
