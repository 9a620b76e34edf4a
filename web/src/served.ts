import { httpGateway } from './gateway'
import { servedComparison, servedViewer } from './served-viewer'
import type { PageParts } from './start-page'
import { browserShelf } from './trust-file'
import { browserListShelf } from './trust-lists'

/** What a QR code's address ends in. */
const PAPER = /^\/s\/([0-9a-f]{32})\/?$/

/** The parts of the page that the service serves. */
export function servedParts(): Omit<PageParts, 'now'> {
  return {
    gateway: httpGateway(location),
    shelf: browserShelf(() => localStorage),
    listShelf: browserListShelf(() => localStorage),
    paperId: PAPER.exec(location.pathname)?.[1],
    openViewer: servedViewer,
    compareSince: servedComparison,
  }
}
