import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithTools } from '../../bench/test/with-tools'

const root = join(__dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'cinnabar-network-'))
const folder = join(scratch, 'network')
const env = { ...process.env, CINNABAR_NETWORK: folder, CINNABAR_NETWORK_PORT: '17100' }

/** From nothing, with Fabric to be built. */
const FIRST_UP_MS = 600_000
const AGAIN_MS = 120_000

interface Outcome {
  readonly exitCode: number
  readonly output: string
}

function network(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const command = [join(root, 'scripts', 'network.mjs'), ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { ...env, ...settings } }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })
}

interface Status {
  readonly up: boolean
  readonly memoryBytes: number
  readonly organisations: readonly {
    readonly id: string
    readonly discovers: readonly string[]
    readonly processes: readonly { readonly name: string; readonly pid?: number }[]
  }[]
}

async function status(): Promise<Status> {
  return JSON.parse((await network(['status', '--json'])).output)
}

const pidsOf = ({ organisations }: Status) =>
  organisations.flatMap(({ processes }) => processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid])))

/** Ended, whether or not somebody has asked for its status yet. */
function isGone(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || / [ZX] /.test(readFileSync(file, 'utf8'))
}

describeWithTools(['fabric'], 'npm run network', () => {
  afterAll(async () => {
    await network(['down', '--purge'])
    rmSync(scratch, { recursive: true, force: true })
  }, AGAIN_MS)

  it(
    'brings three organisations up that see each other, in less than 1.2 GB',
    async () => {
      expect(await network(['up'])).toMatchObject({ exitCode: 0 })
      const found = await status()
      expect(found.up).toBe(true)
      expect(pidsOf(found).length).toBe(12)
      expect(found.organisations.map(({ discovers }) => discovers.length)).toEqual([3, 3, 3])
      expect(found.memoryBytes).toBeLessThan(1.2e9)
    },
    FIRST_UP_MS,
  )

  it(
    'leaves what runs as it is when brought up again',
    async () => {
      const before = pidsOf(await status())
      expect(await network(['up'])).toMatchObject({ exitCode: 0 })
      expect(pidsOf(await status())).toEqual(before)
    },
    AGAIN_MS,
  )

  it('says that its keys have one owner, and pins roots that seal certificates and peers do not share', () => {
    const file = JSON.parse(readFileSync(join(folder, 'organisations.json'), 'utf8'))
    expect(file).toMatchObject({ demonstration: true, channel: 'cinnabar', chaincode: 'cinnabar' })
    for (const { roots, sealCas } of file.organisations) expect(sealCas).not.toEqual(roots)
  })

  it(
    'is up again after every process was killed',
    async () => {
      for (const pid of pidsOf(await status())) process.kill(pid, 'SIGKILL')
      expect((await status()).up).toBe(false)
      expect(await network(['up'])).toMatchObject({ exitCode: 0 })
      expect((await status()).up).toBe(true)
    },
    AGAIN_MS,
  )

  it(
    'refuses to move a network to other ports',
    async () => {
      const { exitCode, output } = await network(['up'], { CINNABAR_NETWORK_PORT: '18100' })
      expect(exitCode).toBe(1)
      expect(output).toContain('17100')
    },
    AGAIN_MS,
  )

  it(
    'refuses binaries of a version that it was not made for',
    async () => {
      const bin = mkdtempSync(join(scratch, 'bin-'))
      for (const name of ['peer', 'orderer', 'configtxgen', 'discover']) {
        writeFileSync(join(bin, name), '#!/bin/sh\necho " Version: v1.4.12"\n', { mode: 0o755 })
      }
      const { exitCode, output } = await network(['up'], { FABRIC_BIN: bin })
      expect(exitCode).toBe(1)
      expect(output).toContain('1.4.12')
    },
    AGAIN_MS,
  )

  it(
    'leaves no process behind, not even one whose record is lost',
    async () => {
      const pids = pidsOf(await status())
      rmSync(join(folder, 'processes', 'peer-JiangzhouCourt.json'))
      expect(await network(['down', '--purge'])).toMatchObject({ exitCode: 0 })
      expect(pids.filter((pid) => !isGone(pid))).toEqual([])
      expect(existsSync(folder)).toBe(false)
    },
    AGAIN_MS,
  )
})
