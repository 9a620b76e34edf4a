import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from './clock'
import { readConfig } from './config'
import { createLogger } from './log'
import { openNode } from './node'

jest.mock('@hyperledger/fabric-gateway', () => {
  throw new TypeError('loaded without need')
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-ledger-'))
})
afterEach(() => rm(folder, { recursive: true }))

const log = createLogger('error', systemClock, () => undefined)
const open = (env: Record<string, string>) =>
  openNode(readConfig({ CINNABAR_DATA: join(folder, 'data'), ...env }), {
    clock: systemClock,
    log,
    publicUrl: 'http://127.0.0.1:8080',
  })

describe('the choice of a ledger', () => {
  it("does not load Fabric's client for the embedded one", async () => {
    const node = await open({})
    expect(node.env.ledger.kind).toBe('embedded')
    await node.close()
    await expect(open({ CINNABAR_LEDGER: 'fabric' })).rejects.toThrow('loaded without need')
  })
})
