/** Uploads under way at once. */
const LANES = 4

/** A client of bulk jobs, as another system would write one. */
export function bulkClient({ url }, { token }) {
  const headers = { authorization: `Bearer ${token}` }
  const ask = async (method, path, body) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...headers, ...json }, ...(body && { body: JSON.stringify(body) }) }
    const answer = await fetch(`${url}${path}`, init)
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const put = async (job, number, bytes) => {
    const sent = { ...headers, 'content-type': 'application/pdf' }
    const path = `/v1/bulk-jobs/${job}/documents/${number}?name=${number}.pdf`
    const answer = await fetch(`${url}${path}`, { method: 'PUT', headers: sent, body: bytes })
    await answer.arrayBuffer()
    return answer.status
  }
  /** @param isEnough - told how many were acknowledged; after true nothing more is sent. @returns the acknowledged. */
  const upload = async (job, files, numbers, isEnough = () => false) => {
    const left = [...numbers]
    const sent = []
    let stopped = false
    const lane = async () => {
      for (let number = left.shift(); number !== undefined && !stopped; number = left.shift()) {
        const status = await put(job, number, files[number]).catch((error) => {
          if (!stopped) throw error
        })
        if (status === undefined) return
        if (status !== 201 && status !== 200) throw new Error(`document ${number}: ${status}`)
        sent.push(number)
        stopped ||= isEnough(sent.length)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    return sent
  }
  const list = async (job, query) => {
    const all = []
    for (let from = 0; from !== undefined; ) {
      const page = await (await ask('GET', `/v1/bulk-jobs/${job}/documents?from=${from}&limit=500${query}`)).json()
      all.push(...page.documents)
      from = page.next
    }
    return all
  }
  return {
    token,
    create: async (wish) => (await ask('POST', '/v1/bulk-jobs', wish)).json(),
    put,
    upload,
    missing: async (job) => (await list(job, '&state=missing')).map(({ number }) => number),
    start: async (job) => (await ask('POST', `/v1/bulk-jobs/${job}/start`)).json(),
    documents: (job) => list(job, ''),
    bytes: async (path) => new Uint8Array(await (await ask('GET', path)).arrayBuffer()),
    follow: (job, after, isEnough) => follow(`${url}/v1/bulk-jobs/${job}/events`, headers, { after, isEnough }),
  }
}

/** Reads server-sent events behind `after` until the job is over or enough have ended; again when the stream breaks. */
async function follow(address, headers, { after, isEnough }) {
  const ends = []
  let last = after
  for (const until = performance.now() + 300_000; performance.now() < until; ) {
    const stop = new AbortController()
    const answer = await fetch(address, { headers: { ...headers, 'last-event-id': String(last) }, signal: stop.signal })
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`)
    let text = ''
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const blocks = `${text}${chunk}`.split('\n\n')
      text = blocks.pop() ?? ''
      for (const { event, id, data } of blocks.map(fieldsOf)) {
        if (event === 'ended') return { ends, last }
        if (event !== 'document') continue
        last = Number(id)
        ends.push(JSON.parse(data).number)
      }
      if (!isEnough(ends.length)) continue
      stop.abort()
      return { ends, last }
    }
  }
  throw new Error('the bulk job does not end')
}

function fieldsOf(block) {
  return Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
}
