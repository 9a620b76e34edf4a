import { createPrivateKey } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { runCommand } from './checkers/command'
import { startPyhanko } from './checkers/pyhanko'
import { type Comparison, fasterThan, under } from './comparison'
import { fetchEvidence, logIn } from './proof/client'
import { type Service, startService } from './proof/service'
import { sealInMemory, sealingKit } from './seal-in-memory'
import { median, quantile, timesOf } from './statistics'
import { ownTime, peerTimes, writeSample } from './verifying'

/** Where things are, and whom to tell. */
export interface BenchContext {
  readonly root: string
  /** An empty folder. */
  readonly scratch: string
  readonly say: (text: string) => void
}

/** The speed lines of milestone 1, each a comparison made in this run. */
export async function milestone1(context: BenchContext): Promise<readonly Comparison[]> {
  const { root, scratch, say } = context
  const service = await startService({ root, data: join(scratch, 'data') })
  try {
    say('sealing one page: ours and pyHanko')
    const sealing = await sealOnePage(context)
    say('verifying two seals: ours, pyHanko and EU DSS')
    const verifying = await verifyTwoSeals(context, service)
    say('POST …/seal-signatures?wait=anchored, one after another')
    const anchoring = await sealThroughService(context, service)
    return [sealing, ...verifying, anchoring, await pageScript(root)]
  } finally {
    await service.stop()
  }
}

const ONE_PAGE = 'fixtures/contracts/en-service-agreement.pdf'

async function sealOnePage({ root, scratch }: BenchContext): Promise<Comparison> {
  const kit = await sealingKit()
  const path = join(root, ONE_PAGE)
  const pdf = new Uint8Array(await readFile(path))
  const [seal] = kit.sealer.seals
  const key = join(scratch, 'seal-key.pem')
  const certificate = join(scratch, 'seal.der')
  const pem = createPrivateKey(seal.key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(key, pem.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(certificate, seal.certificate)
  const tsa = await rsaAuthority(scratch)
  const pyhanko = startPyhanko()
  try {
    const peer = await pyhanko.seal(path, { key, certificate, ...tsa, repeat: 30 })
    const ours = await timesOf(() => sealInMemory(pdf, kit), 300, 100)
    const peerWarm = median(peer.ms.slice(5))
    return fasterThan('sealing one page to B-T', { ours: median(ours), peer: peerWarm, peerName: 'pyHanko', times: 10 })
  } finally {
    await pyhanko.stop()
  }
}

/** pyHanko's in-process authority signs with RSA only: one openssl makes. */
async function rsaAuthority(scratch: string): Promise<{ tsaKey: string; tsaCertificate: string }> {
  const tsaKey = join(scratch, 'tsa-key.pem')
  const tsaCertificate = join(scratch, 'tsa.pem')
  const made = await runCommand('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=Bench TSA'],
    ...['-addext', 'extendedKeyUsage=critical,timeStamping', '-keyout', tsaKey, '-out', tsaCertificate],
  ])
  if (made.exitCode !== 0) throw new Error(`openssl req: ${made.stderr}`)
  return { tsaKey, tsaCertificate }
}

/** The one-page contract sealed by two institutions through the service. */
async function sealedTwice(root: string, service: Service): Promise<Uint8Array> {
  let pdf: Uint8Array = new Uint8Array(await readFile(join(root, ONE_PAGE)))
  for (const user of ['bureau', 'yuanhang']) {
    const client = await logIn(service, user)
    const document = await client.upload(pdf, 'two-seals.pdf')
    const job = await client.seal(document, { seal: 'official' })
    if (job.state !== 'anchored') throw new Error(`job ${job.state} ${job.code}`)
    pdf = await client.file(document)
  }
  return pdf
}

async function verifyTwoSeals(context: BenchContext, service: Service): Promise<readonly Comparison[]> {
  const pdf = await sealedTwice(context.root, service)
  const sample = await writeSample(context.scratch, service, { name: 'two-seals', pdf })
  const ours = await ownTime({ ...sample, warmUp: 1000, count: 1000 }, 2)
  const peers = await peerTimes(sample, { dss: 40, dssTuned: 20, pyhanko: 20 })
  const what = 'verifying two seals, warm'
  return [
    fasterThan(what, { ours, peer: peers.pyhanko, peerName: 'pyHanko', times: 10 }),
    fasterThan(what, { ours, peer: peers.dss, peerName: 'EU DSS validateDocument()', times: 50 }),
    // For comparison only: DSS as an expert would call it, its policy read once and its compiler long warm.
    fasterThan(what, { ours, peer: peers.dssTuned, peerName: 'EU DSS, policy read once', times: 1 }),
  ]
}

async function sealThroughService({ root }: BenchContext, service: Service): Promise<Comparison> {
  const pdf = new Uint8Array(await readFile(join(root, ONE_PAGE)))
  const client = await logIn(service, 'bureau')
  const times: number[] = []
  let last: Uint8Array = pdf
  for (let i = 0; i < 60; i++) {
    const document = await client.upload(pdf, `bench-${i}.pdf`)
    const began = performance.now()
    const job = await client.seal(document, { seal: 'official' })
    times.push(performance.now() - began)
    if (job.state !== 'anchored') throw new Error(`job ${job.state} ${job.code}`)
    last = await client.file(document)
  }
  await fetchEvidence(service, last)
  const p50 = quantile(times.slice(10), 0.5)
  return under('POST …/seal-signatures?wait=anchored, p50', { ours: p50, limit: 60, unit: 'ms' })
}

/** What the page loads before anybody chose a file, compressed: its script and whatever that imports at once. */
async function pageScript(root: string): Promise<Comparison> {
  const html = await readFile(join(root, 'web/dist/index.html'), 'latin1')
  const names = new Set(Array.from(html.matchAll(/src="\/assets\/([^"]+\.js)"/g), ([, name]) => name))
  let bytes = 0
  // Names that are found on the way are walked, too.
  for (const name of names) {
    const script = await readFile(join(root, 'web/dist/assets', name))
    bytes += gzipSync(script).length
    // Not import(…), which is loaded only when it is needed.
    for (const [, other] of script.toString('latin1').matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      names.add(other)
  }
  if (bytes === 0) throw new Error('index.html names no script')
  return under("the page's script and what it loads at once, gzipped", { ours: bytes / 1024, limit: 250, unit: 'KB' })
}
