import type { OpenViewer } from './viewer/page-viewer'

/** Set by web/build.mjs: where the viewer's other parts are served. */
declare const WORKER_URL: string
declare const PACK_URL: string

/** Loads the viewer from the service when it is first needed. */
export const servedViewer: OpenViewer = async (pdf) => {
  const { openPdf } = await import('./viewer/open-pdf')
  const pack = async () => new Uint8Array(await (await fetch(PACK_URL)).arrayBuffer())
  return openPdf(pdf, { workerUrl: WORKER_URL, pack })
}
