import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { type Scan, type Source, scan, type Use } from './source-scan'

/** design.md section 3. A workspace that is not a key imports no other. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  chaincode: ['core'],
  gateway: ['core', 'chaincode'],
  client: [],
  cli: ['core', 'client'],
  web: ['core'],
  fixtures: ['core'],
  bench: ['core', 'chaincode', 'gateway', 'fixtures'],
}

/**
 * Programs that a file may look up to run beside it: nothing of them is loaded into its own process. The auditor reads peers and
 * databases, and the command line, which is installed where neither is, must not bring their libraries.
 */
const PROGRAMS: Readonly<Record<string, string>> = {
  'cli/src/commands/audit.ts': '@cinnabar/gateway/package.json',
}

/** The folders of core that may import each library, so that replacing one is a change in one place. */
const CORE_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  '@noble/hashes': ['core/src/encode/'],
  // Two formats are made of deflate streams: PDF's and ZIP's.
  fflate: ['core/src/pdf/', 'core/src/evidence/'],
}

/** No Node, no DOM, no clock, no randomness: these run in peer, server, command line and browser alike. */
const PURE = ['core/src/', 'chaincode/src/rules/']
const NO_NODE = [...PURE, 'client/src/', 'chaincode/src/index.ts', 'web/src/']

/** What of the sealing half the verifier may use: a picture is compared by drawing it again. */
export const SHARED_WITH_VERIFY = [
  'core/src/seal/appearance.ts',
  'core/src/seal/picture.ts',
  'core/src/seal/qr.ts',
  'core/src/seal/qr-code.ts',
  'core/src/seal/picture-layout.ts',
  'core/src/seal/picture-path.ts',
  'core/src/seal/picture-text.ts',
  'core/src/seal/glyphs.ts',
  'core/src/seal/seal-error.ts',
]

/** What writes or signs, outside core/src/seal: a bug in the writer must not hide in the reader. */
export const WRITERS = [
  'core/src/pdf/update.ts',
  'core/src/pdf/sign-placeholder.ts',
  'core/src/pdf/add-security-store.ts',
  'core/src/cms/sign.ts',
  'core/src/x509/build.ts',
  'core/src/x509/build-crl.ts',
  'core/src/x509/signer.ts',
  'core/src/timestamp/respond.ts',
]

const ALLOWED_USES: Readonly<Record<Use, readonly string[]>> = {
  'process.env': ['chaincode/src/server.ts', 'gateway/src/main.ts', 'cli/src/main.ts', 'bench/src/'],
  clock: [
    'chaincode/src/server.ts',
    'gateway/src/main.ts',
    'gateway/src/clock.ts',
    'cli/src/main.ts',
    'web/src/main.ts',
    'web/src/console/main.ts',
    'bench/src/',
  ],
  'Math.random': [],
  randomness: ['gateway/src/', 'cli/src/', 'web/src/', 'bench/src/'],
  globalThis: ['core/src/encode/bytes.ts', 'core/src/encode/subtle.ts', 'web/src/'],
}

/** Names of the packages that a workspace's package.json declares as dependencies. */
export type Declared = Readonly<Record<string, readonly string[]>>

/** Every breach of the boundaries, as `file: what is wrong`; tests among the sources are exempt. */
export function breaches(sources: readonly Source[], declared: Declared): readonly string[] {
  const judged = sources.filter(({ path }) => !isTest(path))
  const scans = new Map(judged.map((source) => [source.path, scan(source)]))
  const found: string[] = []
  for (const [path, scanned] of scans) {
    const wrong = [...wrongUses(path, scanned), ...wrongImports(path, scanned, declared)]
    found.push(...wrong.map((what) => `${path}: ${what}`))
  }
  return [...found, ...sealingInVerify(scans)]
}

/** core/src/testing is for tests: what it makes is random, and its suites run under jest. */
const isTest = (path: string) =>
  path.endsWith('.test.ts') || !path.includes('/src/') || path.startsWith('core/src/testing/')
const isUnder = (path: string, places: readonly string[]) => places.some((place) => path.startsWith(place))

function wrongUses(path: string, { uses, computedImports }: Scan): string[] {
  const wrong = [...uses].filter((use) => !isUnder(path, ALLOWED_USES[use])).map((use) => `uses ${use}`)
  return [...wrong, ...computedImports.map((name) => `imports a module by an expression, ${name}`)]
}

function wrongImports(path: string, { imports }: Scan, declared: Declared): string[] {
  return imports.flatMap((name) => {
    if (PROGRAMS[path] === name) return []
    const reason = name.startsWith('.') ? wrongRelative(path, name) : wrongPackage(path, name, declared)
    return reason === undefined ? [] : [`imports ${name}: ${reason}`]
  })
}

function wrongRelative(path: string, name: string): string | undefined {
  const target = posix.join(posix.dirname(path), name)
  const home = `${workspaceOf(path)}/src/`
  if (!`${target}/`.startsWith(home)) return 'outside its workspace'
  if (path.startsWith('chaincode/src/rules/') && !target.startsWith('chaincode/src/rules/'))
    return 'rules know no shell'
  if (path === 'chaincode/src/index.ts' && !target.startsWith('chaincode/src/rules')) return 'only rules are for others'
  if (isUnder(target, ['core/src/testing']) && !isUnder(path, ['core/src/testing/'])) return 'for tests only'
  return undefined
}

function wrongPackage(path: string, name: string, declared: Declared): string | undefined {
  const workspace = workspaceOf(path)
  const own = name.match(/^@cinnabar\/([^/]+)(\/.*)?$/)
  if (own !== null) return wrongArrow(workspace, own[1], own[2])
  const library = name.split('/', name.startsWith('@') ? 2 : 1).join('/')
  if (name.startsWith('node:') || builtinModules.includes(library)) return wrongBuiltin(path, name)
  if (workspace === 'core' && !isUnder(path, CORE_LIBRARIES[library] ?? [])) return 'not for this folder of core'
  if (isUnder(path, ['chaincode/src/rules/', 'chaincode/src/index.ts'])) return 'rules import core only'
  return declared[workspace]?.includes(library) ? undefined : 'not a dependency in its package.json'
}

function wrongArrow(from: string, to: string, inside: string | undefined): string | undefined {
  if (!ARROWS[from]?.includes(to)) return `no arrow from ${from} to ${to}`
  if (inside === undefined) return undefined
  const isTestKit = to === 'core' && inside === '/testing' && ['fixtures', 'bench'].includes(from)
  return isTestKit ? undefined : 'past the package index'
}

function wrongBuiltin(path: string, name: string): string | undefined {
  if (isUnder(path, NO_NODE)) return 'Node is not everywhere'
  return /^(node:)?process$/.test(name) ? 'process.env by another name' : undefined
}

function sealingInVerify(scans: ReadonlyMap<string, Scan>): string[] {
  const via = new Map<string, string>()
  const open = [...scans.keys()].filter((path) => path.startsWith('core/src/verify/'))
  for (const path of open) via.set(path, path)
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const target of targetsOf(path, scans)) {
      if (via.has(target)) continue
      via.set(target, `${via.get(path)} → ${target}`)
      open.push(target)
    }
  }
  return [...via].filter(([path]) => isSealing(path)).map(([, way]) => `core/src/verify reaches what seals: ${way}`)
}

const isSealing = (path: string) =>
  WRITERS.includes(path) || (path.startsWith('core/src/seal/') && !SHARED_WITH_VERIFY.includes(path))

function targetsOf(path: string, scans: ReadonlyMap<string, Scan>): string[] {
  const relative = scans.get(path)?.imports.filter((name) => name.startsWith('.')) ?? []
  return relative.flatMap((name) => {
    const target = posix.join(posix.dirname(path), name)
    return [target, `${target}.ts`, `${target}/index.ts`].filter((candidate) => scans.has(candidate))
  })
}

const workspaceOf = (path: string) => path.split('/')[0]
