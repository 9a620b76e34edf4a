import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

// Usage: node web/build.mjs [OUT]. Writes index.html and console.html with assets/, and verify.html, which needs nothing else.

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, 'dist')
const pdfjs = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
const MAX_SCRIPT_GZIPPED = 250_000
/** Old enough for the browsers inside chat programs. */
const TARGET = ['chrome90', 'firefox90', 'safari15']

const common = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: TARGET,
  absWorkingDir: here,
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  alias: { '@cinnabar/core': process.env.CINNABAR_CORE ?? join(here, '..', 'core', 'src', 'index.ts') },
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 })
const hashed = (name, extension, bytes) => {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase()
  return `${name}-${hash}.${extension}`
}

/** Reads what the viewer may need beside its script, as web/src/viewer/pack.ts opens it. */
function pack() {
  const folder = (name, from, wanted) =>
    readdirSync(join(pdfjs, from))
      .filter((file) => wanted.test(file))
      .map((file) => [`${name}/${file}`, readFileSync(join(pdfjs, from, file))])
  const members = [
    ...folder('cmaps', 'cmaps', /\.bcmap$/),
    ...folder('fonts', 'standard_fonts', /\.(pfb|ttf)$/),
    ...folder('wasm', 'wasm', /^openjpeg\.wasm$/),
  ]
  let offset = 0
  const index = {}
  for (const [name, bytes] of members) {
    index[name] = [offset, bytes.length]
    offset += bytes.length
  }
  const head = Buffer.from(JSON.stringify(index))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return gzip(Buffer.concat([length, head, ...members.map(([, bytes]) => bytes)]))
}

async function only(entry, options) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], ...options })
  return Buffer.from(outputFiles[0].contents)
}

const sha256 = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const policy = (rules) =>
  Object.entries({ 'default-src': "'none'", ...rules, 'base-uri': "'none'", 'form-action': "'none'" })
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')

/** Fills the template's places; the values are ours, and `$` means nothing in them. */
function page(values) {
  const template = readFileSync(join(here, 'src', 'page.html'), 'utf8')
  return template.replace(/\{\{([A-Z]+)\}\}/g, (_, name) => values[name])
}

async function served({ style, consoleStyle, worker, packed }) {
  const assets = new Map()
  const add = (name, extension, bytes) => {
    const file = hashed(name, extension, bytes)
    assets.set(file, bytes)
    return `/assets/${file}`
  }
  const define = {
    SERVED: 'true',
    WORKER_URL: JSON.stringify(add('pdf.worker', 'js', worker)),
    PACK_URL: JSON.stringify(add('viewer-pack', 'bin', packed)),
  }
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: { page: 'src/main.ts', console: 'src/console/main.ts' },
    splitting: true,
    define,
  })
  for (const file of outputFiles) assets.set(file.path.split(/[\\/]/).at(-1), Buffer.from(file.contents))
  const named = (entry) => [...assets.keys()].find((name) => name.startsWith(`${entry}-`) && name.endsWith('.js'))
  const stylesheets = { page: add('page', 'css', style), console: add('console', 'css', consoleStyle) }
  const html = (entry) =>
    page({
      CSP: policy({
        'script-src': "'self' 'wasm-unsafe-eval'",
        'style-src': "'self'",
        'img-src': "'self' data: blob:",
        'font-src': 'data: blob:',
        'connect-src': "'self'",
        'worker-src': "'self'",
      }),
      STYLE: `<link rel="stylesheet" href="${stylesheets[entry]}">`,
      SCRIPT: `<script type="module" src="/assets/${named(entry)}"></script>`,
    })
  const first = named('page')
  return { page: html('page'), console: html('console'), assets, firstLoad: firstLoadOf(first, metafile, assets) }
}

/** The scripts that the page needs before it shows anything: the entry and what it imports at once. */
function firstLoadOf(script, metafile, assets) {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, made]) => [path.split('/').at(-1), made]))
  const seen = new Set()
  const follow = (name) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const { path, kind } of outputs.get(name)?.imports ?? []) {
      if (kind === 'import-statement') follow(path.split('/').at(-1))
    }
  }
  follow(script)
  return [...seen].map((name) => assets.get(name))
}

/** One page that runs from disk: script and style by their digests, the viewer as base64 that no browser runs. */
async function alone({ style, worker, packed }) {
  const [script, viewer] = await Promise.all([
    only('src/main.ts', { define: { SERVED: 'false' } }),
    only('src/viewer/viewer.ts', { format: 'iife', globalName: 'cinnabarViewer' }),
  ])
  const inert = (id, bytes) => `<script type="text/plain" id="${id}">${bytes.toString('base64')}</script>`
  const text = script.toString('utf8')
  const html = page({
    CSP: policy({
      'script-src': `${sha256(text)} blob: 'wasm-unsafe-eval'`,
      'style-src': sha256(style),
      'img-src': 'data: blob:',
      'font-src': 'data: blob:',
      'connect-src': "'none'",
      'worker-src': 'blob:',
    }),
    STYLE: `<style>${style}</style>`,
    SCRIPT: [
      inert('viewer-script', gzip(viewer)),
      inert('viewer-worker', gzip(worker)),
      inert('viewer-pack', packed),
      `<script type="module">${text}</script>`,
    ].join('\n    '),
  })
  return { html, script }
}

const options = { entryNames: '[name]', minify: true }
const [style, consoleStyle, worker] = await Promise.all([
  only('src/page.css', options),
  only('src/console.css', options),
  // Browsers start no module worker from a blob of a page on disk.
  only(join(pdfjs, 'legacy/build/pdf.worker.mjs'), { ...options, format: 'iife' }),
])
const text = (css) => css.toString('utf8').trim()
const parts = { style: text(style), consoleStyle: text(style) + text(consoleStyle), worker, packed: pack() }
const [one, other] = await Promise.all([served(parts), alone(parts)])

rmSync(join(out, 'assets'), { recursive: true, force: true })
mkdirSync(join(out, 'assets'), { recursive: true })
for (const [name, bytes] of one.assets) writeFileSync(join(out, 'assets', name), bytes)
writeFileSync(join(out, 'index.html'), one.page)
writeFileSync(join(out, 'console.html'), one.console)
writeFileSync(join(out, 'verify.html'), other.html)

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
const servedSize = one.firstLoad.reduce((sum, bytes) => sum + gzip(bytes).length, 0)
const aloneSize = gzip(other.script).length
console.log(
  `script without the viewer, gzipped: ${kilobytes(servedSize)} served, ${kilobytes(aloneSize)} in verify.html`,
)
console.log(`verify.html: ${kilobytes(Buffer.byteLength(other.html))}`)
if (Math.max(servedSize, aloneSize) > MAX_SCRIPT_GZIPPED) {
  console.error(`the page's script must stay under ${kilobytes(MAX_SCRIPT_GZIPPED)} gzipped`)
  process.exitCode = 1
}
