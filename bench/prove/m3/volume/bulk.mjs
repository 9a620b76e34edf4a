import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../../lib/dist.mjs'
import { bulkClient } from './client.mjs'

const COUNT = 1000
/** The client stops when so many are uploaded, and the service is killed when so many have ended. */
const UPLOADED = 400
const SEALED = 300
const SEAL = 'official'

/**
 * 1,000 documents in one bulk job: the client stops in the middle of uploading and another goes on; the service is killed
 * with kill -9 in the middle of uploading and in the middle of sealing. Every document must be recorded once.
 */
export async function proveBulk({ root, scratch, say }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { logIn } = await compiled(root, 'bench/dist/proof/client.js')
  const options = { root, data: join(scratch, 'bulk') }
  const files = await filesOf(root)
  let service = await startService(options)
  const clientOf = async () => bulkClient(service, await logIn(service, 'bureau'))
  const earlier = await usesInLog(service, await clientOf())
  const job = (await (await clientOf()).create({ seal: SEAL, count: COUNT, reason: '批量盖章' })).id
  const began = performance.now()
  let dying
  const acknowledged = await (await clientOf()).upload(job, files, files.keys(), (count) => {
    if (count >= UPLOADED) dying ??= service.kill()
    return count >= UPLOADED
  })
  await dying
  say(`killed with ${acknowledged.length} documents acknowledged; another client goes on`)
  service = await startService(options)
  const client = await clientOf()
  const missing = new Set(await client.missing(job))
  await client.upload(job, files, missing)
  const uploadedMs = performance.now() - began
  const repeated = await client.put(job, 0, files[0])
  const other = await client.put(job, 0, files[1])
  const sealingBegan = performance.now()
  await client.start(job)
  const before = await client.follow(job, 0, (ends) => ends >= SEALED)
  await service.kill()
  say(`${before.ends.length} told of as ended; killed again`)
  service = await startService(options)
  const again = await clientOf()
  const after = await again.follow(job, before.last, () => false)
  const sealedMs = performance.now() - sealingBegan
  say(`all ended after ${(sealedMs / 1000).toFixed(1)} s, two starts of the service among them`)
  const documents = await again.documents(job)
  const uses = (await usesInLog(service, again)).slice(earlier.length)
  const verified = await verify(root, service, { client: again, documents, files })
  const audit = await usesOfSeal(service, again)
  await service.stop()
  const ends = [...before.ends, ...after.ends]
  const facts = {
    acknowledgedKept: missing.size > COUNT / 2 && acknowledged.every((number) => !missing.has(number)),
    repeated: repeated === 200 && other === 409,
    all: documents.length === COUNT && documents.every(({ state }) => state === 'anchored'),
    inTheMiddle: before.ends.length >= SEALED && before.ends.length < COUNT,
    // An end that was told of and one that is told of after the restart are never the same.
    eachToldOnce: ends.length === COUNT && new Set(ends).size === COUNT,
    once: uses.length === COUNT && new Set(uses.map(({ commitment }) => commitment)).size === COUNT,
    numbered: audit.numbers.every((number, i) => number === i + 1) && audit.complete,
    verified: verified === COUNT,
  }
  const wrong = Object.keys(facts).filter((name) => !facts[name])
  return {
    ok: wrong.length === 0,
    measured: `${COUNT} uploaded in ${(uploadedMs / 1000).toFixed(1)} s and sealed in ${(sealedMs / 1000).toFixed(1)} s with two kill -9, ${uses.length} entries, numbers without a gap, ${verified} of ${COUNT} passed${wrong.length ? `; not: ${wrong.join(', ')}` : ''}`,
  }
}

/** Different files: what follows the end of a PDF is a comment. */
async function filesOf(root) {
  const pdf = await readFile(join(root, 'fixtures/contracts/en-service-agreement.pdf'))
  return Array.from({ length: COUNT }, (_, i) => new Uint8Array(Buffer.concat([pdf, Buffer.from(`%${i}\n`)])))
}

async function usesInLog({ url }, { token }) {
  const uses = []
  for (let from = 0; from !== undefined; ) {
    const address = `${url}/v1/institutions/JiangzhouBureau/log?from=${from}&limit=1000`
    const page = await (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).json()
    for (const entry of page.entries) if (entry.kind === 'sealSignature' && entry.seal === SEAL) uses.push(entry)
    from = page.next
  }
  return uses
}

/** The seal ledger book holds every number against log and store. */
async function usesOfSeal({ url }, { token }) {
  const answer = await fetch(`${url}/v1/seals/${SEAL}/book`, { headers: { authorization: `Bearer ${token}` } })
  const { complete, lines } = await answer.json()
  return { complete, numbers: lines.map(({ number }) => number) }
}

/** As a stranger would: by the sealed file, its evidence and the trust file alone. */
async function verify(root, { url, data }, { client, documents, files }) {
  const core = await compiled(root, 'core/dist/index.js')
  const trust = core.parseTrust(new Uint8Array(await readFile(join(data, 'trust.json'))))
  let passed = 0
  for (const { number, file, evidence, sealSignature } of documents) {
    if (file === undefined || evidence === undefined) continue
    const pdf = await client.bytes(file)
    const zip = new Uint8Array(await (await fetch(`${url}${evidence}`)).arrayBuffer())
    const { outcome, signatures } = await core.verify({ pdf, evidence: [zip], trust, at: new Date() })
    const isOurs = Buffer.compare(pdf.subarray(0, files[number].length), files[number]) === 0
    if (outcome === 'passed' && isOurs && signatures.length === 1 && signatures[0].id === sealSignature) passed++
  }
  return passed
}
