import { digestOf, readEvidence, utf8, verifyFile } from '@cinnabar/core'
import { BUREAU, COURT, type HttpGateway, startHttpGateway } from '../../test/http-gateway'

let http: HttpGateway
beforeAll(async () => {
  http = await startHttpGateway()
  await http.enter('sealer', BUREAU, ['sealer'])
  await http.enter('auditor', BUREAU, ['auditor'])
  await http.enter('court', COURT, ['sealer'])
}, 60_000)
afterAll(() => http.close())
afterEach(() => {
  expect(http.breaches.splice(0)).toEqual([])
  expect(http.faults.splice(0)).toEqual([])
})

const FILE = utf8('minutes of the meeting')
const ask = (deposits: unknown, headers: Record<string, string> = {}, as = 'sealer') =>
  http.call('POST', '/v1/deposits?wait=anchored', { as, json: { deposits }, headers })
const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code]

describe('deposits through HTTP', () => {
  it('are recorded and proven to a stranger, and found again by the file', async () => {
    const answer = await ask([{ digest: digestOf(FILE), name: '纪要.txt' }])
    const job = await answer.json()
    expect([answer.status, job.state, job.counts]).toEqual([200, 'anchored', { anchored: 1 }])
    const found = await http.call('GET', `/v1/deposits?digest=${digestOf(FILE)}`, { as: 'auditor' })
    const [deposit] = (await found.json()).deposits
    expect(deposit).toMatchObject({
      id: job.deposits[0].id,
      name: '纪要.txt',
      state: 'anchored',
      requestedBy: 'sealer',
    })
    expect(Object.keys(deposit.times)).toEqual(['received', 'timestamped', 'submitted', 'anchored'])
    const evidence = new Uint8Array(await (await http.call('GET', deposit.evidence)).arrayBuffer())
    expect(readEvidence(evidence).deposits).toHaveLength(1)
    const { trust } = http.deps
    const request = { file: FILE, evidence: [evidence], at: http.clock.now(), ...(trust && { trust }) }
    expect(await verifyFile(request)).toMatchObject({ outcome: 'passed', code: 'DEPOSITED' })
  })

  it('are judged by the service for who knows the id, and by no digest', async () => {
    const { deposits } = await (await ask([{ digest: digestOf(FILE) }])).json()
    const judged = async (query: string, bytes = FILE) =>
      (await http.call('POST', `/v1/verifications${query}`, { bytes, type: 'text/plain' })).json()
    const id = `?deposit=${deposits[0].id}`
    expect(await judged(id)).toMatchObject({ outcome: 'passed', code: 'DEPOSITED' })
    expect(await judged(id, utf8('other'))).toMatchObject({ outcome: 'failed', code: 'DEPOSIT_MISMATCH' })
    const missing = { outcome: 'indeterminate', code: 'DEPOSIT_EVIDENCE_MISSING' }
    expect(await judged('')).toMatchObject(missing)
    expect(await judged(`?deposit=${'0'.repeat(32)}`)).toMatchObject(missing)
  })

  it('are listed by request, newest first, to their own institution', async () => {
    const list = async (query: string, as = 'auditor') =>
      (await http.call('GET', `/v1/deposit-jobs?${query}`, { as })).json()
    const files = [{ digest: digestOf(utf8('listed')), name: 'listed.txt' }, { digest: digestOf(utf8('also')) }]
    http.clock.set('2026-11-22T03:05:00Z')
    const { id } = await (await ask(files)).json()
    const first = await list('limit=1')
    expect(first.jobs).toMatchObject([{ id, count: 2, state: 'anchored', requestedBy: 'sealer', name: 'listed.txt' }])
    const rest = await list(`limit=100&cursor=${first.next}`)
    expect(rest.jobs).toHaveLength(2)
    expect(rest.jobs.map((job: { id: string }) => job.id)).not.toContain(id)
    expect((await list('from=2026-11-22T03:05:00Z')).jobs).toHaveLength(1)
    expect(await list('', 'court')).toEqual({ jobs: [] })
  })

  it('are told page by page', async () => {
    const deposits = Array.from({ length: 7 }, (_, i) => ({ digest: digestOf(utf8(`page ${i}`)) }))
    const { id } = await (await ask(deposits)).json()
    const page = async (query: string) =>
      (await http.call('GET', `/v1/deposit-jobs/${id}/deposits?${query}`, { as: 'sealer' })).json()
    const first = await page('limit=4')
    expect([first.count, first.from, first.next]).toEqual([7, 0, 4])
    const rest = await page('from=4&limit=4')
    expect(rest.next).toBeUndefined()
    const lines: { digest: string }[] = [...first.deposits, ...rest.deposits]
    expect(lines.map(({ digest }) => digest)).toEqual(deposits.map(({ digest }) => digest))
  })

  it('are taken once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'one' }
    const deposits = [{ digest: digestOf(utf8('once')) }]
    const [first, second] = [await (await ask(deposits, headers)).json(), await (await ask(deposits, headers)).json()]
    expect(second.deposits).toEqual(first.deposits)
    expect(await codeOf(await ask([...deposits, ...deposits], headers))).toEqual([409, 'IDEMPOTENCY_KEY_REUSED'])
  })

  it('tell strangers nothing: neither by the digest, nor of ids and jobs', async () => {
    const { id, deposits } = await (await ask([{ digest: digestOf(utf8('secret')) }])).json()
    const asCourt = (path: string) => http.call('GET', path, { as: 'court' })
    expect(await (await asCourt(`/v1/deposits?digest=${digestOf(utf8('secret'))}`)).json()).toEqual({ deposits: [] })
    expect(await codeOf(await asCourt(`/v1/deposits/${deposits[0].id}`))).toEqual([404, 'DEPOSIT_UNKNOWN'])
    expect(await codeOf(await asCourt(`/v1/deposit-jobs/${id}`))).toEqual([404, 'JOB_UNKNOWN'])
    expect(await codeOf(await http.call('GET', `/v1/deposits?digest=${digestOf(FILE)}`))).toEqual([
      401,
      'LOGIN_REQUIRED',
    ])
  })

  it('are refused without the role, without a digest, in a list that is empty or too long', async () => {
    const deposits = [{ digest: digestOf(FILE) }]
    expect(await codeOf(await ask(deposits, {}, 'auditor'))).toEqual([403, 'ROLE_REQUIRED'])
    const invalid = [400, 'REQUEST_INVALID']
    expect(await codeOf(await ask([]))).toEqual(invalid)
    expect(await codeOf(await ask([{ digest: 'sha256:AB' }]))).toEqual(invalid)
    expect(await codeOf(await ask([{ digest: deposits[0]?.digest, name: 'a\nb' }]))).toEqual(invalid)
    const many = Array.from({ length: 10_001 }, () => ({ digest: digestOf(FILE) }))
    expect(await codeOf(await ask(many))).toEqual(invalid)
    const large = [{ digest: digestOf(FILE), name: 'x'.repeat(9 << 20) }]
    expect(await codeOf(await ask(large))).toEqual([413, 'BODY_TOO_LARGE'])
  })
})
