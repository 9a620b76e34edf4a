import { writeFileSync } from 'node:fs'
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { inRoot } from './lib/paths.mjs'

/** Writes the pages that are made from the sources. */
await install()
await build()
const { settingsPage } = await import(inRoot('gateway', 'dist', 'settings-text.js'))
writeFileSync(inRoot('docs', 'configuration.md'), settingsPage())
const { declaredRoutes } = await import(inRoot('gateway', 'dist', 'http', 'app.js'))
const { authorisationPage } = await import(inRoot('gateway', 'dist', 'http', 'authorisation.js'))
writeFileSync(inRoot('docs', 'authorisation.md'), authorisationPage(declaredRoutes(1)))
