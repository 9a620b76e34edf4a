import { readFileSync } from 'node:fs'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, digestOf, type InstitutionId, parseTrust, type Receipt, TrustFormat, utf8 } from '@cinnabar/core'
import Database from 'libsql'
import { CONTRACT, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { Notarizer } from '../notarize/notarizer'
import type { SealSignatureRecord } from '../notarize/records'
import { openEmbeddedStore } from '../store/embedded'
import type { Collection, Store } from '../store/store'
import { readArguments } from './arguments'
import { audit } from './audit'
import { reportLines } from './report-lines'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')
const withCode = (code: string) => expect.objectContaining({ code })

let folders: Awaited<ReturnType<typeof gatewayFolders>>
let template: string
let folder: string
let count = 0

beforeAll(async () => {
  folders = await gatewayFolders(clock)
  template = await folders.fresh()
  const gateway = await openGateway(template, clock)
  const notarizer = await Notarizer.start(gateway.env)
  for (let i = 0; i < 3; i++) {
    const { id: document } = await notarizer.receive({
      institution: BUREAU,
      user: 'lin',
      name: 'a.pdf',
      bytes: CONTRACT,
    })
    const { id } = await notarizer.request({ institution: BUREAU, user: 'lin', document, seal: 'official' })
    await notarizer.settled(id, 10_000)
  }
  await notarizer.close()
  await gateway.close()
  // Where a gateway's configuration puts it.
  await mkdir(join(template, 'ledger'))
  await rename(join(template, 'ledger.db'), join(template, 'ledger', 'ledger.db'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  folder = `${template}-${count++}`
  await cp(template, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const audited = (...more: readonly string[]) =>
  audit(readArguments(['--trust', join(folder, 'trust.json'), '--data', folder, ...more], '/'), {
    clock,
    progress: () => undefined,
    connect: () => ({ peers: [], close: () => undefined }),
  })

const codesOf = async () => [...new Set((await audited()).differences.map(({ code }) => code))].sort()

async function inStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openEmbeddedStore(folder)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Rewrites the first use as an operator could. */
async function rewrite(change: (record: SealSignatureRecord) => SealSignatureRecord): Promise<void> {
  await inStore(async (store) => {
    const [use] = await usesIn(store)
    await store.replace('sealSignatures', use.id, use.version, change(use.value))
  })
}

function usesIn(store: Store) {
  return store.find<SealSignatureRecord>('sealSignatures', { field: 'institution', equals: BUREAU, limit: 10 })
}

const withReceipt = (change: (receipt: Receipt) => object) =>
  rewrite((record) => ({ ...record, receipts: record.receipts.map((one) => ({ ...one, ...change(one) }) as Receipt) }))

function sql(file: string, statement: string): void {
  const db = new Database(join(folder, file))
  db.exec(statement)
  db.close()
}

const OTHER = digestOf(utf8('other'))

describe('an audit of an embedded ledger', () => {
  it('finds no difference where there is none, opens every entry, and says that one operator wrote it', async () => {
    const report = await audited()
    expect(report).toMatchObject({ outcome: 'agreed', ledger: 'embedded', differences: [], gaps: [] })
    expect(report.store).toMatchObject({ uses: 3, receipts: 3 })
    expect(report.openings).toEqual({ opened: 3, unopened: 0 })
    expect(report.trust).toMatchObject({ singleOperator: true, demonstration: true })
    expect(reportLines(report, 'en').at(-1)).toBe('no difference')
    expect(reportLines(report, 'zh').at(-1)).toBe('未发现不一致')
  })

  it('changes nothing, and goes on beside a gateway that works', async () => {
    const gateway = await openGateway(await folders.fresh(), clock)
    await gateway.close()
    await inStore(async () => {
      expect(await audited()).toMatchObject({ outcome: 'agreed', store: { uses: 3 } })
    })
  })

  it('opens entries of a lost store by a backup', async () => {
    await cp(join(folder, 'cinnabar.db'), join(folder, 'backup', 'cinnabar.db'), { recursive: true })
    sql('cinnabar.db', 'DELETE FROM sealSignatures')
    const report = await audited('--openings', join(folder, 'backup'))
    expect(report.openings).toEqual({ opened: 3, unopened: 0 })
    expect(report.differences.map(({ code }) => code)).toEqual(Array(3).fill('USE_NOT_IN_STORE'))
  })

  it('cannot begin without a ledger, a store or a trust file', async () => {
    await rm(join(folder, 'cinnabar.db'))
    await expect(audited()).rejects.toThrow(withCode('STORE_UNAVAILABLE'))
    await rm(join(folder, 'ledger'), { recursive: true })
    await expect(audited()).rejects.toThrow(withCode('LEDGER_MISSING'))
    await writeFile(join(folder, 'trust.json'), '{}')
    await expect(audited()).rejects.toThrow(withCode('TRUST_UNREADABLE'))
  })

  it('is not fooled by a trust file of another channel', async () => {
    const path = join(folder, 'trust.json')
    const trust = parseTrust(new Uint8Array(readFileSync(path)))
    await writeFile(path, TrustFormat.encode({ ...trust, channel: 'other' }))
    await expect(audited()).rejects.toThrow(withCode('LEDGER_DAMAGED'))
  })
})

describe('an audit finds a store with', () => {
  it('a false entry', async () => {
    await withReceipt(({ entry }) => ({ entry: { ...entry, commitment: OTHER } }))
    expect(await codesOf()).toEqual(['ENTRY_DIFFERS'])
  })

  it('an entry that is not on the ledger', async () => {
    await withReceipt(() => ({ index: 99, size: 100 }))
    expect(await codesOf()).toEqual(['ENTRY_NOT_ON_LEDGER'])
  })

  it('a use less than the ledger', async () => {
    sql('cinnabar.db', 'DELETE FROM sealSignatures WHERE id = (SELECT min(id) FROM sealSignatures)')
    expect(await codesOf()).toEqual(['USE_NOT_IN_STORE'])
  })

  it('an opening that says otherwise', async () => {
    await rewrite((one) => ({ ...one, use: { ...one.use, opening: { ...one.use.opening, revisionDigest: OTHER } } }))
    expect(await codesOf()).toEqual(['OPENING_DIFFERS', 'USE_NOT_IN_STORE'])
  })

  it('another file than was sealed', async () => {
    await rewrite((one) => ({ ...one, fileSha256: '00'.repeat(32) }))
    expect(await codesOf()).toEqual(['OPENING_DIFFERS'])
  })

  it.each<[string, (receipt: Receipt) => object]>([
    ['another path', ({ proof }) => ({ proof: [...proof].reverse().concat(OTHER) })],
    ['a size that the log has not', () => ({ size: 1000 })],
    ['what is no receipt', () => ({ proof: ['x' as Digest] })],
    ['a statement of another root', ({ attestations }) => ({ attestations: attestations.map(withOtherRoot) })],
  ])('a receipt with %s', async (_, change) => {
    await withReceipt(change)
    expect(await codesOf()).toEqual(['RECEIPT_DIFFERS'])
  })

  it('a batch that landed otherwise', async () => {
    await inStore(async (store) => {
      const query = { field: 'institution', equals: BUREAU, limit: 1 }
      const [batch] = await store.find<{ entries: { commitment: Digest }[] }>('batches', query)
      const entries = batch.value.entries.map((entry) => ({ ...entry, commitment: OTHER }))
      await store.replace('batches', batch.id, batch.version, { ...batch.value, entries })
    })
    expect(await codesOf()).toEqual(['ENTRY_DIFFERS'])
  })

  it.each([`${BUREAU}/0/1`, `${BUREAU}/1/0`, BUREAU])('another node %s of the tree', async (id) => {
    await inStore(async (store) => {
      const collection: Collection = 'nodes'
      const node = await store.get<object>(collection, id)
      if (node === undefined) throw new TypeError(`no node ${id}`)
      await store.replace(collection, id, node.version, { ...node.value, hash: OTHER, hashes: [OTHER] })
    })
    expect(await codesOf()).toEqual(['MIRROR_DIFFERS'])
  })
})

describe('an audit finds a ledger file with', () => {
  it.each([
    ['a state that no block wrote', `UPDATE state SET value = x'7b7d' WHERE key LIKE 'seal/%'`],
    [
      'a block changed',
      `UPDATE blocks SET bytes = CAST(replace(CAST(bytes AS TEXT), '2026-', '2025-') AS BLOB) WHERE number = 5`,
    ],
    ['a block missing', 'DELETE FROM blocks WHERE number = 3'],
  ])('%s', async (_, statement) => {
    sql('ledger/ledger.db', statement)
    expect(await codesOf()).toContain('CHAIN_DAMAGED')
  })
})

function withOtherRoot(one: Receipt['attestations'][number]): unknown {
  return one.kind === 'node' ? { ...one, statement: { ...one.statement, root: OTHER } } : one
}

describe('arguments', () => {
  it.each([
    [[]],
    [['--trust', 't']],
    [['--data', 'd']],
    [['--trust', 't', '--data', 'd', 'more']],
    [['--trust', 't', '--data', 'd', '--quick']],
    [['--trust', 't', '--data', 'd', '--lang', 'fr']],
    [['--trust', 't', '--data', 'd', '--restore', '--openings', 'o']],
    [['--trust', 't', '--connection', 'c', '--restore']],
  ])('%j are refused', (args) => {
    expect(() => readArguments(args, '/')).toThrow(withCode('USAGE'))
  })

  it('are paths from the folder that they are given in', () => {
    expect(readArguments(['--trust', 't', '--connection', '/c', '--lang', 'zh'], '/here')).toEqual({
      trust: '/here/t',
      connection: '/c',
      restore: false,
      json: false,
      language: 'zh',
    })
  })
})
