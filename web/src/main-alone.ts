import { startPage } from './start-page'
import { noShelf } from './trust-file'
import { gunzip } from './viewer/pack'

type Viewer = typeof import('./viewer/open-pdf')

startPage({
  shelf: noShelf,
  openViewer: async (pdf) => {
    const [script, worker] = await Promise.all([inertScript('viewer-script'), inertScript('viewer-worker')])
    const { openPdf }: Viewer = await import(script)
    return openPdf(pdf, { workerUrl: worker, pack: async () => inert('viewer-pack') })
  },
})

/** Bytes that web/build.mjs laid into the page as base64 in an element that no browser runs. */
function inert(id: string): Uint8Array {
  const text = document.getElementById(id)?.textContent ?? ''
  return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0))
}

const urls = new Map<string, string>()

async function inertScript(id: string): Promise<string> {
  const known = urls.get(id)
  if (known !== undefined) return known
  const url = URL.createObjectURL(new Blob([(await gunzip(inert(id))) as BlobPart], { type: 'text/javascript' }))
  urls.set(id, url)
  return url
}
