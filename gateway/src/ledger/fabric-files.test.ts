import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpoint, writeCheckpoint } from './fabric-checkpoint'
import { readConnection } from './fabric-config'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cinnabar-fabric-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('a connection file', () => {
  const institution = (mspId: string, kind: string, clients?: object) => ({
    mspId,
    kind,
    names: { en: mspId, zh: mspId },
    peers: [{ address: `${mspId}:7051`, tlsRoot: join(folder, 'root.pem') }],
    ...(clients === undefined ? {} : { clients }),
  })
  const connection = (...institutions: readonly object[]) =>
    write('connection.json', {
      type: 'cinnabar.connection.v1',
      channel: 'cinnabar',
      chaincode: 'cinnabar',
      institutions,
    })

  it("puts one's own organisation first, and has no identities of the others", () => {
    write('root.pem', 'ROOT')
    const sealer = { certificate: write('cert.pem', 'CERT'), key: write('key.pem', 'KEY') }
    const path = connection(institution('Court', 'court'), institution('Company', 'enterprise', { sealer }))
    expect(readConnection(path)).toMatchObject({
      organisations: [{ id: 'Company', kind: 'enterprise' }, { id: 'Court' }],
      peers: [{ organisation: 'Company', address: 'Company:7051', tlsRoot: 'ROOT' }, { organisation: 'Court' }],
      identities: [{ institution: 'Company', role: 'sealer', certificate: 'CERT', key: 'KEY' }],
    })
  })

  it('need not name the peers of others, who they are is enough', () => {
    write('root.pem', 'ROOT')
    const path = connection(institution('Company', 'enterprise'), { mspId: 'Court', kind: 'court' })
    expect(readConnection(path)).toMatchObject({
      organisations: [{ id: 'Company' }, { id: 'Court', kind: 'court' }],
      peers: [{ organisation: 'Company' }],
    })
  })

  it.each([
    ['Court', 'court'],
    ['Company', 'enterprise'],
  ])('is refused when it names %s, the %s, alone: one organisation endorses nothing', (id, kind) => {
    write('root.pem', 'ROOT')
    expect(() => readConnection(connection(institution(id, kind)))).toThrow(
      expect.objectContaining({ code: 'CONNECTION_INVALID' }),
    )
  })

  it.each([
    ['is not there', () => join(folder, 'none.json')],
    ['is not JSON', () => write('c.json', '{')],
    ['is something else', () => write('c.json', { type: 'other' })],
    ['names no institution', () => connection()],
    ['names one of no kind', () => connection(institution('Court', 'church'))],
    [
      'names a file that is not there',
      () => connection(institution('Court', 'court'), institution('Agency', 'agency')),
    ],
  ])('is refused when it %s', (_, make) => {
    expect(() => readConnection(make())).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID' }))
  })
})

describe('a checkpoint', () => {
  it('is read as it was written, and is nothing before', async () => {
    const path = join(folder, 'deep', 'events.json')
    expect(await readCheckpoint(path, 'cinnabar')).toBeUndefined()
    await writeCheckpoint(path, 'cinnabar', { block: 12n, transaction: 'ab' })
    expect(await readCheckpoint(path, 'cinnabar')).toEqual({ block: 12n, transaction: 'ab' })
    await writeCheckpoint(path, 'cinnabar', { block: 13n })
    expect(await readCheckpoint(path, 'cinnabar')).toEqual({ block: 13n, transaction: undefined })
  })

  it.each(['', '{', '{"type":"cinnabar.checkpoint.v1","channel":"cinnabar","block":"-1"}'])(
    'is refused when it is damaged: %s',
    async (text) => {
      await expect(readCheckpoint(write('e.json', text), 'cinnabar')).rejects.toMatchObject({
        code: 'CHECKPOINT_INVALID',
      })
    },
  )

  it('is refused for another channel', async () => {
    const path = join(folder, 'events.json')
    await writeCheckpoint(path, 'cinnabar', { block: 1n })
    await expect(readCheckpoint(path, 'other')).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
  })
})
