import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Comparison, fasterThan, under } from './comparison'
import type { BenchContext } from './milestone-1'
import { logIn } from './proof/client'
import { writeLargePdf } from './proof/large-pdf'
import { type Service, startService } from './proof/service'
import { ownTime, peerTimes, type Sample, writeSample } from './verifying'

const KB = 1 << 10
const SEALS = 10
/** What ten seals come to is added. */
const BASE_BYTES = 720 * KB
const USERS = ['bureau', 'yuanhang']

/** The lines of milestone 4 that have peers: ten seals in a file of about 1 MB. */
export async function milestone4(context: BenchContext): Promise<readonly Comparison[]> {
  const { root, scratch, say } = context
  const service = await startService({ root, data: join(scratch, 'data') })
  let sample: Sample
  let bytes: number
  try {
    say('sealing a file of ten pages ten times')
    const pdf = await sealedOnEachPage(scratch, service)
    bytes = pdf.length
    sample = await writeSample(scratch, service, { name: 'ten-seals', pdf })
  } finally {
    await service.stop()
  }
  const what = `verifying ${SEALS} seals in ${(bytes / KB / KB).toFixed(2)} MB, warm`
  say(`${what}: ours, pyHanko and EU DSS`)
  const ours = await ownTime({ ...sample, warmUp: 300, count: 300 }, SEALS)
  const peers = await peerTimes(sample, { dss: 16, dssTuned: 8, pyhanko: 12 })
  return [
    under(what, { ours, limit: 100, unit: 'ms' }),
    fasterThan(what, { ours, peer: peers.pyhanko, peerName: 'pyHanko', times: 1 }),
    fasterThan(what, { ours, peer: peers.dss, peerName: 'EU DSS validateDocument()', times: 1 }),
    fasterThan(what, { ours, peer: peers.dssTuned, peerName: 'EU DSS, policy read once', times: 1 }),
  ]
}

/** One seal on each page, by two institutions in turn. */
async function sealedOnEachPage(scratch: string, service: Service): Promise<Uint8Array> {
  const path = join(scratch, 'ten-pages.pdf')
  await writeLargePdf(path, { pages: SEALS, bytes: BASE_BYTES })
  const clients = await Promise.all(USERS.map((user) => logIn(service, user)))
  let pdf: Uint8Array = new Uint8Array(await readFile(path))
  for (let page = 0; page < SEALS; page++) {
    const client = clients[page % clients.length]
    const document = await client.upload(pdf, 'ten-seals.pdf')
    const job = await client.seal(document, { seal: 'official', page: page + 1 })
    if (job.state !== 'anchored') throw new Error(`job ${job.state} ${job.code}`)
    pdf = await client.file(document)
  }
  return pdf
}
