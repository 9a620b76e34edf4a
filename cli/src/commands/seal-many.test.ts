import { readdir, readFile, writeFile } from 'node:fs/promises'
import { utf8 } from '@cinnabar/core'
import { contractPdf, sealPdf } from '../../../core/src/testing/sealed-sample'
import { newWorld } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, json, problem, type Script, type Seen } from '../../test/gateway-double'
import { newPlace, type Place, type RunOptions, runCli } from '../../test/run-cli'

const COUNT = 3
const JOB = '/v1/bulk-jobs/b1'
const originals = Array.from({ length: COUNT }, (_, i) => new Uint8Array([...contractPdf(), ...utf8(`%${i}\n`)]))
let sealed: { readonly pdf: Uint8Array; readonly id: string }[]
let place: Place
let gateway: GatewayDouble | undefined
/** Documents that the double has, by number; it seals them when it is started. */
let uploads: Map<number, Uint8Array>
let state: string

beforeAll(async () => {
  const world = await newWorld()
  sealed = await Promise.all(
    originals.map(async (original) => {
      const { pdf, opening } = await sealPdf(world, original, world.bureau)
      return { pdf, id: opening.id }
    }),
  )
})
beforeEach(async () => {
  place = await newPlace()
  uploads = new Map()
  state = 'open'
  for (const [i, original] of originals.entries()) await place.put(`in/${i === 2 ? 'sub/' : ''}${i}.pdf`, original)
})
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
  await place.remove()
})

const job = () => ({ id: 'b1', state, counts: { received: uploads.size } })

function lineOf(number: number) {
  if (!uploads.has(number)) return { number, state: 'missing' }
  const more = { document: `d${number}`, job: `j${number}`, sealSignature: sealed[number]?.id }
  return state === 'open' ? { number, state: 'received' } : { number, state: 'anchored', ...more }
}

function linesFor({ path }: Seen) {
  const wanted = new URL(path, 'http://x').searchParams.get('state')
  const documents = originals.map((_, i) => lineOf(i)).filter((one) => wanted === null || one.state === wanted)
  return json(200, { count: COUNT, documents })
}

function begin() {
  state = 'ended'
  return json(202, job())
}

/** A gateway that seals in bulk, but for what is scripted otherwise. */
async function sealing(changes: Script = {}): Promise<void> {
  const script: Record<string, Script[string]> = {
    'POST /v1/bulk-jobs': () => json(201, job()),
    [`GET ${JOB}`]: () => json(200, job()),
    [`GET ${JOB}/documents`]: linesFor,
    [`POST ${JOB}/start`]: begin,
  }
  for (const number of originals.keys()) {
    script[`PUT ${JOB}/documents/${number}`] = ({ body }) => {
      uploads.set(number, new Uint8Array(body))
      return json(201, lineOf(number))
    }
    script[`GET /v1/documents/d${number}/file`] = () => ({ status: 200, body: sealed[number]?.pdf ?? '' })
  }
  gateway = await gatewayDouble({ ...script, ...changes })
}

async function seal(args: readonly string[] = ['in'], options: RunOptions = {}) {
  const env = { CINNABAR_URL: gateway?.url ?? '', CINNABAR_TOKEN: 'a-token-of-the-test' }
  return runCli(place, ['seal', ...args, '--seal', 'official', '-o', 'out'], { env, ...options })
}
const sent = (method: string) => (gateway?.seen ?? []).filter((one) => one.method === method).map(({ path }) => path)
const written = async () => (await readdir(place.path('out'), { recursive: true })).sort()
const keys = () => gateway?.seen.flatMap(({ headers }) => headers['idempotency-key'] ?? [])

describe('cinnabar seal with a folder', () => {
  it('seals its PDFs in one bulk job and writes each where it lay', async () => {
    await sealing()
    await place.put('in/notes.txt', 'no PDF')
    await place.put('in/.hidden/a.pdf', originals[0] ?? '')
    const { exit, out } = await seal()
    expect([exit, out]).toEqual([0, 'in/0.pdf: out/0.pdf\nin/1.pdf: out/1.pdf\nin/sub/2.pdf: out/sub/2.pdf\n'])
    expect([...uploads].sort().map(([, bytes]) => bytes)).toEqual(originals)
    expect(await written()).toEqual(['0.pdf', '1.pdf', 'sub', 'sub/2.pdf'])
    expect(new Uint8Array(await readFile(place.path('out/sub/2.pdf')))).toEqual(sealed[2]?.pdf)
    expect(JSON.parse(String(gateway?.seen[0]?.body))).toEqual({ seal: 'official', count: 3 })
  })

  it('goes on when it is given again: the same key, only what is missing, and nothing written twice', async () => {
    await sealing()
    uploads.set(0, originals[0] ?? new Uint8Array())
    expect((await seal()).exit).toBe(0)
    expect(
      sent('PUT')
        .map((path) => path.split('?')[0])
        .sort(),
    ).toEqual([`${JOB}/documents/1`, `${JOB}/documents/2`])
    const files = sent('GET').filter((path) => path.endsWith('/file')).length
    const again = await seal()
    expect([again.exit, again.out.split('\n').length]).toEqual([0, 4])
    expect(sent('GET').filter((path) => path.endsWith('/file'))).toHaveLength(files)
    expect(sent('PUT')).toHaveLength(2)
    expect(new Set(keys()).size).toBe(1)
  })

  it('makes another bulk job for another run, seal, place or content', async () => {
    await sealing()
    await seal()
    await seal(['in', '--run', '2'])
    await seal(['in', '--page', '1'])
    await writeFile(place.path('in/0.pdf'), originals[1] ?? '')
    await seal()
    expect(new Set(keys()).size).toBe(4)
  })

  it('goes on with the others when one is not taken, and ends with 1', async () => {
    await sealing({ [`PUT ${JOB}/documents/1`]: problem(422, 'PDF_ENCRYPTED', 'the file is encrypted') })
    const { exit, out } = await seal(['in', '--json'])
    expect(exit).toBe(1)
    expect(JSON.parse(out).documents).toEqual([
      { file: 'in/0.pdf', state: 'anchored', output: 'out/0.pdf', sealSignature: sealed[0]?.id },
      { file: 'in/1.pdf', state: 'refused', code: 'PDF_ENCRYPTED' },
      { file: 'in/sub/2.pdf', state: 'anchored', output: 'out/sub/2.pdf', sealSignature: sealed[2]?.id },
    ])
    expect(sent('POST')).toContain(`${JOB}/start?missing=leave`)
  })

  it('asks again when the gateway is silent for a moment', async () => {
    let silent = 2
    await sealing({
      [`POST ${JOB}/start`]: () => (silent-- > 0 ? { status: 200, hangUp: true } : begin()),
    })
    expect((await seal()).exit).toBe(0)
  })

  it('replaces no other file, and tells which', async () => {
    await sealing()
    await place.put('out/1.pdf', 'mine')
    const { exit, out } = await seal()
    expect(exit).toBe(1)
    expect(out).toContain('in/1.pdf: OUTPUT_EXISTS')
    expect(await readFile(place.path('out/1.pdf'), 'utf8')).toBe('mine')
    expect((await seal(['in', '--force'])).exit).toBe(0)
    expect(new Uint8Array(await readFile(place.path('out/1.pdf')))).toEqual(sealed[1]?.pdf)
  })

  it('does not take another sealed file for the one that it asked for', async () => {
    await sealing({ 'GET /v1/documents/d0/file': () => ({ status: 200, body: sealed[1]?.pdf ?? '' }) })
    const { exit, err } = await seal()
    expect(exit).toBe(76)
    expect(err).toContain('[SEALED_FILE_DIFFERS]')
  })

  it('tells what the bulk job did not seal, in the user’s language', async () => {
    await sealing({
      [`GET ${JOB}/documents`]: (seen) =>
        seen.path.includes('state=')
          ? linesFor(seen)
          : json(200, {
              count: 3,
              documents: [0, 1, 2].map((number) => ({ number, state: 'refused', code: 'SEAL_NO_ROOM' })),
            }),
    })
    const { exit, out, err } = await seal(['in', '--lang', 'zh'])
    expect(exit).toBe(1)
    expect(out).toContain('in/0.pdf：SEAL_NO_ROOM')
    expect(err).toContain('3 份文件中有 0 份已盖章并写出')
  })

  it.each([
    [['empty'], 64, 'NOTHING_TO_SEAL'],
    [['in/0.pdf', 'other/0.pdf'], 64, 'NAMES_COLLIDE'],
    [['in', 'nowhere.pdf'], 66, 'FILE_NOT_FOUND'],
  ])('refuses %j before anything is sent', async (paths, expected, code) => {
    await sealing()
    await place.put('empty/notes.txt', '')
    await place.put('other/0.pdf', originals[0] ?? '')
    const { exit, err } = await seal(paths)
    expect(exit).toBe(expected)
    expect(err).toContain(`[${code}]`)
    expect(gateway?.seen).toEqual([])
  })

  it('does not go on with an answer that makes no sense', async () => {
    await sealing({ [`GET ${JOB}/documents`]: json(200, { documents: [{ state: 'missing' }] }) })
    expect((await seal()).exit).toBe(76)
  })

  it('goes on with a new token where the one it began with would end, and not with another gateway', async () => {
    let minutes = 0
    let tokens = 0
    const token = () => ({
      token: `token-number-${tokens}`,
      expiresInSeconds: 1800,
      refreshToken: `cinnabar_refresh_number_${tokens++}`,
      refreshExpiresInSeconds: 7 * 86_400,
    })
    await sealing({
      'POST /v1/sessions': () => json(200, token()),
      'POST /v1/sessions/refresh': () => json(200, token()),
      'GET /v1/trust': problem(404, 'TRUST_MISSING', 'none'),
      [`PUT ${JOB}/documents/1`]: ({ body }) => {
        minutes = 25
        uploads.set(1, new Uint8Array(body))
        return json(201, lineOf(1))
      },
    })
    const login = ['login', '--url', gateway?.url ?? '', '--user', 'wang', '--password-stdin', '--json']
    await runCli(place, login, { stdin: 'correct horse battery\n' })
    const now = () => new Date(Date.parse('2026-12-01T00:00:00Z') + minutes * 60_000)
    const { exit, out, err } = await seal(['in'], { env: {}, now })
    expect([exit, err]).toEqual([0, expect.not.stringContaining('SESSION')])
    const by = (path: string) => gateway?.seen.find((one) => one.path.startsWith(path))?.headers.authorization
    expect(by(`${JOB}/documents/0`)).toBe('Bearer token-number-0')
    expect(by(`${JOB}/start`)).toBe('Bearer token-number-1')
    expect(gateway?.seen.filter(({ path }) => path === '/v1/sessions/refresh')).toHaveLength(1)
    expect(out + err).not.toContain('token-number')
  })
})
