import type { CompareSince, OpenViewer, ViewerParts } from './viewer/page-viewer'

/** Set by web/build.mjs: where the viewer's other parts are served. */
declare const WORKER_URL: string
declare const PACK_URL: string

const partsServed = (): ViewerParts => ({
  workerUrl: WORKER_URL,
  pack: async () => new Uint8Array(await (await fetch(PACK_URL)).arrayBuffer()),
})

/** Loads the viewer from the service when it is first needed. */
export const servedViewer: OpenViewer = async (pdf) => {
  const { openPdf } = await import('./viewer/open-pdf')
  return openPdf(pdf, partsServed())
}

/** As {@link servedViewer}, when a comparison is first asked for. */
export const servedComparison: CompareSince = async (file, revision, listener) => {
  const { compareSince } = await import('./viewer/compare-since')
  return compareSince(file, revision, { ...listener, parts: partsServed() })
}
