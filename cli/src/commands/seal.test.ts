import { readdir, readFile, writeFile } from 'node:fs/promises'
import { contractPdf, sealPdf } from '../../../core/src/testing/sealed-sample'
import { newWorld } from '../../../core/src/testing/sealed-world'
import { type GatewayDouble, gatewayDouble, json, problem, type Script } from '../../test/gateway-double'
import { newPlace, type Place, type RunOptions, runCli } from '../../test/run-cli'
import { documentName } from '../input-file'

const TOKEN = 'eyJ-a-token-that-must-not-appear'
const original = contractPdf()
let sealed: Uint8Array
let id: string
let place: Place
let gateway: GatewayDouble | undefined

beforeAll(async () => {
  const world = await newWorld()
  const made = await sealPdf(world, original, world.bureau)
  sealed = made.pdf
  id = made.opening.id
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('contract.pdf', original)
})
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
  await place.remove()
})

const UPLOAD = 'POST /v1/documents'
const ASK = 'POST /v1/documents/d1/seal-signatures'
const JOB = 'GET /v1/jobs/j1'
const FILE = 'GET /v1/documents/d1/file'
const job = (state: string, more = {}) => ({ id: 'j1', state, sealSignature: id, ...more })

/** A gateway that seals, but for what is scripted otherwise. */
async function sealing(changes: Script = {}): Promise<string> {
  gateway = await gatewayDouble({
    [UPLOAD]: json(201, { id: 'd1' }),
    [ASK]: json(202, job('received')),
    [JOB]: [json(200, job('sealed')), json(200, job('submitted')), json(200, job('anchored'))],
    [FILE]: { status: 200, type: 'application/pdf', body: sealed },
    ...changes,
  })
  return gateway.url
}

async function seal(url: string, more: readonly string[] = [], options: RunOptions = {}) {
  const env = { CINNABAR_URL: url, CINNABAR_TOKEN: TOKEN }
  return runCli(place, ['seal', 'contract.pdf', '--seal', 'official', '-o', 'sealed.pdf', ...more], { env, ...options })
}

const routes = () => gateway?.seen.map(({ method, path }) => `${method} ${path}`)

describe('cinnabar seal', () => {
  it('uploads, asks, follows the states, and writes the sealed file', async () => {
    const { exit, out, err } = await seal(await sealing())
    expect(exit).toBe(0)
    expect(out).toBe('')
    expect(err.match(/^(received|sealed|submitted|anchored)$/gm)).toEqual([
      'received',
      'sealed',
      'submitted',
      'anchored',
    ])
    expect(routes()).toEqual([`${UPLOAD}?name=contract.pdf`, ASK, JOB, JOB, JOB, FILE])
    expect(new Uint8Array(await readFile(place.path('sealed.pdf')))).toEqual(sealed)
    expect(await readdir(place.folder)).toEqual(['contract.pdf', 'sealed.pdf'])
  })

  it('sends the file as it is, the place and the reason as asked, and one key with the token', async () => {
    const more = ['--page', '1', '--x', '12.5', '--y', '0', '--reason', '双方签署', '--wait', 'anchored']
    expect((await seal(await sealing({ [`${ASK}`]: json(200, job('anchored')) }), more)).exit).toBe(0)
    const [uploaded, asked] = gateway?.seen ?? []
    expect(uploaded.headers['content-type']).toBe('application/pdf')
    expect(new Uint8Array(uploaded.body)).toEqual(original)
    expect(asked.path).toContain('?wait=anchored')
    expect(JSON.parse(asked.body.toString())).toEqual({
      seal: 'official',
      page: 1,
      xMm: 12.5,
      yMm: 0,
      reason: '双方签署',
    })
    expect(asked.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
    expect(asked.headers.authorization).toBe(`Bearer ${TOKEN}`)
  })

  it('asks again with the same key when the answer was lost, so that the seal is used once', async () => {
    const { exit } = await seal(await sealing({ [ASK]: [{ status: 200, hangUp: true }, json(200, job('anchored'))] }))
    const keys = gateway?.seen.filter(({ path }) => path.endsWith('seal-signatures')).map(({ headers }) => headers)
    expect(exit).toBe(0)
    expect(keys).toHaveLength(2)
    expect(keys?.[0]['idempotency-key']).toBe(keys?.[1]['idempotency-key'])
  })

  it('goes on following when the gateway is silent for a moment', async () => {
    const url = await sealing({ [JOB]: [{ status: 200, hangUp: true }, json(200, job('anchored'))] })
    expect((await seal(url)).exit).toBe(0)
  })

  it.each(['refused', 'failed'])('tells code and reason of a job that is %s, and writes nothing', async (state) => {
    const end = job(state, {
      code: 'SEAL_SUSPENDED',
      detail: 'seal official is suspended',
      advice: 'Ask your registrar.',
    })
    const { exit, err } = await seal(await sealing({ [JOB]: json(200, end) }))
    expect(exit).toBe(1)
    expect(err).toContain(`error: ${state}: seal official is suspended [SEAL_SUSPENDED]\nhint: Ask your registrar.\n`)
    expect(await readdir(place.folder)).toEqual(['contract.pdf'])
  })

  it.each([
    [problem(422, 'PDF_ENCRYPTED', 'the file is encrypted.'), 1, 'PDF_ENCRYPTED'],
    [problem(403, 'SEAL_NOT_YOURS', 'it is not yours'), 1, 'SEAL_NOT_YOURS'],
    [problem(401, 'SESSION_EXPIRED', 'the log-in does not count'), 77, 'SESSION_EXPIRED'],
    [problem(429, 'LOGIN_LIMITED', 'too often'), 69, 'LOGIN_LIMITED'],
    [problem(503, 'NOT_READY', 'starting'), 69, 'NOT_READY'],
    [problem(422, 'not a code', 'words'), 1, 'HTTP_422'],
    [{ status: 502, body: '<html>proxy</html>' }, 69, 'HTTP_502'],
    [json(201, ['d1']), 76, 'GATEWAY_ANSWER_INVALID'],
    [json(201, { document: 'd1' }), 76, 'GATEWAY_ANSWER_INVALID'],
  ])('maps the answer %j to exit code and code', async (reply, expected, code) => {
    const { exit, err } = await seal(await sealing({ [UPLOAD]: reply }))
    expect(exit).toBe(expected)
    expect(err).toContain(`[${code}]`)
    expect(await readdir(place.folder)).toEqual(['contract.pdf'])
  })

  it('gives a refusal in Chinese by its code', async () => {
    const url = await sealing({ [UPLOAD]: problem(422, 'PDF_ENCRYPTED', 'the file is encrypted') })
    expect((await seal(url, ['--lang', 'zh'])).err).toContain('错误：文件已加密 [PDF_ENCRYPTED]')
  })

  it('refuses a job of an unknown state', async () => {
    expect((await seal(await sealing({ [ASK]: json(202, job('processed')) }))).exit).toBe(76)
  })

  it('says that no gateway answers', async () => {
    const url = await sealing()
    await gateway?.close()
    gateway = undefined
    const { exit, err } = await seal(url)
    expect(exit).toBe(69)
    expect(err).toContain('[GATEWAY_UNREACHABLE]')
  })

  it.each([
    ['the unsealed file', () => original],
    ['another sealed file', () => new Uint8Array([...sealed.subarray(0, 50), ...sealed.subarray(51)])],
    ['the file with something else after it', () => new Uint8Array([...original, 0x0a])],
  ])('does not take %s for the sealed one', async (_what, body) => {
    const { exit, err } = await seal(await sealing({ [FILE]: { status: 200, body: body() } }))
    expect(exit).toBe(76)
    expect(err).toContain('[SEALED_FILE_DIFFERS]')
    expect(await readdir(place.folder)).toEqual(['contract.pdf'])
  })

  it('does not take a seal of another job', async () => {
    const end = json(200, { ...job('anchored'), sealSignature: '0'.repeat(32) })
    expect((await seal(await sealing({ [JOB]: end }))).exit).toBe(76)
  })
})

describe('the sealed file’s place', () => {
  it('is never taken from a file that is there, and nothing is sealed for it', async () => {
    await place.put('sealed.pdf', 'mine')
    const { exit, err } = await seal(await sealing())
    expect(exit).toBe(73)
    expect(err).toContain('[OUTPUT_EXISTS]')
    expect(gateway?.seen).toEqual([])
    expect(await readFile(place.path('sealed.pdf'), 'utf8')).toBe('mine')
  })

  it('is not taken from a file that came meanwhile', async () => {
    const url = await sealing()
    const script = { status: 200, body: sealed }
    await gateway?.close()
    gateway = await gatewayDouble({
      [UPLOAD]: json(201, { id: 'd1' }),
      [ASK]: json(200, job('anchored')),
      [FILE]: () => {
        pending = writeFile(place.path('sealed.pdf'), 'mine')
        return script
      },
    })
    let pending: Promise<void> | undefined
    expect(url).not.toBe(gateway.url)
    const { exit } = await seal(gateway.url)
    await pending
    expect(exit).toBe(73)
    expect(await readFile(place.path('sealed.pdf'), 'utf8')).toBe('mine')
    expect(await readdir(place.folder)).toEqual(['contract.pdf', 'sealed.pdf'])
  })

  it('is replaced when forced to', async () => {
    await place.put('sealed.pdf', 'mine')
    expect((await seal(await sealing(), ['--force'])).exit).toBe(0)
    expect(new Uint8Array(await readFile(place.path('sealed.pdf')))).toEqual(sealed)
  })

  it.each(['no-folder/sealed.pdf', '.'])('is refused before anything is sent when it is %s', async (output) => {
    const url = await sealing()
    const { exit, err } = await seal(url, ['-o', output])
    expect(exit).toBe(73)
    expect(err).toContain('[OUTPUT_NOT_WRITABLE]')
    expect(gateway?.seen).toEqual([])
  })
})

describe('the token', () => {
  it('is needed', async () => {
    const { exit, err } = await seal(await sealing(), [], { env: { CINNABAR_URL: gateway?.url ?? '' } })
    expect(exit).toBe(77)
    expect(err).toContain('[NOT_LOGGED_IN]')
    expect(gateway?.seen).toEqual([])
  })

  it('never appears, not even when the gateway repeats it', async () => {
    const url = await sealing({
      [UPLOAD]: problem(400, 'REQUEST_INVALID', `bad header Bearer ${TOKEN}`, `drop ${TOKEN}`),
    })
    const { out, err } = await seal(url)
    expect(err).toContain('[REQUEST_INVALID]')
    expect(out + err).not.toContain(TOKEN)
  })
})

describe('the document’s name', () => {
  it.each([
    ['/tmp/合同 1.pdf', '合同 1.pdf'],
    ['a\\b\u202e\u0007.pdf', 'a_b__.pdf'],
    [`${'x'.repeat(150)}.pdf`, `${'x'.repeat(96)}.pdf`],
  ])('of %s is one that a gateway takes', (path, name) => {
    expect(documentName(path)).toBe(name)
  })
})
