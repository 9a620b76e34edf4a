import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from '@swc/core'
import * as core from '../src/index'
import { newKey, type TestKey } from '../src/testing/keys'
import { crlOf } from '../src/testing/preserved'
import { oneSeal } from '../src/testing/sealed-evidence'
import { newWorld } from '../src/testing/sealed-world'

const README = readFileSync(join(__dirname, '../README.md'), 'utf8')
const examples = [...README.matchAll(/## (.+)\n```ts\n([\s\S]+?)```/g)].map(([, title, code]) => ({ title, code }))

let folder: string
let operator: TestKey
beforeAll(async () => {
  const world = await newWorld()
  const sample = await oneSeal(world)
  folder = mkdtempSync(join(tmpdir(), 'cinnabar-readme-'))
  operator = await newKey()
  const list: core.TrustList = {
    expires: '2039-01-01T00:00:00Z' as core.Time,
    issued: '2020-01-01T00:00:00Z' as core.Time,
    name: { en: 'A list', zh: '名单' },
    operator: { key: core.toBase64(operator.spki), name: { en: 'Operator', zh: '发布方' } },
    consortia: [{ policies: [], region: 'HK', trust: world.trust }],
    sequence: 1,
    type: 'cinnabar.trustList.v1',
  }
  const file = await core.signTrustList(list, operator.signer)
  const files = {
    'sealed.pdf': sample.pdf,
    'evidence.zip': sample.evidence[0],
    'trust.json': core.TrustFormat.encode(world.trust),
    'list.json': file,
    'list-key.txt': core.digestOf(operator.spki),
    'ca.der': world.bureau.pki.sealCa.certificate,
    'tsa.der': world.court.pki.tsa.certificate,
    'ca.crl': await crlOf(world.bureau.pki.sealCa, new Date(Date.now() - 60_000)),
  }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs an example as it stands, its files taken from the folder. @returns the lines that it printed. */
async function run(code: string): Promise<readonly string[]> {
  const { code: script } = transformSync(`export async function main() {\n${code.replace(/^import .*\n/gm, '')}\n}`, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  })
  const printed: string[] = []
  const read = (name: string, encoding?: 'utf8') =>
    encoding ? readFileSync(join(folder, name), encoding) : new Uint8Array(readFileSync(join(folder, name)))
  const scope = {
    ...core,
    signer: operator.signer,
    readFileSync: read,
    console: { log: (...words: readonly unknown[]) => printed.push(words.join(' ')) },
    exports: {} as { main?: () => Promise<void> },
  }
  new Function(...Object.keys(scope), script)(...Object.values(scope))
  await scope.exports.main?.()
  return printed
}

describe('the examples of core/README.md', () => {
  it('are ten lines or so', () => {
    expect(examples).toHaveLength(5)
    for (const { code } of examples) expect(code.trim().split('\n').length).toBeLessThanOrEqual(11)
  })

  it('verify a sealed file', async () => {
    expect((await run(examples[0].code))[0]).toBe('passed OK')
  })

  it('read an evidence container', async () => {
    const lines = await run(examples[1].code)
    expect(lines[0]).toMatch(/sealSignature 5$/)
    expect(lines).toHaveLength(8)
  })

  it('publish a list', async () => {
    expect(Number((await run(examples[3].code))[0])).toBeGreaterThan(1000)
  })

  it('validate by the standard', async () => {
    const [line] = await run(examples[4].code)
    expect(line).toMatch(/^TOTAL-PASSED {2}B-T ECDSA P-256 with SHA-256 2026-11-22T03:04:0\dZ?/)
  })

  it('judge by a published list', async () => {
    expect(await run(examples[2].code)).toEqual([expect.stringMatching(/^passed /)])
  })
})
