import { writeFileSync } from 'node:fs'
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { inRoot, npmCommand } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

/** Writes the pages that are made from the sources. */
await install()
await build()
const { settingsPage } = await import(inRoot('gateway', 'dist', 'settings-text.js'))
writeFileSync(inRoot('docs', 'configuration.md'), settingsPage())
const { declaredRoutes } = await import(inRoot('gateway', 'dist', 'http', 'app.js'))
const { authorisationPage } = await import(inRoot('gateway', 'dist', 'http', 'authorisation.js'))
const routes = declaredRoutes(1)
writeFileSync(inRoot('docs', 'authorisation.md'), authorisationPage(routes))
const { openApiOf } = await import(inRoot('gateway', 'dist', 'http', 'openapi.js'))
const { clientText } = await import(inRoot('gateway', 'dist', 'http', 'client-text.js'))
const client = inRoot('client', 'src', 'api.ts')
writeFileSync(client, clientText(JSON.parse(JSON.stringify(openApiOf(routes)))))
await run(process.execPath, [npmCommand.biome, 'check', '--write', client])
