import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { withNetwork } from '../lib/network.mjs'
import { cinnabar, runCommand } from '../lib/run.mjs'

export const line = 6
export const title =
  'A rogue operator: store rewritten, one organisation’s chaincode server lies: offline verification fails and the auditor reports it; one organisation is not enough; unsubmitted appends are no attestations; `OU=peer` as text is no peer'

/** Drill on the real network; and every refusal of an attestation, one changed thing at a time. */
const SUITES = [
  'gateway/test/fabric/rogue.network.ts',
  'core/src/verify/fabric-attestation.test.ts',
  'core/src/verify/fabric-quorum.test.ts',
  'gateway/src/audit/audit.test.ts',
]

export function run(context) {
  return withNetwork(context.root, context.say, (connection) => prove(context, connection))
}

async function prove({ root, say }, connection) {
  const scratch = await mkdtemp(join(tmpdir(), 'cinnabar-rogue-'))
  try {
    const rows = []
    for (const file of SUITES) {
      say(file)
      rows.push(...(await suite(root, file, join(scratch, 'report.json'))))
    }
    say('cinnabar audit, by an organisation that trusts nobody else')
    const audit = await auditOf(root, connection, scratch)
    const failed = rows.filter(({ ok }) => !ok)
    return {
      ok: failed.length === 0 && rows.length > 0 && audit.ok,
      measured: `${rows.length - failed.length} of ${rows.length} cases; afterwards cinnabar audit: ${audit.text}`,
      detail: [
        '| case | outcome |',
        '|---|---|',
        ...rows.map(({ name, ok }) => `| ${name} | ${ok ? 'holds' : '**does not**'} |`),
        '',
        '```',
        audit.output,
        '```',
        ...failed.flatMap(({ name, why = '' }) => ['', `${name}:`, '```', why, '```']),
      ].join('\n'),
    }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

async function suite(root, file, report) {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const args = [jest, '-i', '--json', `--outputFile=${report}`, '--testMatch', `<rootDir>/${file}`]
  const { stderr } = await runCommand(process.execPath, args, { cwd: root, timeoutMs: 600_000 })
  const told = await readFile(report, 'utf8').catch(() => undefined)
  if (told === undefined) return [{ name: `${file}: ${stderr.slice(-200)}`, ok: false }]
  await rm(report)
  return JSON.parse(told).testResults.flatMap(({ assertionResults, message }) =>
    assertionResults.length === 0
      ? [{ name: `${file}: ${message.slice(0, 200)}`, ok: false }]
      : assertionResults.map(({ fullName, status, failureMessages }) => ({
          name: fullName,
          ok: status === 'passed',
          why: failureMessages.join('\n'),
        })),
  )
}

/** The command itself, with a trust file made of what the network says, and no store: only peers and blocks. */
async function auditOf(root, connection, scratch) {
  const { TrustFormat } = await compiled(root, 'core/dist/index.js')
  const {
    genesis: _,
    type: __,
    ...told
  } = JSON.parse(await readFile(join(dirname(connection), 'organisations.json'), 'utf8'))
  const trust = TrustFormat.encode({
    ...told,
    issued: '2026-11-22T00:00:00Z',
    name: { en: 'Auditor', zh: '审计方' },
    type: 'cinnabar.trust.v1',
    version: 1,
  })
  await writeFile(join(scratch, 'trust.json'), trust)
  const args = ['audit', '--trust', 'trust.json', '--connection', connection]
  const { code, stdout, stderr, ms } = await cinnabar(root, args, { home: scratch, timeoutMs: 600_000 })
  const [last = ''] = stdout.trimEnd().split('\n').slice(-1)
  return {
    ok: code === 0,
    text: `exit ${code}, “${last}”, ${(ms / 1000).toFixed(1)} s`,
    output: `${stdout}${stderr}`.trim(),
  }
}
