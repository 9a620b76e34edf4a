import type { PageParts } from './start-page'
import { noShelf } from './trust-file'
import { noListShelf } from './trust-lists'
import { gunzip } from './viewer/pack'
import type { ViewerParts } from './viewer/page-viewer'

type Viewer = typeof import('./viewer/viewer')

/** What the viewer's script declares once it has run; web/build.mjs names it. */
declare const cinnabarViewer: Viewer

/** The parts of the page that runs from disk: no service, nothing remembered, the viewer inside the page. */
export function aloneParts(): Omit<PageParts, 'now'> {
  let loading: Promise<Viewer> | undefined
  const viewer = () => {
    loading ??= loadViewer()
    return loading
  }
  return {
    shelf: noShelf,
    listShelf: noListShelf,
    openViewer: async (pdf) => (await viewer()).openPdf(pdf, await viewerParts()),
    compareSince: async (file, revision, listener) =>
      (await viewer()).compareSince(file, revision, { ...listener, parts: await viewerParts() }),
  }
}

async function viewerParts(): Promise<ViewerParts> {
  return { workerUrl: await inertScript('viewer-worker'), pack: async () => inert('viewer-pack') }
}

/** Bytes that web/build.mjs laid into the page as base64 in an element that no browser runs. */
function inert(id: string): Uint8Array {
  const text = document.getElementById(id)?.textContent ?? ''
  return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0))
}

async function inertScript(id: string): Promise<string> {
  return URL.createObjectURL(new Blob([(await gunzip(inert(id))) as BlobPart], { type: 'text/javascript' }))
}

async function loadViewer(): Promise<Viewer> {
  const script = document.createElement('script')
  script.src = await inertScript('viewer-script')
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve)
    script.addEventListener('error', reject)
    document.head.append(script)
  })
  return cinnabarViewer
}
