import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../../lib/dist.mjs'

const COUNT = 10_000
const FINAL_MS = 10_000
const SAMPLES = 25

/** 10,000 deposits in one call, and 10,000 more during which the service is killed. */
export async function proveDeposits({ root, scratch, say }) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { logIn } = await compiled(root, 'bench/dist/proof/client.js')
  const options = { root, data: join(scratch, 'deposits') }
  const service = await startService(options)
  const facts = {}
  const files = filesOf('first')
  const first = await deposit(service, await logIn(service, 'bureau'), { files, wait: true })
  say(`${COUNT} deposits final in ${(first.ms / 1000).toFixed(1)} s`)
  facts.final = first.status === 200 && first.job.counts.anchored === COUNT
  facts.inTime = first.ms < FINAL_MS
  facts.proven = (await provenAmong(root, service, { files, deposits: first.job.deposits, say })) === SAMPLES
  const again = filesOf('second')
  const second = await deposit(service, await logIn(service, 'bureau'), { files: again, wait: false })
  facts.acknowledged = second.status === 202
  await new Promise((resolve) => setTimeout(resolve, second.ms + 500))
  await service.kill()
  say('killed in the middle; started again')
  const restarted = await startService(options)
  const client = await logIn(restarted, 'bureau')
  facts.resumed = (await ended(restarted, client, second.job.id)) === COUNT
  const commitments = await depositsInLog(restarted, client)
  facts.once = commitments.length === 2 * COUNT && new Set(commitments).size === 2 * COUNT
  facts.provenAfter =
    (await provenAmong(root, restarted, { files: again, deposits: second.job.deposits, say })) === SAMPLES
  await restarted.stop()
  const wrong = Object.keys(facts).filter((name) => !facts[name])
  const took = `${COUNT} final in ${(first.ms / 1000).toFixed(1)} s, acknowledged in ${(second.ms / 1000).toFixed(1)} s`
  return {
    ok: wrong.length === 0,
    measured: `${took}; after kill -9 ${commitments.length} entries, ${new Set(commitments).size} different; ${2 * SAMPLES} of ${2 * SAMPLES} samples verified${wrong.length ? `; not: ${wrong.join(', ')}` : ''}`,
  }
}

function filesOf(name) {
  const salt = randomBytes(8).toString('hex')
  return Array.from({ length: COUNT }, (_, i) => Buffer.from(`${name} ${salt} ${i}`))
}

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

async function deposit({ url }, { token }, { files, wait }) {
  const deposits = files.map((bytes, i) => ({ digest: digestOf(bytes), name: `file-${i}.bin` }))
  const began = performance.now()
  const answer = await fetch(`${url}/v1/deposits${wait ? '?wait=anchored' : ''}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ deposits }),
  })
  const job = await answer.json()
  if (answer.status >= 400) throw new Error(JSON.stringify(job))
  return { ms: performance.now() - began, status: answer.status, job }
}

async function ended({ url }, { token }, id) {
  for (const until = performance.now() + 120_000; performance.now() < until; ) {
    const answer = await fetch(`${url}/v1/deposit-jobs/${id}`, { headers: { authorization: `Bearer ${token}` } })
    const { state, counts } = await answer.json()
    if (state === 'anchored') return counts.anchored
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return 0
}

async function depositsInLog({ url }, { token }) {
  const commitments = []
  for (let from = 0; from !== undefined; ) {
    const address = `${url}/v1/institutions/JiangzhouBureau/log?from=${from}&limit=1000`
    const page = await (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).json()
    for (const entry of page.entries) if (entry.kind === 'deposit') commitments.push(entry.commitment)
    from = page.next
  }
  return commitments
}

/** As a stranger would: by the evidence and the trust file alone. */
async function provenAmong(root, { url, data }, { files, deposits }) {
  const { parseTrust, verifyFile } = await compiled(root, 'core/dist/index.js')
  const trust = parseTrust(new Uint8Array(await readFile(join(data, 'trust.json'))))
  let proven = 0
  for (let i = 0; i < SAMPLES; i++) {
    const at = Math.floor(((COUNT - 1) * i) / (SAMPLES - 1))
    const zip = new Uint8Array(await (await fetch(`${url}/v1/evidence/${deposits[at].id}`)).arrayBuffer())
    const file = new Uint8Array(files[at])
    const { code } = await verifyFile({ file, evidence: [zip], trust, at: new Date() })
    const other = await verifyFile({ file: file.subarray(1), evidence: [zip], trust, at: new Date() })
    if (code === 'DEPOSITED' && other.outcome === 'failed') proven++
  }
  return proven
}
