import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { request as open } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import { compiled } from '../lib/dist.mjs'

export const line = 4
export const title =
  'A 200 MB file and one of 500 pages sealed within 450 MB of memory; 64 slow uploads at once do not delay others; bombs, too large, too often and disguised files are refused plainly'

const MB = 1 << 20
const LARGE_BYTES = 200 * MB
const MAX_PDF_BYTES = 210 * MB
const MEMORY_BYTES = 450 * MB
const SLOW = 64
const SAMPLES = 30

export async function run({ root, scratch, say }) {
  const shop = await shopOf({ root, scratch, say })
  const facts = {}
  const rows = []
  await memory(shop, facts, rows)
  await slowUploads(shop, facts, rows)
  await refusals(shop, facts, rows)
  await limits(shop, facts, rows)
  const wrong = Object.keys(facts).filter((name) => !facts[name])
  return {
    ok: wrong.length === 0,
    measured:
      [...rows.filter(({ main }) => main).map(({ what, text }) => `${what}: ${text}`)].join('; ') +
      (wrong.length > 0 ? `; not: ${wrong.join(', ')}` : ''),
    detail: [
      'Memory is VmRSS of the service and every process that it started, added up every 20 ms; pages that several share count in each.',
      '',
      '| what | measured |',
      '| --- | --- |',
      ...rows.map(({ what, text }) => `| ${what} | ${text} |`),
      '',
      ...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
    ].join('\n'),
  }
}

async function shopOf({ root, scratch, say }) {
  const service = await compiled(root, 'bench/dist/proof/service.js')
  const client = await compiled(root, 'bench/dist/proof/client.js')
  const watch = await compiled(root, 'bench/dist/proof/memory.js')
  const { writeLargePdf } = await compiled(root, 'bench/dist/proof/large-pdf.js')
  const core = await compiled(root, 'core/dist/index.js')
  const contract = new Uint8Array(await readFile(join(root, 'fixtures/contracts/en-service-agreement.pdf')))
  const start = (name, env) =>
    service.startService({
      root,
      data: join(scratch, name),
      env: { CINNABAR_MAX_PDF_BYTES: String(MAX_PDF_BYTES), ...env },
    })
  return { ...client, ...watch, core, contract, scratch, say, start, writeLargePdf }
}

/** Each large file on a fresh service, so that one's memory is not the other's. */
async function memory(shop, facts, rows) {
  for (const { name, pages, bytes } of [
    { name: '200 MB, 500 pages', pages: 500, bytes: LARGE_BYTES },
    { name: '500 pages of 40 KB', pages: 500, bytes: 20 * MB },
  ]) {
    shop.say(name)
    const path = join(shop.scratch, `${pages}-${bytes}.pdf`)
    await shop.writeLargePdf(path, { pages, bytes })
    const service = await shop.start(`memory ${bytes}`)
    try {
      const before = sum(await shop.residentOf(service.pid))
      const sealed = `${path}.sealed`
      const began = performance.now()
      const { result, memory: seen } = await shop.peakMemory(service.pid, () => sealFile(shop, service, path, sealed))
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      const parts = [...seen.parts.values()].map((one) => mb(one)).join(' + ')
      facts[`${name}: sealed`] = result.state === 'anchored' && (await startsWith(sealed, path))
      facts[`${name}: within 450 MB`] = seen.peakBytes <= MEMORY_BYTES
      rows.push({
        main: true,
        what: `${name} (${mb((await stat(path)).size)} MB) uploaded, sealed, fetched`,
        text: `${seconds} s, peak ${mb(seen.peakBytes)} MB (${parts}), idle ${mb(before)} MB, ${seen.looks} looks`,
      })
      const judged = await shop.peakMemory(service.pid, () => verifyThere(service, sealed))
      facts[`${name}: verified by the service`] = judged.result.outcome === 'passed'
      rows.push({
        what: `${name} verified by the service`,
        text: `${judged.result.outcome}, peak ${mb(judged.memory.peakBytes)} MB`,
      })
      facts[`${name}: verified offline`] = (await verifyHere(shop, service, sealed, result)) === 'passed'
    } finally {
      await service.stop()
    }
  }
}

const sum = (parts) => [...parts.values()].reduce((a, b) => a + b, 0)
const mb = (bytes) => Math.round(bytes / MB)

async function sealFile(shop, service, path, out) {
  const user = await shop.logIn(service, 'bureau')
  const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/pdf' }
  const uploaded = await send(`${service.url}/v1/documents?name=large.pdf`, { headers, path })
  if (uploaded.status !== 201) throw new Error(`${uploaded.status} ${uploaded.text}`)
  const { id } = JSON.parse(uploaded.text)
  const job = await user.seal(id, { seal: 'contract' })
  const file = await fetch(`${service.url}/v1/documents/${id}/file`, {
    headers: { authorization: headers.authorization },
  })
  await pipeline(file.body, createWriteStream(out))
  return job
}

/** @returns status and text of the answer, however early it comes. */
function send(url, { method = 'POST', headers, path, body }) {
  return new Promise((resolve, reject) => {
    const sent = open(url, { method, headers }, async (answer) => {
      let text = ''
      for await (const piece of answer.setEncoding('utf8')) text += piece
      resolve({ status: answer.statusCode, headers: answer.headers, text })
    })
    sent.once('error', reject)
    if (path === undefined) sent.end(body)
    else
      stat(path).then(({ size }) => {
        sent.setHeader('content-length', size)
        createReadStream(path, { highWaterMark: MB }).pipe(sent)
      }, reject)
  })
}

async function startsWith(longer, shorter) {
  const [a, b] = await Promise.all(
    [shorter, longer].map(async (path) => {
      const hash = createHash('sha256')
      for await (const piece of createReadStream(path, { end: (await stat(shorter)).size - 1 })) hash.update(piece)
      return hash.digest('hex')
    }),
  )
  return a === b && (await stat(longer)).size > (await stat(shorter)).size
}

async function verifyThere(service, path) {
  const { text } = await send(`${service.url}/v1/verifications`, {
    headers: { 'content-type': 'application/pdf' },
    path,
  })
  return JSON.parse(text)
}

async function verifyHere({ core, fetchEvidence }, service, path, _job) {
  const pdf = new Uint8Array(await readFile(path))
  const trust = core.parseTrust(new Uint8Array(await readFile(join(service.data, 'trust.json'))))
  const report = await core.verify({ pdf, evidence: [await fetchEvidence(service, pdf)], trust, at: new Date() })
  return report.outcome
}

/** The time of sealing, from the upload to the anchored answer, with and without slow senders. */
async function slowUploads(shop, facts, rows) {
  shop.say(`${SLOW} slow uploads`)
  const service = await shop.start('slow', { CINNABAR_IDLE_TIMEOUT_MS: '2000', CINNABAR_REQUEST_TIMEOUT_MS: '60000' })
  try {
    const [user, slow] = [await shop.logIn(service, 'bureau'), await shop.logIn(service, 'yuanhang')]
    await sealTimes(user, shop.contract, 5)
    const alone = await sealTimes(user, shop.contract, SAMPLES)
    const senders = Array.from({ length: SLOW }, () => slowSender(service, slow.token))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const beside = await sealTimes(user, shop.contract, SAMPLES)
    facts['all slow uploads were under way'] = senders.every(({ ended }) => ended() === undefined)
    facts['slow uploads delay nobody'] = median(beside) < 1.5 * median(alone) + 10
    const text = (times) => `median ${median(times).toFixed(1)} ms, 90% ${at(times, 0.9).toFixed(1)} ms`
    rows.push({
      main: true,
      what: `sealing beside ${SLOW} slow uploads`,
      text: `${text(beside)}; without: ${text(alone)}`,
    })
    for (const one of senders) one.pause()
    await new Promise((resolve) => setTimeout(resolve, 4000))
    facts['who pauses is told so and cut off'] = senders.every(({ ended }) =>
      /^HTTP\/1\.1 408 [\s\S]*BODY_TOO_SLOW/.test(ended() ?? ''),
    )
    for (const one of senders) one.stop()
  } finally {
    await service.stop()
  }
}

const at = (times, share) => [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]
const median = (times) => at(times, 0.5)

async function sealTimes(user, pdf, count) {
  const times = []
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    await user.seal(await user.upload(pdf, 'contract.pdf'), { seal: 'contract' })
    times.push(performance.now() - began)
  }
  return times
}

/** Sends four bytes a second of a megabyte. */
function slowSender(service, token) {
  const { port, hostname } = new URL(service.url)
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  let answer
  socket.on('data', (text) => (answer = (answer ?? '') + text))
  socket.on('error', () => (answer ??= 'cut off'))
  socket.write(
    `POST /v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/pdf\r\nContent-Length: ${MB}\r\n\r\n%PDF-1.7`,
  )
  const timer = setInterval(() => socket.write('abcd'), 1000)
  return {
    ended: () => answer,
    pause: () => clearInterval(timer),
    stop: () => {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

/** What must not get in: too large, bombs, and files that are not what they say. */
async function refusals(shop, facts, rows) {
  shop.say('bombs, too large, disguised')
  const service = await shop.start('refusals', { CINNABAR_MAX_PDF_BYTES: String(32 * MB) })
  try {
    const user = await shop.logIn(service, 'bureau')
    const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/pdf' }
    const url = `${service.url}/v1/documents`
    const code = ({ status, text }) => `${status} ${JSON.parse(text).code}`
    const early = await announced(service, headers, 300 * MB)
    facts['too large: refused before a byte of it is sent'] =
      early.answer.includes(' 413 ') && early.answer.includes('BODY_TOO_LARGE') && early.bodyBytes === 0
    rows.push({
      what: '300 MB announced, limit 32 MB',
      text: `413 after ${early.ms.toFixed(0)} ms, ${early.bodyBytes} bytes of it sent`,
    })
    const endless = await unannounced(service, headers)
    facts['too large without saying so: refused at the limit'] =
      endless.answer.includes(' 413 ') && endless.sent < 64 * MB
    rows.push({ what: 'endless chunks, limit 32 MB', text: `413 after ${mb(endless.sent)} MB were sent` })
    const before = sum(await shop.residentOf(service.pid))
    for (const [name, pdf] of Object.entries(bombs())) {
      const began = performance.now()
      const { result, memory: seen } = await shop.peakMemory(service.pid, () => send(url, { headers, body: pdf }))
      const text = code(result)
      facts[`bomb ${name}: refused`] = result.status === 422
      facts[`bomb ${name}: takes no memory`] = seen.peakBytes - before < 300 * MB
      const there = await send(`${service.url}/v1/verifications`, {
        headers: { 'content-type': 'application/pdf' },
        body: pdf,
      })
      facts[`bomb ${name}: never passes`] = there.status === 422 || JSON.parse(there.text).outcome !== 'passed'
      rows.push({
        what: `bomb ${name}, ${pdf.length} bytes`,
        text: `${text} in ${(performance.now() - began).toFixed(0)} ms, peak ${mb(seen.peakBytes)} MB`,
      })
    }
    const zipped = gzipSync(shop.contract)
    facts['a compressed body is refused'] =
      code(await send(url, { headers: { ...headers, 'content-encoding': 'gzip' }, body: zipped })) ===
      '415 MEDIA_TYPE_UNSUPPORTED'
    const list = gzipSync(Buffer.alloc(200 * MB, ' '))
    const listed = await send(`${service.url}/v1/deposits`, {
      headers: { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: list,
    })
    facts['a compressed list that unfolds to 200 MB is refused'] = listed.status === 413 || listed.status === 415
    await disguises({ ...shop, service, user, headers, url, code }, facts)
  } finally {
    await service.stop()
  }
}

/** Asks before it sends, as curl does. */
function announced(service, headers, bytes) {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(service.url)
    const began = performance.now()
    const socket = connect(Number(port), hostname).setEncoding('latin1')
    socket.once('error', reject)
    socket.once('data', (answer) => {
      resolve({ answer, ms: performance.now() - began, bodyBytes: 0 })
      socket.destroy()
    })
    const lines = [...Object.entries(headers), ['content-length', bytes], ['expect', '100-continue'], ['host', 'x']]
    socket.write(`POST /v1/documents HTTP/1.1\r\n${lines.map((one) => one.join(': ')).join('\r\n')}\r\n\r\n`)
  })
}

function unannounced(service, headers) {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    let sent = 0
    let answer = ''
    socket.on('data', (text) => (answer += text.toString('latin1')))
    socket.once('close', () => resolve({ answer, sent }))
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined))
    const lines = [...Object.entries(headers), ['transfer-encoding', 'chunked'], ['host', 'x']]
    socket.write(`POST /v1/documents HTTP/1.1\r\n${lines.map((one) => one.join(': ')).join('\r\n')}\r\n\r\n`)
    const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MB), Buffer.from('\r\n')])
    const more = () => {
      if (answer !== '' || socket.destroyed) return socket.end()
      sent += MB
      socket.write(piece, () => setImmediate(more))
    }
    more()
  })
}

/** Small files that unfold to a gigabyte where a reader is careless. */
function bombs() {
  const zeros = deflateSync(Buffer.alloc(1024 * MB), { level: 9 })
  const twice = deflateSync(zeros, { level: 9 })
  const objectStream = (filter, data) =>
    pdfOf([
      '<</Type /Catalog /Pages 2 0 R>>',
      '<</Type /Pages /Count 1 /Kids [3 0 R]>>',
      '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>',
      [`/Type /ObjStm /N 1 /First 4 /Filter ${filter}`, data],
    ])
  const page = pdfOf([
    '<</Type /Catalog /Pages 2 0 R>>',
    `<</Type /Pages /Count 1 /Kids [${'3 0 R '.repeat(100_000)}]>>`,
    '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>',
  ])
  return {
    'object stream': objectStream('/FlateDecode', zeros),
    'object stream, packed twice': objectStream('[/FlateDecode /FlateDecode]', twice),
    'page tree that repeats one page': page,
    'cross-reference stream': xrefBomb(zeros),
  }
}

/** A file with a cross-reference stream. */
function pdfOf(objects) {
  const pieces = [Buffer.from('%PDF-1.7\n')]
  const offsets = []
  let at = pieces[0].length
  const add = (piece) => {
    const bytes = Buffer.from(piece)
    pieces.push(bytes)
    at += bytes.length
  }
  for (const [i, object] of objects.entries()) {
    offsets.push(at)
    if (typeof object === 'string') add(`${i + 1} 0 obj\n${object}\nendobj\n`)
    else {
      add(`${i + 1} 0 obj\n<<${object[0]} /Length ${object[1].length}>>\nstream\n`)
      add(object[1])
      add('\nendstream\nendobj\n')
    }
  }
  // The object after the last one lies, it says, in that one, a stream, which must be unfolded to read it.
  const hidden = typeof objects.at(-1) === 'string' ? [] : [[2, objects.length, 0]]
  const own = objects.length + hidden.length + 1
  const rows = [[0, 0, 65535], ...offsets.map((offset) => [1, offset, 0]), ...hidden, [1, at, 0]]
  const data = Buffer.concat(
    rows.map(([type, a, b]) =>
      Buffer.from([type, a >>> 24, (a >>> 16) & 255, (a >>> 8) & 255, a & 255, b >>> 8, b & 255]),
    ),
  )
  const start = at
  add(`${own} 0 obj\n<</Type /XRef /Size ${own + 1} /W [1 4 2] /Root 1 0 R /Length ${data.length}>>\nstream\n`)
  add(data)
  add(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`)
  return Buffer.concat(pieces)
}

function xrefBomb(data) {
  const head = Buffer.from('%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 1 0 R>>\nendobj\n')
  return Buffer.concat([
    head,
    Buffer.from(
      `2 0 obj\n<</Type /XRef /Size 150000000 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length ${data.length}>>\nstream\n`,
    ),
    data,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`),
  ])
}

/** Files that say that they are PDF, and what comes back of those that are. */
async function disguises({ service, user, headers, url, code, contract, fetchEvidence }, facts) {
  const html = '<!doctype html><script>alert(document.cookie)</script>'
  for (const [name, body] of Object.entries({ HTML: html, ZIP: 'PK\x03\x04', program: '\x7fELF', empty: '' })) {
    const answer = code(await send(url, { headers, body }))
    facts[`${name} that says it is PDF: refused`] = ['422 PDF_NOT_PDF', '422 PDF_EMPTY'].includes(answer)
  }
  facts['a PDF that says it is HTML: refused'] =
    code(await send(url, { headers: { ...headers, 'content-type': 'text/html' }, body: contract })) ===
    '415 MEDIA_TYPE_UNSUPPORTED'
  const both = Buffer.concat([contract, Buffer.from(`% ${html}\n`)])
  const name = encodeURIComponent('evil.html";x=.html')
  const taken = await send(`${url}?name=${name}`, { headers, body: contract })
  const { id } = JSON.parse(taken.text)
  await user.seal(id, { seal: 'contract' })
  const file = await fetch(`${url}/${id}/file`, { headers: { authorization: headers.authorization } })
  const pdf = new Uint8Array(await file.arrayBuffer())
  const mixed = await send(url, { headers, body: both })
  const zip = await fetch(`${service.url}/v1/documents/${id}`, { headers: { authorization: headers.authorization } })
  await fetchEvidence(service, pdf)
  facts['what comes back is a PDF to be saved, whatever its name'] =
    file.headers.get('content-type') === 'application/pdf' &&
    file.headers.get('x-content-type-options') === 'nosniff' &&
    /^attachment; filename\*=UTF-8''[\w.%!'()*~-]+$/.test(file.headers.get('content-disposition') ?? '')
  facts['no answer of the API is HTML'] =
    [taken, mixed].every((one) => !/html/.test(one.headers['content-type'])) &&
    !/html/.test(zip.headers.get('content-type'))
  facts['script and type guesses are forbidden on every answer'] =
    /default-src 'none'/.test(file.headers.get('content-security-policy') ?? '') &&
    zip.headers.get('x-content-type-options') === 'nosniff'
}

/** Too often, and too much at once. */
async function limits(shop, facts, rows) {
  shop.say('rate and concurrency')
  const env = {
    CINNABAR_USER_REQUESTS_PER_MINUTE: '120',
    CINNABAR_STRANGER_REQUESTS_PER_MINUTE: '60',
    CINNABAR_REQUESTS_AT_ONCE: '4',
  }
  const service = await shop.start('limits', env)
  try {
    const [user, other] = [await shop.logIn(service, 'bureau'), await shop.logIn(service, 'yuanhang')]
    const me = (token) => fetch(`${service.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    const inTurn = async (ask, most) => {
      for (let i = 1; i <= most; i++) {
        const answer = await ask()
        if (answer.status !== 200) return { i, answer, problem: await answer.json() }
        await answer.arrayBuffer()
      }
      return { i: most }
    }
    const often = await inTurn(() => me(user.token), 60)
    const wait = Number(often.answer?.headers.get('retry-after'))
    facts['too often: 429 that says how long to wait'] =
      often.answer?.status === 429 && often.problem.code === 'RATE_LIMITED' && wait >= 1
    facts['another user goes on'] = (await me(other.token)).status === 200
    await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 100))
    facts['after that time it goes on'] = (await me(user.token)).status === 200
    rows.push({ what: 'user at 120 a minute', text: `refused at request ${often.i}, Retry-After ${wait} s` })
    const strangers = await inTurn(() => fetch(`${service.url}/v1/trust`), 40)
    facts['a stranger, too: 429'] = strangers.answer?.status === 429 && strangers.answer.headers.has('retry-after')
    facts['users at that address go on'] = (await me(other.token)).status === 200
    const slow = Array.from({ length: 4 }, () => slowSender(service, other.token))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const fifth = await me(other.token)
    facts['too many at once: 429'] =
      fifth.status === 429 && (await fifth.json()).code === 'TOO_MANY_AT_ONCE' && fifth.headers.has('retry-after')
    for (const one of slow) one.stop()
    await new Promise((resolve) => setTimeout(resolve, 1100))
    facts['once they have ended it goes on'] = (await me(other.token)).status === 200
  } finally {
    await service.stop()
  }
}
