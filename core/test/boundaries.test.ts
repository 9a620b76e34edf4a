import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { breaches, type Declared, SHARED_WITH_VERIFY, WRITERS } from './boundary-rules'
import type { Source } from './source-scan'

const root = join(__dirname, '..', '..')
const workspaces = ['core', 'chaincode', 'gateway', 'client', 'cli', 'web', 'fixtures', 'bench']
const declared: Declared = Object.fromEntries(
  workspaces.map((name) => [
    name,
    Object.keys(JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')).dependencies ?? {}),
  ]),
)

function sourcesOf(workspace: string): Source[] {
  return readdirSync(join(root, workspace, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
}

describe('the tree', () => {
  it('has no arrow that is not in design.md section 3, and no clock, randomness or environment out of place', () => {
    expect(breaches(workspaces.flatMap(sourcesOf), declared)).toEqual([])
  })

  it.each([...WRITERS, ...SHARED_WITH_VERIFY])('has %s, which the rule on verify names', (path) => {
    expect(existsSync(join(root, path))).toBe(true)
  })
})

/** What is said of one file with this text, beside harmless ones that it may import. */
function said(path: string, text: string, ...others: readonly Source[]): readonly string[] {
  return breaches([{ path, text }, ...others], { ...declared, cli: ['commander'] })
}

describe('the scanner refuses', () => {
  it.each([
    ['core/src/pdf/a.ts', `import { readFile } from 'node:fs'`],
    ['core/src/pdf/a.ts', `import type { Buffer } from 'buffer'`],
    ['core/src/pdf/a.ts', `import { gunzip } from 'zlib'`],
    ['core/src/pdf/a.ts', `import '@cinnabar/gateway'`],
    ['core/src/pdf/a.ts', `export * from '../../../gateway/src/index'`],
    ['core/src/pdf/a.ts', `import { suite } from '../testing/ledger-contract'`],
    ['core/src/seal/a.ts', `import { deflate } from 'fflate'`],
    ['core/src/log/a.ts', `import { sha256 } from '@noble/hashes/sha2'`],
    ['core/src/log/a.ts', `const pkijs = require('pkijs')`],
    ['web/src/a.ts', `import { notarize } from '@cinnabar/gateway'`],
    ['web/src/a.ts', `import { join } from 'node:path'`],
    ['cli/src/a.ts', `const rules = await import('@cinnabar/chaincode')`],
    ['cli/src/a.ts', `type Rules = import('@cinnabar/chaincode').Rules`],
    ['cli/src/a.ts', `import express from 'express'`],
    ['cli/src/a.ts', `require.resolve('@cinnabar/gateway/package.json')`],
    ['cli/src/commands/audit.ts', `import '@cinnabar/gateway'`],
    ['cli/src/a.ts', `import lib = require('@cinnabar/gateway')`],
    ['gateway/src/a.ts', `import { x } from '@cinnabar/chaincode/dist/contract'`],
    ['gateway/src/a.ts', `import { x } from '@cinnabar/core/testing'`],
    ['gateway/src/a.ts', `import { env } from 'node:process'`],
    ['fixtures/src/a.ts', `export { x } from '@cinnabar/gateway'`],
    ['chaincode/src/rules/a.ts', `import { Contract } from '../contract'`],
    ['chaincode/src/rules/a.ts', `import { Contract } from 'fabric-contract-api'`],
    ['chaincode/src/index.ts', `export * from './contract'`],
    ['gateway/src/a.ts', `const NAME = '@cinnabar/web'; require.resolve(NAME)`],
    ['gateway/src/a.ts', `import(name)`],
    ['gateway/src/a.ts', `require(\`./\${name}\`)`],
  ])('in %s: %s', (path, text) => {
    expect(said(path, text)).toHaveLength(1)
  })

  it.each([
    ['gateway/src/http/a.ts', `const port = process.env.PORT`],
    ['gateway/src/http/a.ts', `const port = process['env'].PORT`],
    ['gateway/src/http/a.ts', `const { env } = process`],
    ['gateway/src/http/a.ts', `const at = Date.now()`],
    ['gateway/src/http/a.ts', `const clock = Date.now`],
    ['gateway/src/http/a.ts', `const at = new Date()`],
    ['gateway/src/http/a.ts', `const at = new Date`],
    ['gateway/src/http/a.ts', `const at = Date()`],
    ['gateway/src/main.ts', `const id = Math.random()`],
    ['core/src/log/a.ts', `const salt = crypto.getRandomValues(new Uint8Array(32))`],
    ['core/src/log/a.ts', `const platform = globalThis as unknown as { Buffer: unknown }`],
    ['chaincode/src/rules/a.ts', `const id = crypto.randomUUID()`],
  ])('in %s: %s', (path, text) => {
    expect(said(path, text)).toHaveLength(1)
  })

  it('a verifier that reaches a writer through another file', () => {
    const others = [
      { path: 'core/src/verify/checks.ts', text: `import { parse } from '../cms/signed-data'` },
      { path: 'core/src/cms/signed-data.ts', text: `export { sign } from './sign'` },
      { path: 'core/src/cms/sign.ts', text: '' },
    ]
    expect(said('core/src/verify/verify.ts', `import './checks'`, ...others)).toEqual([
      'core/src/verify reaches what seals: core/src/verify/checks.ts → core/src/cms/signed-data.ts → core/src/cms/sign.ts',
    ])
  })

  it('a verifier that reaches what seals', () => {
    const others = [{ path: 'core/src/seal/seal.ts', text: '' }]
    expect(said('core/src/verify/verify.ts', `import { seal } from '../seal/seal'`, ...others)).toHaveLength(1)
  })
})

describe('the scanner lets pass', () => {
  it.each([
    ['core/src/pdf/a.ts', `import { inflate } from 'fflate'`],
    ['core/src/encode/a.ts', `import { sha256 } from '@noble/hashes/sha2'`],
    ['core/src/verify/a.ts', `// import 'node:fs', process.env, Date.now()\nconst text = "import('node:fs')"`],
    ['core/src/verify/a.ts', `export const at = (time: number) => new Date(time)`],
    ['core/src/verify/a.test.ts', `import { sealed } from '../seal/seal'; Date.now(); process.env.HOME`],
    ['cli/src/main.ts', `import { Command } from 'commander'; const { env } = process; const at = new Date()`],
    ['gateway/src/ledger/a.ts', `import { rules } from '@cinnabar/chaincode'; import { open } from 'node:fs/promises'`],
    ['cli/src/commands/audit.ts', `require.resolve('@cinnabar/gateway/package.json')`],
    ['fixtures/src/a.ts', `import { institutions } from '@cinnabar/core/testing'`],
  ])('in %s: %s', (path, text) => {
    expect(said(path, text)).toEqual([])
  })

  it('a verifier that compares a picture', () => {
    const others = [{ path: 'core/src/seal/appearance.ts', text: '' }]
    expect(said('core/src/verify/verify.ts', `import { draw } from '../seal/appearance'`, ...others)).toEqual([])
  })
})
