import { readFile } from 'node:fs/promises'
import { type GatewayDouble, gatewayDouble, json, problem, type Script } from '../../test/gateway-double'
import { newPlace, type Place, runCli } from '../../test/run-cli'

const TOKEN = 'eyJ-a-token-that-must-not-appear'
const MAKE = 'POST /v1/court-reports'
const JOB = 'GET /v1/jobs/j1'
const FILE = 'GET /v1/documents/d1/file'
const PDF = '%PDF-1.7 a sealed report'
const job = (state: string, more = {}) => ({ id: 'j1', state, sealSignature: 'a'.repeat(32), document: 'd1', ...more })

let place: Place
let gateway: GatewayDouble | undefined

beforeEach(async () => {
  place = await newPlace()
  await place.put('合同 1.pdf', 'the file reported on')
})
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
  await place.remove()
})

/** A gateway that makes reports, but for what is scripted otherwise. */
async function making(changes: Script = {}): Promise<string> {
  gateway = await gatewayDouble({
    [MAKE]: json(202, job('sealed')),
    [JOB]: [json(200, job('submitted')), json(200, job('anchored'))],
    [FILE]: { status: 200, type: 'application/pdf', body: PDF },
    ...changes,
  })
  return gateway.url
}

function report(url: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const args = ['report', '合同 1.pdf', '--seal', 'official', '-o', 'report.pdf', ...more]
  return runCli(place, args, { env: { CINNABAR_URL: url, CINNABAR_TOKEN: TOKEN, ...env } })
}

const written = () => readFile(place.path('report.pdf'), 'utf8').catch(() => undefined)
const routes = () => gateway?.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`)

describe('cinnabar report', () => {
  it('sends the file once, follows the seal of the report, and writes it when it is recorded', async () => {
    const { exit, out, err } = await report(await making())
    expect([exit, out, await written()]).toEqual([0, '', PDF])
    expect(routes()).toEqual([MAKE, JOB, JOB, FILE])
    const [{ path, body, headers }] = gateway?.seen ?? []
    expect(Object.fromEntries(new URLSearchParams(path.split('?')[1]))).toEqual({
      name: '合同 1.pdf',
      seal: 'official',
      wait: 'anchored',
    })
    expect([String(body), headers.authorization]).toEqual(['the file reported on', `Bearer ${TOKEN}`])
    expect(err).not.toContain(TOKEN)
  })

  it('names with --json what it made, and speaks Chinese where asked to', async () => {
    const { exit, out, err } = await report(await making(), ['--json'], { LANG: 'zh_CN.UTF-8' })
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ output: 'report.pdf', document: 'd1', job: 'j1' })
    expect(err).toMatch(/[\u4e00-\u9fff]/)
  })

  it.each([
    ['SEAL_UNKNOWN', { [MAKE]: problem(404, 'SEAL_UNKNOWN', 'there is no such seal') }],
    ['CHECK_TIMEOUT', { [MAKE]: problem(422, 'CHECK_TIMEOUT', 'the file takes too long') }],
    ['TSA_UNAVAILABLE', { [JOB]: json(200, job('failed', { code: 'TSA_UNAVAILABLE', detail: 'no answer' })) }],
    ['SEAL_SUSPENDED', { [JOB]: json(200, job('refused', { code: 'SEAL_SUSPENDED', detail: 'not now' })) }],
    ['GATEWAY_ANSWER_INVALID', { [MAKE]: json(202, { ...job('anchored'), document: undefined }) }],
  ] as const)('writes nothing on %s', async (code, changes) => {
    const { exit, err } = await report(await making(changes))
    expect([exit === 0, await written()]).toEqual([false, undefined])
    expect(err).toContain(`[${code}]`)
  })

  it('overwrites nothing unless told, and asks nobody before it knows', async () => {
    const url = await making()
    await place.put('report.pdf', 'mine')
    expect((await report(url)).err).toContain('[OUTPUT_EXISTS]')
    expect([routes(), await written()]).toEqual([[], 'mine'])
    expect((await report(url, ['--force'])).exit).toBe(0)
    expect(await written()).toBe(PDF)
  })

  it('needs a file that is there, a seal and somebody who asks', async () => {
    const url = await making()
    const env = { CINNABAR_URL: url, CINNABAR_TOKEN: TOKEN }
    const absent = await runCli(place, ['report', 'absent.pdf', '--seal', 's', '-o', 'report.pdf'], { env })
    expect([absent.exit, absent.err]).toEqual([66, expect.stringContaining('[FILE_NOT_FOUND]')])
    expect((await runCli(place, ['report', '合同 1.pdf', '-o', 'report.pdf'], { env })).exit).toBe(64)
    const stranger = await report(url, [], { CINNABAR_TOKEN: '' })
    expect([stranger.exit === 0, routes()]).toEqual([false, []])
  })
})
