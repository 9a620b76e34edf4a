import { readFileSync } from 'node:fs'
import { compiled } from './dist.mjs'

// A fresh process verifies one hostile file. One JSON line tells what was found of the first seal's integrity, else of the file,
// how long it took, and how much memory the process ever had.
const [root, pdf, evidence, trust] = process.argv.slice(2)
const { parseTrust, verify } = await compiled(root, 'core/dist/index.js')
const read = (path) => new Uint8Array(readFileSync(path))
const request = {
  pdf: read(pdf),
  evidence: [read(evidence)],
  trust: parseTrust(read(trust)),
  at: new Date('2026-12-01T00:00:00Z'),
}
const began = performance.now()
const report = await verify(request)
const ms = Math.round(performance.now() - began)
const integrity = report.signatures
  .flatMap(({ checks }) => checks)
  .find(({ check, outcome }) => check === 'integrity' && outcome !== 'passed')
const { outcome, code } = integrity !== undefined && report.outcome !== 'passed' ? integrity : report
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(JSON.stringify({ found: `${outcome} ${code}`, ms, megabytes }))
