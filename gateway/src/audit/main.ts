import { CodedError } from '@cinnabar/core'
import { systemClock } from '../clock'
import { readConnection } from '../ledger/fabric-config'
import { FabricPeers } from '../ledger/fabric-peers'
import { type AuditRequest, readArguments } from './arguments'
import { audit } from './audit'
import { AuditError } from './audit-error'
import { auditedPeers } from './audited-peer'
import { EXIT } from './report'
import { reportLines } from './report-lines'
import { WORDS } from './texts'

/** How often progress is told, in ms. */
const TELL_EVERY_MS = 2_000

/** The program that `cinnabar audit` runs: the report on standard output, all else on standard error. */
async function main(): Promise<number> {
  const request = readArguments(process.argv.slice(2), process.cwd())
  const report = await audit(request, { clock: systemClock, progress: progressOf(request), connect })
  const text = request.json
    ? JSON.stringify(report, null, 2)
    : reportLines(report, request.language).map(plain).join('\n')
  process.stdout.write(`${text}\n`)
  return EXIT[report.outcome]
}

function connect(path: string) {
  const peers = new FabricPeers(readConnection(path), systemClock)
  return { peers: auditedPeers(peers), close: () => peers.close() }
}

function progressOf({ language }: AuditRequest) {
  let told = systemClock.now().getTime()
  return (done: number, of: number) => {
    const now = systemClock.now().getTime()
    if (now - told < TELL_EVERY_MS) return
    told = now
    process.stderr.write(`${WORDS.reading[language]}: ${done}/${of}\n`)
  }
}

/** Names come from files and peers: nothing in them can start a line or turn the direction of text. */
function plain(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

main().then(
  (exit) => {
    process.exitCode = exit
  },
  (error: unknown) => {
    const isCoded = error instanceof CodedError
    const shown = isCoded ? `${error.message} [${error.code}]` : error instanceof Error ? error.stack : error
    process.stderr.write(`error: ${shown}\n`)
    process.exitCode = error instanceof AuditError && error.code === 'USAGE' ? EXIT.usage : EXIT.incomplete
  },
)
