import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, parseTrust, type SealId, verify } from '@cinnabar/core'
import { notoGlyphs } from '../appearance/noto-glyphs'
import { sealAuthority } from '../authority/seal-authority'
import { systemClock } from '../clock'
import { type Config, readConfig } from '../config'
import { openKeyKeeper } from '../keys/file-keeper'
import { openEmbeddedLedger } from '../ledger/embedded'
import { createLogger } from '../log'
import { type Node, openNode } from '../node'
import { Notarizer } from '../notarize/notarizer'
import { personOf } from '../people/users'
import { openEmbeddedStore } from '../store/embedded'
import { openFolder } from '../store/files'
import { type EstablishParts, establishInstitutions } from './establish'
import { BUREAU, COURT, DEMO_INSTITUTIONS, YUANHANG } from './institutions'
import { establishLogins } from './logins'
import { findSample, sealSample } from './sample'

let folder: string
let config: Config
let node: Node | undefined

const log = createLogger('error', systemClock, () => undefined)
const open = async () => {
  node = await openNode(config, { clock: systemClock, log, publicUrl: 'http://127.0.0.1:8080' })
  return node
}
async function close(): Promise<void> {
  await node?.close()
  node = undefined
}
async function sampleBy({ env, trust }: Node) {
  if (trust === undefined) throw new TypeError('no trust')
  const notarizer = await Notarizer.start(env)
  try {
    return await sealSample(join(folder, 'demo'), { ...env, notarizer, trust })
  } finally {
    await notarizer.close()
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-demo-'))
  config = readConfig({ CINNABAR_DATA: folder })
})
afterEach(async () => {
  await close()
  await rm(folder, { recursive: true })
})

describe('the demonstration', () => {
  it('founds three institutions with seals, authorities and a trust file, and nothing again at the next start', async () => {
    const first = await open()
    const heads = () => Promise.all(DEMO_INSTITUTIONS.map(({ id }) => node?.env.ledger.head(id)))
    const before = await heads()
    expect(before.map((head) => head?.size)).toEqual([7, 6, 7])
    const seals = await first.env.ledger.seals(YUANHANG.id)
    expect(seals.map(({ seal }) => [seal.id, seal.displayName, seal.widthUm])).toEqual([
      ['contract', '江州远航科技有限公司合同专用章', 40000],
      ['official', '江州远航科技有限公司公章', 40000],
    ])
    const trustFile = await readFile(first.trustFile)
    expect(parseTrust(new Uint8Array(trustFile))).toMatchObject({ demonstration: true, version: 1 })
    await close()
    await open()
    expect(await heads()).toEqual(before)
    expect(await readFile(first.trustFile)).toEqual(trustFile)
  })

  it('seals a contract by two parties that a stranger verifies with the files alone', async () => {
    const sample = await sampleBy(await open())
    await close()
    const [pdf, evidence, trust] = await Promise.all(
      [sample.sealed, sample.evidence, join(folder, 'trust.json')].map(read),
    )
    const report = await verify({ pdf, evidence: [evidence], trust: parseTrust(trust), at: new Date() })
    expect(report).toMatchObject({ outcome: 'passed', trust: { singleOperator: true, demonstration: true } })
    expect(report.signatures.map(({ institution }) => institution)).toEqual([BUREAU.id, YUANHANG.id])
    expect(await findSample(join(folder, 'demo'))).toEqual(sample)
  })

  it('uses each seal once, however often it is interrupted before the files are written', async () => {
    await sampleBy(await open())
    await close()
    await rm(join(folder, 'demo'), { recursive: true })
    expect(await findSample(join(folder, 'demo'))).toBeUndefined()
    const again = await open()
    await sampleBy(again)
    const { env } = again
    expect(await env.ledger.seal(BUREAU.id, 'official' as SealId)).toMatchObject({ uses: 1 })
    expect(await env.ledger.seal(YUANHANG.id, 'contract' as SealId)).toMatchObject({ uses: 1 })
  })

  it('resumes after a crash at any change of the ledger, with the same register in the end', async () => {
    const bare = await openBare()
    let crashes = 0
    while (await crashesAt(bare, crashes % 2)) crashes++
    expect(crashes).toBeGreaterThan(10)
    const { ledger } = bare.parts
    expect(await Promise.all(DEMO_INSTITUTIONS.map(async ({ id }) => (await ledger.head(id)).size))).toEqual([7, 6, 7])
    expect((await ledger.tsas()).length).toBe(2)
    await bare.close()
  })
})

describe('the log-ins', () => {
  const path = () => join(folder, 'demo.json')

  it('let each user in, are kept for the owner alone, and stay the same', async () => {
    const { env } = await open()
    const logins = await establishLogins(path(), env.store, systemClock)
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect(await establishLogins(path(), env.store, systemClock)).toEqual(logins)
    const court = logins.find(({ user }) => user === COURT.user)
    expect(await personOf(env.store, COURT.user, court?.password ?? '')).toEqual({
      user: 'court',
      institution: COURT.id,
      roles: ['registrar', 'sealer', 'auditor', 'admin'],
    })
  })
  it('are new ones that work when the file is gone, also after a crash right behind it', async () => {
    const { env } = await open()
    const [first] = await establishLogins(path(), env.store, systemClock)
    await rm(path())
    const crashing = { ...env.store, replace: () => Promise.reject(new TypeError('power cut')) }
    await expect(establishLogins(path(), crashing, systemClock)).rejects.toThrow('power cut')
    const [second] = await establishLogins(path(), env.store, systemClock)
    expect(second.password).not.toBe(first.password)
    expect(await personOf(env.store, second.user, second.password)).toMatchObject({ user: first.user })
    await expect(personOf(env.store, first.user, first.password)).rejects.toMatchObject({ code: 'LOGIN_FAILED' })
  })
  it.each([
    ['no JSON', '{'],
    ['no log-ins', '{}'],
    ['a log-in without a password', '{"logins":[{"user":"x"}]}'],
  ])('refuses a file with %s', async (_, text) => {
    const { env } = await open()
    await writeFile(path(), text)
    await expect(establishLogins(path(), env.store, systemClock)).rejects.toMatchObject({ code: 'DEMO_FILE_INVALID' })
  })
})

/** Store, keys and ledger without any institution. */
async function openBare() {
  const store = await openEmbeddedStore(folder)
  const keys = openKeyKeeper({ store, kek: new Uint8Array(32), published: new Set() })
  const signer = await keys.signer(await keys.create('node/ledger'))
  const ledger = await openEmbeddedLedger({ folder, channel: 'cinnabar', signer, clock: systemClock })
  const files = await openFolder(join(folder, 'files'))
  const authority = sealAuthority({ store, keys, clock: systemClock, publicUrl: 'http://127.0.0.1:8080' })
  const parts: EstablishParts = { store, keys, ledger, files, authority, clock: systemClock, glyphs: notoGlyphs }
  return {
    parts,
    close: async () => {
      await ledger.close()
      await store.close()
    },
  }
}

/** Runs until the next change of the ledger; all stops before it (0) or right after it (1). @returns false at the end. */
async function crashesAt({ parts }: Awaited<ReturnType<typeof openBare>>, made: number): Promise<boolean> {
  const crash = new TypeError('power cut')
  const ledger: Ledger = {
    ...parts.ledger,
    change: async (caller, change) => {
      if (made === 1) await parts.ledger.change(caller, change)
      throw crash
    },
  }
  try {
    await establishInstitutions({ ...parts, ledger })
    return false
  } catch (error) {
    if (error !== crash) throw error
    return true
  }
}

async function read(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path))
}
