import { readFileSync } from 'node:fs'
import { compiled } from './dist.mjs'

// A fresh process verifies one file offline: the first call, then `count` more. One JSON line tells the times.
const [root, pdf, evidence, trust, count] = process.argv.slice(2)
const { parseTrust, verify } = await compiled(root, 'core/dist/index.js')
const read = (path) => new Uint8Array(readFileSync(path))
const request = { pdf: read(pdf), evidence: [read(evidence)], trust: parseTrust(read(trust)), at: new Date() }
const times = []
let report
for (let i = 0; i <= Number(count); i++) {
  const began = performance.now()
  report = await verify(request)
  times.push(performance.now() - began)
}
const { outcome, code, signatures } = report
const block = signatures[0]?.recorded?.block ?? null
console.log(JSON.stringify({ outcome, code, block, first: times[0], warm: times.slice(1) }))
