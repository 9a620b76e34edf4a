import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_INSTITUTIONS } from './institutions'
import { readDemoNetwork } from './network'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-network-'))
})
afterEach(() => rm(folder, { recursive: true }))

const RECORD = {
  type: 'cinnabar.organisations.v1',
  demonstration: true,
  channel: 'cinnabar',
  chaincode: 'cinnabar',
  quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
  genesis: { file: '/x', sha256: '00', header: `sha256:${'00'.repeat(32)}` },
  organisations: DEMO_INSTITUTIONS.map(({ id, kind, names }) => ({
    id,
    kind,
    names,
    ordererRoots: ['AA=='],
    roots: ['AA=='],
    sealCas: [],
  })),
}
const read = async (record: unknown) => {
  await writeFile(join(folder, 'organisations.json'), typeof record === 'string' ? record : JSON.stringify(record))
  return readDemoNetwork(join(folder, 'connection.json'))
}

describe('the network of a demonstration', () => {
  it('says who is on it and whose word counts', async () => {
    const { organisations, quorum } = await read(RECORD)
    expect(organisations.map(({ id }) => id)).toEqual(DEMO_INSTITUTIONS.map(({ id }) => id))
    expect(quorum.organisations).toBe(2)
  })
  it.each([
    ["somebody's real one", { ...RECORD, demonstration: false }],
    ['of other institutions', { ...RECORD, organisations: RECORD.organisations.slice(1) }],
    ['described by something else', { ...RECORD, type: 'other' }],
    ['described by no JSON', '{'],
  ])('is none that is %s', async (_, record) => {
    await expect(read(record)).rejects.toMatchObject({ code: 'DEMO_NETWORK_UNFIT' })
  })
  it('is none when nothing describes it', async () => {
    await expect(readDemoNetwork(join(folder, 'connection.json'))).rejects.toMatchObject({ code: 'DEMO_NETWORK_UNFIT' })
  })
})
