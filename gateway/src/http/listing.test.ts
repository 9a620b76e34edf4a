import { CONTRACT } from '../../test/embedded-gateway'
import { BUREAU, COURT, type HttpGateway, startHttpGateway } from '../../test/http-gateway'

let http: HttpGateway
const documents: string[] = []
const NAMES = ['lease 1.pdf', 'lease 2.pdf', '合同.pdf', 'note.pdf']

beforeAll(async () => {
  http = await startHttpGateway()
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('court', COURT, ['sealer'])
  for (const [i, name] of NAMES.entries()) {
    http.clock.set(`2026-11-22T03:0${i}:00Z`)
    documents.push(await upload(name))
  }
  await upload('theirs.pdf', { as: 'court' })
}, 120_000)
afterAll(() => http.close())
afterEach(() => {
  expect(http.breaches.splice(0)).toEqual([])
})

const answerOf = async (path: string, as = 'sealer') => (await http.call('GET', path, { as })).json()
const post = (name: string, more: { as?: string; key?: string; bytes?: Uint8Array } = {}) =>
  http.call('POST', `/v1/documents?name=${encodeURIComponent(name)}`, {
    as: more.as ?? 'sealer',
    bytes: more.bytes ?? CONTRACT,
    ...(more.key !== undefined && { headers: { 'Idempotency-Key': more.key } }),
  })
const upload = async (name: string, more: Parameters<typeof post>[1] = {}): Promise<string> =>
  (await (await post(name, more)).json()).id

async function pages(path: string, member: string): Promise<readonly (readonly string[])[]> {
  const found: string[][] = []
  for (let cursor = ''; ; ) {
    const page = await answerOf(`${path}${cursor}`)
    found.push(page[member].map(({ id }: { id: string }) => id))
    if (page.next === undefined) return found
    cursor = `&cursor=${page.next}`
  }
}

describe('lists', () => {
  it('give own documents, newest first, page by page, each once', async () => {
    const newest = [...documents].reverse()
    expect((await answerOf('/v1/documents')).documents.map(({ id }: { id: string }) => id)).toEqual(newest)
    expect(await pages('/v1/documents?limit=3', 'documents')).toEqual([newest.slice(0, 3), newest.slice(3)])
    expect(await pages('/v1/documents?limit=2', 'documents')).toEqual([newest.slice(0, 2), newest.slice(2)])
  })

  it('give the documents of a name, a file, a time', async () => {
    const idsOf = async (query: string) => (await pages(`/v1/documents?${query}`, 'documents')).flat()
    expect(await idsOf('name=lease')).toEqual([documents[1], documents[0]])
    expect(await idsOf('name=lease&limit=1')).toEqual([documents[1], documents[0]])
    expect(await idsOf('from=2026-11-22T03:01:00Z&to=2026-11-22T03:03:00Z')).toEqual([documents[2], documents[1]])
    const { sha256 } = await answerOf(`/v1/documents/${documents[0]}`)
    expect(await idsOf(`sha256=${sha256}`)).toHaveLength(4)
    expect(await idsOf(`sha256=${'0'.repeat(64)}`)).toEqual([])
  })

  it('give jobs by state, document and seal', async () => {
    const [document, other] = documents
    for (const [at, seal] of [
      [document, 'official'],
      [other, 'contract'],
    ]) {
      await http.call('POST', `/v1/documents/${at}/seal-signatures?wait=anchored`, { as: 'sealer', json: { seal } })
    }
    const idsOf = async (query: string) => (await answerOf(`/v1/jobs?${query}`)).jobs
    expect(await idsOf('state=anchored')).toHaveLength(2)
    expect(await idsOf('state=failed')).toEqual([])
    expect(await idsOf('seal=contract')).toMatchObject([{ document: other, seal: 'contract' }])
    expect(await idsOf(`document=${document}&requestedBy=sealer`)).toMatchObject([{ document }])
    expect((await answerOf('/v1/jobs', 'court')).jobs).toEqual([])
  })

  it('give entries of a kind and of a seal with their indices, and seals of a kind', async () => {
    const log = (query: string) => answerOf(`/v1/institutions/${BUREAU}/log?${query}`)
    const [all, used, one] = [await log(''), await log('kind=sealSignature'), await log('seal=contract')]
    expect(used.entries).toEqual(used.indices.map((index: number) => all.entries[index]))
    expect([used.entries.length, one.entries.length, one.entries[0].seal]).toEqual([2, 1, 'contract'])
    const second = await log(`kind=sealSignature&limit=1&cursor=${(await log('kind=sealSignature&limit=1')).next}`)
    expect(second.indices).toEqual([used.indices[1]])
    const newest = await log('order=descending&limit=2')
    expect(newest.indices).toEqual([all.size - 1, all.size - 2])
    const older = await log(`order=descending&cursor=${newest.next}`)
    expect([...newest.entries, ...older.entries]).toEqual([...all.entries].reverse())
    const uses = await log(`order=descending&kind=sealSignature&limit=1`)
    expect((await log(`order=descending&kind=sealSignature&cursor=${uses.next}`)).indices).toEqual([used.indices[0]])
    expect((await answerOf('/v1/seals?kind=contract')).seals).toMatchObject([{ id: 'contract' }])
    expect(await pages('/v1/seals?limit=1', 'seals')).toEqual([['contract'], ['official']])
  })

  it('give the heads of a log down to its first append, and who attests the present one', async () => {
    const log = `/v1/institutions/${BUREAU}/log`
    const { size, root } = await answerOf(log)
    const first = await answerOf(`${log}/heads?limit=2`)
    const rest = await answerOf(`${log}/heads?limit=200&cursor=${first.next}`)
    const all: { from: number; size: number; root: string }[] = [...first.heads, ...rest.heads]
    expect([first.heads.length, rest.next]).toEqual([2, undefined])
    expect(all[0]).toMatchObject({ size, root })
    expect(all.map((head) => head.from)).toEqual([...all.slice(1).map((head) => head.size), 0])
    const attested = await answerOf(`${log}/attested-head`)
    expect(attested).toMatchObject({ institution: BUREAU, size, root, attestations: [{ kind: 'node' }] })
    for (const path of ['heads', 'attested-head']) {
      expect(await answerOf(`${log}/${path}`, 'court')).toMatchObject({ code: 'INSTITUTION_NOT_YOURS' })
    }
  })

  it.each(['documents?limit=0', 'documents?limit=x', 'jobs?state=done', 'documents?nam=a', 'jobs?limit=1&limit=2'])(
    'refuse %s',
    async (path) => {
      expect(await answerOf(`/v1/${path}`)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    },
  )
})

describe('an Idempotency-Key with an upload', () => {
  it('gives the same document again, also of requests at once', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => upload('one.pdf', { key: 'k' })))
    expect(new Set([...ids, await upload('one.pdf', { key: 'k' })]).size).toBe(1)
    expect((await answerOf('/v1/documents?name=one.pdf')).documents).toHaveLength(1)
    expect(await upload('one.pdf')).not.toBe(ids[0])
  })

  it('is each user’s own', async () => {
    expect(await upload('one.pdf', { key: 'k', as: 'court' })).not.toBe(await upload('one.pdf', { key: 'k' }))
  })

  it('is refused for another file, another name, another kind of request', async () => {
    const refused = { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' }
    expect(await (await post('two.pdf', { key: 'k' })).json()).toMatchObject(refused)
    const bytes = new Uint8Array([...CONTRACT, 10])
    expect(await (await post('one.pdf', { key: 'k', bytes })).json()).toMatchObject(refused)
    const headers = { 'Idempotency-Key': 'k' }
    const path = `/v1/documents/${documents[3]}/seal-signatures`
    const sealed = await http.call('POST', path, { as: 'sealer', json: { seal: 'official' }, headers })
    expect(await sealed.json()).toMatchObject(refused)
  })
})
