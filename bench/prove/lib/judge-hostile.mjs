import { readFileSync } from 'node:fs'
import { compiled } from './dist.mjs'

// A fresh process verifies one hostile file. One JSON line tells what was found of the first seal's integrity, else of the file,
// which codes were given, how long it took, by the clock and of the processor, and how much memory the process ever had.
const [root, pdf, evidence, trust] = process.argv.slice(2)
const { parseTrust, verify } = await compiled(root, 'core/dist/index.js')
const request = {
  pdf: readFileSync(pdf),
  evidence: [readFileSync(evidence)],
  trust: parseTrust(new Uint8Array(readFileSync(trust))),
  at: new Date('2026-12-01T00:00:00Z'),
}
const cpuBefore = process.cpuUsage()
const began = performance.now()
const report = await verify(request)
const ms = Math.round(performance.now() - began)
const { user, system } = process.cpuUsage(cpuBefore)
const checks = report.signatures.flatMap((signature) => signature.checks)
const integrity = checks.find(({ check, outcome }) => check === 'integrity' && outcome !== 'passed')
const { outcome, code } = integrity !== undefined && report.outcome !== 'passed' ? integrity : report
const megabytes = Math.round(peakKilobytes() / 1024)
const codes = [report, ...checks, ...(report.evidence ?? [])].map((one) => one.code).filter((one) => one !== 'OK')
console.log(
  JSON.stringify({
    ...{ found: `${outcome} ${code}`, ms, cpuMs: Math.round((user + system) / 1000), megabytes },
    ...{ outcome: report.outcome, code: report.code, codes: [...new Set(codes)] },
  }),
)

/** Linux counts the parent's memory into a child's maxRSS, from before it became this program; VmHWM is this program's own. */
function peakKilobytes() {
  try {
    const own = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))
    if (own !== null) return Number(own[1])
  } catch (missing) {
    if (missing.code !== 'ENOENT') throw missing
  }
  return process.resourceUsage().maxRSS
}
