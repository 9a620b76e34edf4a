import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DEMO_INSTITUTIONS } from '../../gateway/src/demo/institutions'

const root = join(__dirname, '..', '..')

/** What an expression over a module of network/lib gives. They are ES modules, which jest here cannot load. */
async function valueIn(module: string, expression: string): Promise<unknown> {
  const script = `const m = await import('./network/lib/${module}.mjs')
    const give = (work) => { try { return work() } catch (error) { return { refused: error.message } } }
    process.stdout.write(JSON.stringify(give(() => ${expression})))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
  return JSON.parse(stdout)
}

interface Planned {
  readonly id: string
  readonly kind: string
  readonly names: object
  readonly [node: string]: unknown
}
const planned = (port: number) =>
  valueIn('plan', `m.planOf({ folder: '/n', port: ${port} }).organisations`) as Promise<readonly Planned[]>

describe('the native network', () => {
  it('has the demonstration institutions for organisations, under their own ids', async () => {
    const organisations = (await planned(7100)).map(({ id, kind, names }) => ({ id, kind, names }))
    expect(organisations).toEqual(DEMO_INSTITUTIONS.map(({ id, kind, names }) => ({ id, kind, names })))
  })

  it('gives every listener a port of its own', async () => {
    const text = JSON.stringify(await planned(7100))
    const ports = [...text.matchAll(/"\w*[pP]ort":(\d+)/g)].map(([, port]) => Number(port))
    expect(ports.length).toBe(27)
    expect(new Set(ports).size).toBe(27)
    expect(Math.min(...ports)).toBe(7101)
    expect(Math.max(...ports)).toBe(7309)
  })

  it('asks two organisations to endorse, one of them independent, counting no signature twice', async () => {
    const policy = await valueIn(
      'policy',
      `m.endorsementPolicy([
      { id: 'A', kind: 'agency' }, { id: 'E', kind: 'enterprise' }, { id: 'F', kind: 'enterprise' }])`,
    )
    expect(policy).toBe("OR(AND('A.peer',OR('E.peer','F.peer')))")
  })

  it('makes the same package of the same content, in any year and by any zlib', async () => {
    const digest = await valueIn(
      'tar',
      `process.getBuiltinModule('node:crypto').createHash('sha256').update(m.tarOf({ 'a.txt': 'one', 'b.txt': 'two' })).digest('hex')`,
    )
    expect(digest).toBe('cae3b1865d0452530e35e8920f3de145feefb46c1309c28eb6b29573eb3fcfc0')
  })

  it('keeps the seal CA out of every other use: no role, a profile of its own, its own CRL address', async () => {
    const config = await valueIn(
      'ca-config',
      `m.caFiles({ publicUrl: 'https://seals.example' }, { id: 'Bureau', names: { en: 'Bureau' }, ca: {} },
        { tls: {}, msp: {}, seal: {} })['seal/fabric-ca-server-config.yaml']`,
    )
    expect(config).toMatchObject({
      signing: {
        // Whoever calls the CA is known by such a certificate; with a CRL's address in it the CA would fetch that first.
        default: { usage: ['digital signature'], expiry: '43800h' },
        profiles: {
          seal: {
            usage: ['signing', 'content commitment'],
            expiry: '26280h',
            crl: 'https://seals.example/crl/Bureau-seal.crl',
          },
        },
      },
    })
    expect(JSON.stringify((config as { signing: { default: object } }).signing.default)).not.toContain('crl')
    expect(JSON.stringify(config)).not.toContain('ecert')
  })

  it('refuses ports and addresses that cannot be, naming every one', async () => {
    const refusal = await valueIn(
      'settings',
      `m.readSettings({ CINNABAR_NETWORK_PORT: '80', CINNABAR_PUBLIC_URL: 'seals.example' })`,
    )
    expect(refusal).toMatchObject({
      refused: expect.stringMatching(/CINNABAR_NETWORK_PORT.*CINNABAR_PUBLIC_URL/),
    })
  })
})
