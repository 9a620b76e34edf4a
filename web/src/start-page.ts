import { App } from './app'
import type { Gateway } from './gateway'
import { languageFor } from './texts'
import type { TrustShelf } from './trust-file'
import type { ListShelf } from './trust-lists'
import { acceptDrops } from './view/chooser'
import { stagePage } from './view/page'
import type { CompareSince, OpenViewer } from './viewer/page-viewer'

/** What tells the served page from the one on disk. */
export interface PageParts {
  readonly gateway?: Gateway
  readonly shelf: TrustShelf
  readonly listShelf: ListShelf
  readonly paperId?: string
  readonly openViewer: OpenViewer
  readonly compareSince: CompareSince
  readonly now: () => Date
}

/** Puts the page into the document and starts it. */
export function startPage(parts: PageParts) {
  const root = document.getElementById('page')
  if (root === null) throw new ReferenceError('the document has no element with the id page')
  const app: App = new App(
    {
      ...parts,
      language: languageFor(navigator.languages),
      secure: globalThis.crypto?.subtle !== undefined,
    },
    (state) => show(state),
  )
  const show = stagePage({ ...parts, root, host: parts.gateway?.host }, app)
  acceptDrops(document, app)
  app.start().catch(console.error)
}
