import { aloneParts } from './alone'
import { servedParts } from './served'
import { startPage } from './start-page'

/** Set by web/build.mjs: the page that the service serves, or the one that runs from disk. */
declare const SERVED: boolean

startPage({ ...(SERVED ? servedParts() : aloneParts()), now: () => new Date() })
