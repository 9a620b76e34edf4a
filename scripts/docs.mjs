import { writeFileSync } from 'node:fs'
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { inRoot } from './lib/paths.mjs'

/** Writes the pages that are made from the sources. */
await install()
await build()
const { settingsPage } = await import(inRoot('gateway', 'dist', 'settings-text.js'))
writeFileSync(inRoot('docs', 'configuration.md'), settingsPage())
