import { httpGateway } from './gateway'
import type { PageParts } from './start-page'
import { browserShelf } from './trust-file'

/** Set by web/build.mjs: where the viewer's other parts are served. */
declare const WORKER_URL: string
declare const PACK_URL: string

/** What a QR code's address ends in. */
const PAPER = /^\/s\/([0-9a-f]{32})\/?$/

/** The parts of the page that the service serves. */
export function servedParts(): Omit<PageParts, 'now'> {
  return {
    gateway: httpGateway(location),
    shelf: browserShelf(() => localStorage),
    paperId: PAPER.exec(location.pathname)?.[1],
    openViewer: async (pdf) => {
      const { openPdf } = await import('./viewer/open-pdf')
      const pack = async () => new Uint8Array(await (await fetch(PACK_URL)).arrayBuffer())
      return openPdf(pdf, { workerUrl: WORKER_URL, pack })
    },
  }
}
