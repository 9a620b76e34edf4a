import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { newKey } from '@cinnabar/core/testing'
import { build } from 'esbuild'
import { systemClock } from '../clock'
import { openEmbeddedLedger } from './embedded'

/** Founds what is missing, then appends for ever and says of each append, once it is acknowledged, where it ended. */
const CHILD = `
import { newKey } from '../../../core/src/testing/keys'
import { newPki } from '../../../core/src/testing/pki'
import { foundCast, registerSeal, sealer, useOf } from '../../../core/src/testing/scene'
import { sealEntry } from '../../../core/src/testing/uses'
import { systemClock } from '../clock'
import { openEmbeddedLedger } from './embedded'

async function main(folder) {
  const { signer } = await newKey()
  const ledger = await openEmbeddedLedger({ folder, channel: 'test', signer, clock: systemClock })
  const [agency, enterprise, court] = await Promise.all(['Agency', 'Enterprise', 'Court'].map(newPki))
  await foundCast(ledger, { agency, enterprise, court })
  const held = await registerSeal(ledger, agency)
  for (let count = 1; ; count++) {
    const use = await useOf(held, court, new Date())
    const { size } = await ledger.head('Agency')
    const head = await ledger.append(sealer(agency), 'Agency', size, [sealEntry(use, held.seal, count)], [use])
    process.stdout.write(head.size + ' ' + head.root + '\\n')
  }
}
main(process.argv[2])
`
const ROUNDS = 5
const agency = 'Agency' as InstitutionId

describe('the embedded ledger, killed', () => {
  let folder = ''
  let script = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-crash-'))
    script = join(folder, 'child.js')
    await build({
      stdin: { contents: CHILD, resolveDir: __dirname, loader: 'ts' },
      outfile: script,
      bundle: true,
      platform: 'node',
      external: ['libsql'],
      alias: {
        '@cinnabar/core': resolve(__dirname, '../../../core/src/index.ts'),
        '@cinnabar/chaincode': resolve(__dirname, '../../../chaincode/src/index.ts'),
      },
      logLevel: 'silent',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('loses nothing that it acknowledged, and its chain stays whole', async () => {
    const acknowledged = new Map<number, string>()
    let random = 20261122
    for (let round = 0; round < ROUNDS; round++) {
      random = (random * 1103515245 + 12345) % 0x80000000
      await runUntilKilled(script, join(folder, 'ledger'), 3 + (random % 20), acknowledged)
      const { signer } = await newKey()
      const options = { folder: join(folder, 'ledger'), channel: 'test', signer, clock: systemClock }
      const ledger = await openEmbeddedLedger(options)
      expect(ledger.verifyChain().blocks).toBeGreaterThan(acknowledged.size)
      for (const [size, root] of acknowledged) {
        expect(await ledger.appendOf(agency, size - 1)).toMatchObject({ size, root })
      }
      await ledger.close()
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(3 * ROUNDS)
  }, 60_000)

  it('refuses a second process while one has it open', async () => {
    const child = start(script, join(folder, 'locked'))
    await firstLine(child)
    const { signer } = await newKey()
    const options = { folder: join(folder, 'locked'), channel: 'test', signer, clock: systemClock }
    await expect(openEmbeddedLedger(options)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' })
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await ended
    await (await openEmbeddedLedger(options)).close()
  }, 60_000)
})

function start(script: string, folder: string): ChildProcess {
  const env = { ...process.env, NODE_PATH: resolve(__dirname, '../../../node_modules') }
  return spawn(process.execPath, [script, folder], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

function firstLine(child: ChildProcess): Promise<unknown> {
  return new Promise((found) => child.stdout?.once('data', found))
}

/** Kills the child with SIGKILL as soon as it has acknowledged `count` appends, wherever it is by then. */
async function runUntilKilled(script: string, folder: string, count: number, acknowledged: Map<number, string>) {
  const child = start(script, folder)
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
    if (text.split('\n').length > count) child.kill('SIGKILL')
  })
  await new Promise((done) => child.once('close', done))
  for (const line of text.split('\n').slice(0, -1)) {
    const [size, root] = line.split(' ')
    acknowledged.set(Number(size), root)
  }
}
