import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { cinnabar } from '../lib/run.mjs'

export const line = 1
export const title =
  'kill -9 of the service at 100 random moments during 500 sealing requests and 5,000 deposits: every acknowledged one is there and recorded exactly once'

const KILLS = 100
const SEALS = 500
const DEPOSITS = 5000
/** Deposits in one request. */
const LIST = 10
const AT_ONCE = 8
const SEED = 3
/** A life lasts at most so long after its first request, or, one in so many, after its start: it may not get ready. */
const LIFE_MS = 900
const START_MS = 2000
const EARLY_IN = 5

export async function run({ root, scratch, say }) {
  const { chanceOf } = await compiled(root, 'bench/dist/proof/fuzz/random.js')
  const work = await workOf({ root, scratch, say }, chanceOf(SEED))
  for (let kill = 1; kill <= KILLS; kill++) {
    await work.live(kill)
    if (kill % 10 === 0) say(`${kill} kills: ${work.acknowledged()}`)
  }
  const outcome = await work.finish()
  const wrong = Object.keys(outcome.facts).filter((name) => !outcome.facts[name])
  return {
    ok: wrong.length === 0,
    measured: `${outcome.measured}${wrong.length > 0 ? `; not: ${wrong.join(', ')}` : ''}`,
    detail: outcome.detail,
  }
}

async function workOf({ root, scratch, say }, chance) {
  const service = await compiled(root, 'bench/dist/proof/service.js')
  const { logIn } = await compiled(root, 'bench/dist/proof/client.js')
  const data = join(scratch, 'data')
  // At the end one address asks for the evidence of everything, as fast as it can.
  const options = { root, data, env: { CINNABAR_STRANGER_REQUESTS_PER_MINUTE: '1000000' } }
  const pdf = new Uint8Array(await readFile(join(root, 'fixtures/contracts/en-service-agreement.pdf')))
  const tasks = tasksOf(chance, pdf)
  const tally = { restarts: [], firstReadyMs: 0, earlyKills: 0, underLoad: 0, broken: 0, rows: [] }
  let token
  /** Starts the service, and logs in with the first start. */
  const start = async () => {
    const started = await service.startService(options)
    if (token !== undefined) {
      tally.restarts.push(started.readyMs)
      return started
    }
    tally.firstReadyMs = started.readyMs
    token = (await logIn(started, 'bureau')).token
    tally.entriesBefore = (await logOf({ url: started.url, token })).entries.length
    return started
  }
  const live = async (kill) => {
    if (token !== undefined && chance.oneIn(EARLY_IN)) {
      tally.earlyKills++
      await service.killedAfter(options, chance.below(START_MS))
    } else {
      const running = await start()
      // The last lives have the same share of what is left as the first.
      const share = Math.ceil(tasks.open().length / Math.max(1, Math.ceil((KILLS - kill + 1) * (1 - 1 / EARLY_IN))))
      const working = send(tasks.open().slice(0, share), { url: running.url, token })
      await new Promise((resolve) => setTimeout(resolve, chance.below(LIFE_MS)))
      if (tasks.open().length > 0) tally.underLoad++
      await running.kill()
      tally.broken += await working
    }
    if (kill % 10 === 0) tally.rows.push(rowOf(kill, tasks, tally))
  }
  const finish = async () => {
    say('the last start: what is left is sent, then everything is looked at')
    const running = await start()
    await send(tasks.open(), { url: running.url, token })
    const checked = await check({ root, data, url: running.url, token, tasks, say })
    await running.stop()
    return outcomeOf({ ...checked, audit: await audit(root, data), tally })
  }
  return { live, finish, acknowledged: () => acknowledgedOf(tasks) }
}

/** Requests of both kinds in a random order; each has its Idempotency-Key, and is sent until it was acknowledged. */
function tasksOf(chance, pdf) {
  const all = [
    ...Array.from({ length: SEALS }, (_, i) => ({ kind: 'seal', key: `seal ${i}`, pdf })),
    ...Array.from({ length: DEPOSITS / LIST }, (_, i) => ({ kind: 'deposit', key: `deposit ${i}`, files: filesOf(i) })),
  ]
  for (let i = all.length - 1; i > 0; i--) {
    const j = chance.below(i + 1)
    ;[all[i], all[j]] = [all[j], all[i]]
  }
  return { all, open: () => all.filter(({ job }) => job === undefined) }
}

const fileBytes = (i, n) => Buffer.from(`file ${n} of request ${i}`)
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

function filesOf(i) {
  return Array.from({ length: LIST }, (_, n) => ({ digest: digestOf(fileBytes(i, n)), name: `${i}-${n}.bin` }))
}

/** @returns how many requests were cut off: the service had died. */
async function send(tasks, caller) {
  const queue = [...tasks]
  let broken = 0
  const worker = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      try {
        await (task.kind === 'seal' ? requestSeal(task, caller) : requestDeposits(task, caller))
        if (task.job === undefined) queue.push(task)
      } catch (error) {
        // What fetch throws when the connection ends; a refusal is none of that.
        if (!(error instanceof TypeError)) throw error
        broken++
        return
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return broken
}

async function requestSeal(task, caller) {
  const upload = {
    headers: { 'idempotency-key': `${task.key} upload`, 'content-type': 'application/pdf' },
    body: task.pdf,
  }
  const document = await ask(caller, '/v1/documents?name=contract.pdf', upload)
  const headers = { 'idempotency-key': task.key, 'content-type': 'application/json' }
  const seal = { headers, body: JSON.stringify({ seal: 'contract' }) }
  const job = await ask(caller, `/v1/documents/${document.id}/seal-signatures`, seal)
  // Died before it was acknowledged: it says so, and wants to be asked for anew. Nothing of it may be recorded.
  if (job.code === 'REQUEST_INTERRUPTED') task.key += ' again'
  else task.job = { id: job.id, document: document.id }
}

async function requestDeposits(task, caller) {
  const headers = { 'idempotency-key': task.key, 'content-type': 'application/json' }
  const { id, deposits } = await ask(caller, '/v1/deposits', {
    headers,
    body: JSON.stringify({ deposits: task.files }),
  })
  task.job = { id, deposits: deposits.map((one) => one.id) }
}

async function ask({ url, token }, path, init) {
  const post = init && { method: 'POST', body: init.body }
  const headers = { authorization: `Bearer ${token}`, ...init?.headers }
  const answer = await fetch(url + path, { ...post, headers })
  const body = await answer.json()
  if (answer.ok) return body
  throw new Error(`${path}: ${answer.status} ${body.code}: ${body.detail}`)
}

/** Everything that was acknowledged: it has ended well, and stands in the log once. */
async function check({ root, data, url, token, tasks, say }) {
  const caller = { url, token }
  const seals = tasks.all.filter(({ kind }) => kind === 'seal')
  const deposits = tasks.all.filter(({ kind }) => kind === 'deposit')
  const ends = { seals: {}, deposits: {} }
  const count = (of, state) => {
    of[state] = (of[state] ?? 0) + 1
  }
  for (const task of seals) {
    task.end = await ended(caller, `/v1/jobs/${task.job.id}`)
    count(ends.seals, task.end.state)
  }
  for (const task of deposits) {
    await ended(caller, `/v1/deposit-jobs/${task.job.id}`)
    const page = await ask(caller, `/v1/deposit-jobs/${task.job.id}/deposits?limit=1000`)
    for (const { state } of page.deposits) count(ends.deposits, state)
  }
  const log = await logOf(caller)
  say(`${log.entries.length} entries in the log; each seal and each deposit is verified by its evidence`)
  const proven = await provenOf({ root, data, caller, seals, deposits })
  return { ends, log, proven }
}

async function ended(caller, path) {
  for (const until = performance.now() + 60_000; performance.now() < until; ) {
    const job = await ask(caller, path)
    if (['anchored', 'refused', 'failed'].includes(job.state)) return job
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${path} has not ended after 60 s`)
}

async function logOf(caller) {
  const entries = []
  const indices = []
  for (let from = 0; from !== undefined; ) {
    const page = await ask(caller, `/v1/institutions/JiangzhouBureau/log?from=${from}&limit=1000`)
    entries.push(...page.entries)
    indices.push(...page.indices)
    from = page.next
  }
  return { entries, indices }
}

/** As a stranger would: by file, evidence and the trust file alone. @returns commitments of what was verified. */
async function provenOf({ root, data, caller, seals, deposits }) {
  const core = await compiled(root, 'core/dist/index.js')
  const trust = core.parseTrust(new Uint8Array(await readFile(join(data, 'trust.json'))))
  const evidenceOf = async (id) => {
    const answer = await fetch(`${caller.url}/v1/evidence/${id}`)
    if (!answer.ok) throw new Error(`evidence ${id}: ${answer.status} ${await answer.text()}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const proven = { seals: 0, deposits: 0 }
  for (const { job, end } of seals) {
    const headers = { authorization: `Bearer ${caller.token}` }
    const answer = await fetch(`${caller.url}/v1/documents/${job.document}/file`, { headers })
    const pdf = new Uint8Array(await answer.arrayBuffer())
    const evidence = [await evidenceOf(end.sealSignature)]
    const report = await core.verify({ pdf, evidence, trust, at: new Date() })
    if (report.outcome === 'passed' && report.signatures.length === 1) proven.seals++
  }
  for (const { job, key } of deposits) {
    const i = Number(key.split(' ')[1])
    const checks = job.deposits.map(async (id, n) => {
      const file = new Uint8Array(fileBytes(i, n))
      return core.verifyFile({ file, evidence: [await evidenceOf(id)], trust, at: new Date() })
    })
    proven.deposits += (await Promise.all(checks)).filter(({ code }) => code === 'DEPOSITED').length
  }
  return proven
}

/** The ledger recomputed and compared with the store, by the command. */
async function audit(root, data) {
  const args = ['audit', '--data', data, '--trust', join(data, 'trust.json'), '--json']
  const { code, stdout, stderr } = await cinnabar(root, args, { home: data })
  return { ok: code === 0, text: `${stdout}\n${stderr}`.trim().slice(0, 2000) }
}

function outcomeOf({ ends, log, proven, audit: audited, tally }) {
  const { entries, indices } = log
  const added = entries.slice(tally.entriesBefore)
  const uses = added.filter(({ kind }) => kind === 'sealSignature')
  const numbers = entries.flatMap(({ kind, seal, useNumber }) =>
    kind === 'sealSignature' && seal === 'contract' ? useNumber : [],
  )
  const recorded = added.filter(({ kind }) => kind === 'deposit')
  const commitments = entries.flatMap(({ commitment }) => commitment ?? [])
  const facts = {
    sealsAnchored: ends.seals.anchored === SEALS,
    depositsAnchored: ends.deposits.anchored === DEPOSITS,
    sealsOnce: uses.length === SEALS && uses.every(({ seal }) => seal === 'contract'),
    numbersWithoutGap: numbers.every((number, i) => number === i + 1),
    depositsOnce: recorded.length === DEPOSITS,
    noEntryTwice: new Set(commitments).size === commitments.length,
    indicesWithoutGap: indices.every((index, i) => index === i),
    sealsProven: proven.seals === SEALS,
    depositsProven: proven.deposits === DEPOSITS,
    auditPassed: audited.ok,
    wasUnderLoad: tally.underLoad >= KILLS / 2,
  }
  const times = [...tally.restarts].sort((a, b) => a - b)
  const at = (share) => Math.round(times[Math.floor((times.length - 1) * share)])
  const restart = `restart to ready median ${at(0.5)} ms, 90% ${at(0.9)} ms, most ${at(1)} ms`
  return {
    facts,
    measured: `${KILLS} kills, ${tally.underLoad} with requests open, ${tally.earlyKills} while it started, ${tally.broken} requests cut off; ${SEALS} seals and ${DEPOSITS} deposits acknowledged, ${uses.length} and ${recorded.length} recorded; ${restart}`,
    detail: [
      '| kills | seals acknowledged | deposits acknowledged | requests cut off | kills while starting | last restart |',
      '| --- | --- | --- | --- | --- | --- |',
      ...tally.rows,
      '',
      ...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
      `- how the jobs ended: ${JSON.stringify(ends)}`,
      `- first start with the demonstration's sample: ${Math.round(tally.firstReadyMs)} ms`,
      ...(audited.ok ? [] : [`\`\`\`\n${audited.text}\n\`\`\``]),
    ].join('\n'),
  }
}

function acknowledgedOf({ all }) {
  const done = (kind) => all.filter((task) => task.kind === kind && task.job !== undefined).length
  return `${done('seal')} seals and ${done('deposit') * LIST} deposits acknowledged`
}

function rowOf(kill, { all }, { broken, earlyKills, restarts }) {
  const done = (kind) => all.filter((task) => task.kind === kind && task.job !== undefined).length
  return `| ${kill} | ${done('seal')} | ${done('deposit') * LIST} | ${broken} | ${earlyKills} | ${Math.round(restarts.at(-1) ?? 0)} ms |`
}
