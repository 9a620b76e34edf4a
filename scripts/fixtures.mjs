import { handOver } from './lib/hand-over.mjs'
import { prepare } from './lib/prepare.mjs'

await prepare()
handOver('fixtures', 'dist', 'main.js')
