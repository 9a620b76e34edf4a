import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verify } from '@cinnabar/core'
import { readArguments } from '../../src/audit/arguments'
import { audit } from '../../src/audit/audit'
import { auditedPeers } from '../../src/audit/audited-peer'
import { systemClock } from '../../src/clock'
import { readConfig } from '../../src/config'
import { YUANHANG } from '../../src/demo/institutions'
import { readConnection } from '../../src/ledger/fabric-config'
import { FabricPeers } from '../../src/ledger/fabric-peers'
import { createLogger } from '../../src/log'
import { openNode } from '../../src/node'
import { Notarizer } from '../../src/notarize/notarizer'
import type { SealSignatureRecord } from '../../src/notarize/records'
import { openEmbeddedStore } from '../../src/store/embedded'
import { CONTRACT } from '../embedded-gateway'
import { networkFolder } from './real-network'

const connectionFile = join(networkFolder, 'connection.json')
const { id: institution, user } = YUANHANG

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-restore-'))
})
afterAll(() => rm(folder, { recursive: true }))

const nodeIn = (data: string) =>
  openNode(readConfig({ CINNABAR_LEDGER: 'fabric', CINNABAR_DATA: data, CINNABAR_FABRIC_CONNECTION: connectionFile }), {
    clock: systemClock,
    log: createLogger('error', systemClock, () => undefined),
    publicUrl: 'http://127.0.0.1:8080',
  })

function connect(path: string) {
  const peers = new FabricPeers(readConnection(path), systemClock)
  return { peers: auditedPeers(peers), close: () => peers.close() }
}

describe('a store that is lost', () => {
  it('has its paths and receipts again from the ledger, with openings from a backup', async () => {
    const [lost, fresh, backup] = ['lost', 'fresh', 'backup'].map((name) => join(folder, name))
    const before = await nodeIn(lost)
    const notarizer = await Notarizer.start(before.env)
    const { id: document } = await notarizer.receive({ institution, user, name: 'a.pdf', bytes: CONTRACT })
    const { id: job, value } = await notarizer.request({ institution, user, document, seal: 'official' })
    await notarizer.settled(job, 15_000)
    const id = value.sealSignature
    const sealed = await before.env.store.get<SealSignatureRecord>('sealSignatures', id)
    const pdf = await before.env.files.get(sealed?.value.fileSha256 ?? '')
    const { trust, trustFile } = before
    await notarizer.close()
    await before.close()
    await mkdir(backup)
    await cp(join(lost, 'cinnabar.db'), join(backup, 'cinnabar.db'))
    await mkdir(fresh)
    await (await openEmbeddedStore(fresh)).close()

    const args = [
      '--trust',
      trustFile,
      '--connection',
      connectionFile,
      '--data',
      fresh,
      '--openings',
      backup,
      '--restore',
    ]
    const surroundings = { clock: systemClock, progress: () => undefined, connect }
    const report = await audit(readArguments(args, '/'), surroundings)
    expect(report.restored).toBe(1)
    expect(report.store?.receipts).toBe(1)
    expect(report.differences.filter(({ code }) => code !== 'USE_NOT_IN_STORE')).toEqual([])
    expect((await audit(readArguments(args, '/'), surroundings)).restored).toBe(0)

    const after = await nodeIn(fresh)
    const again = await Notarizer.start(after.env)
    const evidence = [await again.evidence(id)]
    const judged = await verify({ pdf: pdf ?? new Uint8Array(0), evidence, trust, at: systemClock.now() })
    expect(judged.signatures[0]?.checks.find(({ check }) => check === 'anchor')?.code).toBe('OK')
    await again.close()
    await after.close()
  }, 180_000)
})
