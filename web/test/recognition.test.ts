import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, toBase64 } from '@cinnabar/core'
import type { Browser } from 'playwright-core'
import { describeWithTools } from '../../bench/test/with-tools'
import { newPlace, type Place, runCli } from '../../cli/test/run-cli'
import { TEXTS } from '../src/texts'
import { choose, launchChromium, verdictOn, visit } from './browser'
import { type Abroad, POLICY, sealAbroad, TRADE } from './hong-kong'
import { type Service, startService } from './service'

/*
 * A Hong Kong institution's seal, made by another consortium with its own roots and ledger, as an institution of ours meets it:
 * by the command, by the service and on the page, under a list that a publisher of neither signs.
 */

const { en } = TEXTS
const SECRET = 'correct horse battery'
const NAMES = ['--name', 'Recognised', '--name-zh', '互认名单', '--operator', 'Office', '--operator-zh', '办公室']
const UNKNOWN = `sha256:${'00'.repeat(32)}`
const DAY_MS = 86_400_000
const from = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+/, '')

let folder: string
let abroad: Abroad
let place: Place
let service: Service
let key: string
/** By what each says of the consortium. */
const lists = new Map<string, Buffer>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-abroad-'))
  place = await newPlace()
  abroad = await sealAbroad(join(folder, 'hong-kong'))
  await place.put('hk-trust.json', abroad.trust)
  await place.put('sealed.pdf', abroad.pdf)
  await place.put('evidence.zip', abroad.evidence)
  key = JSON.parse((await cli(['lists', 'key', '-o', 'op.pem', '--passphrase-stdin', '--json'])).out).key
  const policy = ['--policy', `${TRADE}=${POLICY}`]
  await publish('recognised', [...NAMES, '--add', 'HK=hk-trust.json', ...policy])
  const next = ['--previous', 'recognised.json', '--withdraw']
  const { list } = JSON.parse((await cli(['lists', 'show', 'recognised.json', '--json'])).out)
  const fingerprint = /fingerprint: (sha256:[0-9a-f]{64})/.exec(
    (await cli(['lists', 'show', 'recognised.json'])).out,
  )?.[1]
  expect([list.sequence, list.consortia.length]).toEqual([1, 1])
  await publish('endsLater', [...next, fingerprint ?? '', '--from', from(1)])
  await publish('ended', [...next, fingerprint ?? '', '--from', from(-1)])
  await publish('otherPolicy', ['--previous', 'recognised.json', '--policy', `${TRADE}=1.2.3`])
  await publish(
    'expired',
    ['--previous', 'recognised.json', '--issued', '2020-01-01T00:00:00Z'],
    '2021-01-01T00:00:00Z',
  )
  const text = lists.get('recognised')?.toString('utf8') ?? ''
  lists.set('forged', Buffer.from(text.replace('"region":"HK"', '"region":"MO"')))
  for (const [name, bytes] of lists) await place.put(`${name}.json`, bytes)
  service = await startService({ CINNABAR_TRUST_LISTS: place.path('recognised.json'), CINNABAR_TRUST_LIST_KEYS: key })
  await place.put('home-trust.json', service.trust)
}, 120_000)
afterAll(async () => {
  await service.close()
  await place.remove()
  await rm(folder, { recursive: true })
})

const cli = (args: readonly string[]) => runCli(place, args, { stdin: SECRET, at: new Date().toISOString() })

async function publish(name: string, changes: readonly string[], expires = from(365)): Promise<void> {
  const signing = ['--key', 'op.pem', '--passphrase-stdin', '--expires', expires, '-o', `${name}.json`]
  const { exit, err } = await cli(['lists', 'publish', ...signing, ...changes])
  expect([exit, err]).toEqual([0, ''])
  lists.set(name, await readFile(place.path(`${name}.json`)))
}

async function byCommand(
  ...more: readonly string[]
): Promise<Report & { readonly exit: number; readonly err: string }> {
  const given = ['sealed.pdf', '--trust', 'home-trust.json', '--evidence', 'evidence.zip', '--json', ...more]
  const { exit, out, err } = await cli(['verify', ...given])
  return { ...(out === '' ? {} : JSON.parse(out)), exit, err }
}
const pinned = () => ['--list-key', key]

const RECOGNISED = {
  outcome: 'passed',
  signatures: [
    {
      institution: TRADE,
      recognisedBy: { region: 'HK', policy: POLICY, list: { sequence: 1, name: { en: 'Recognised' } } },
    },
  ],
}

describe('a seal of a consortium in Hong Kong, by the command', () => {
  beforeEach(() => rm(join(place.home, '.config/cinnabar/lists'), { recursive: true, force: true }))

  it('is recognised under a list with its policy, and not without the list', async () => {
    expect(await byCommand()).toMatchObject({ exit: 2, outcome: 'indeterminate' })
    expect(await byCommand('--list', 'recognised.json', ...pinned())).toMatchObject({ exit: 0, ...RECOGNISED })
    expect(await byCommand('--list', 'otherPolicy.json', ...pinned())).toMatchObject({
      exit: 2,
      code: 'POLICY_NOT_RECOGNISED',
    })
  })

  it('is recognised after a withdrawal if it is from before, and not if it is from after', async () => {
    const later = await byCommand('--list', 'endsLater.json', ...pinned())
    expect(later).toMatchObject({ exit: 0, signatures: [{ recognisedBy: { list: { sequence: 2 } } }] })
    expect(later.signatures[0].recognisedBy?.withdrawnAt).toMatch(/Z$/)
    const ended = await byCommand('--list', 'ended.json', ...pinned())
    expect(ended).toMatchObject({ exit: 2, outcome: 'indeterminate', code: 'RECOGNITION_WITHDRAWN' })
  })

  it.each([
    ['forged', 'forged', pinned, 'TRUST_LIST_SIGNATURE_INVALID'],
    ['expired', 'expired', pinned, 'TRUST_LIST_EXPIRED'],
    ['of an unknown key', 'recognised', () => ['--list-key', UNKNOWN], 'TRUST_LIST_SIGNER_UNKNOWN'],
  ])('is not judged by a list that is %s', async (_, name, keys, code) => {
    const { exit, err } = await byCommand('--list', `${name}.json`, ...keys())
    expect([exit, err.includes(code)]).toEqual([66, true])
  })

  it('is not judged by an older list than the one seen', async () => {
    expect((await byCommand('--list', 'endsLater.json', ...pinned())).exit).toBe(0)
    const { exit, err } = await byCommand('--list', 'recognised.json')
    expect([exit, err.includes('TRUST_LIST_ROLLED_BACK')]).toEqual([66, true])
  })
})

describe('a seal of a consortium in Hong Kong, by the service', () => {
  const ask = async (path: string, body: BodyInit, type: string): Promise<Report> =>
    (await fetch(`${service.url}${path}`, { method: 'POST', headers: { 'Content-Type': type }, body })).json()
  const json = (more: object = {}) =>
    JSON.stringify({ file: toBase64(abroad.pdf), evidence: [toBase64(abroad.evidence)], ...more })

  it('is recognised by the list that the operator configured', async () => {
    expect(await ask('/v1/validations', json(), 'application/json')).toMatchObject(RECOGNISED)
    const body = abroad.container as Uint8Array<ArrayBuffer>
    expect(await ask('/v1/verifications', body, 'application/octet-stream')).toMatchObject(RECOGNISED)
  })

  it('is not when the list has expired by the time that is asked for', async () => {
    const report = await ask('/v1/validations', json({ at: from(400) }), 'application/json')
    expect(report.outcome).toBe('indeterminate')
    expect(report.signatures[0].judgements?.[1].code).toBe('TRUST_LIST_EXPIRED')
  })

  it.each([
    ['forged', 'forged', () => key, 'TRUST_LIST_SIGNATURE_INVALID'],
    ['expired', 'expired', () => key, 'TRUST_LIST_EXPIRED'],
    ['of an unknown key', 'recognised', () => UNKNOWN, 'TRUST_LIST_SIGNER_UNKNOWN'],
  ])('is judged by no service whose list is %s: it does not start', async (_, name, keys, code) => {
    const env = { CINNABAR_TRUST_LISTS: place.path(`${name}.json`), CINNABAR_TRUST_LIST_KEYS: keys() }
    await expect(startService(env)).rejects.toMatchObject({ code })
  })
})

describeWithTools(['chromium'], 'a seal of a consortium in Hong Kong, on the page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser.close())
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  const file = () => ({ 'sealed.pdf': abroad.pdf, 'evidence.zip': abroad.evidence })
  const home = () => ({ 'trust.json': service.trust })
  const list = (name: string) => ({ [`${name}.json`]: lists.get(name) ?? Buffer.alloc(0) })
  const keyFile = () => ({ 'key.txt': Buffer.from(`${key}\n`) })

  it('is recognised once the reader has compared the key, with no network at all, and by no list without that', async () => {
    const { page, requests, complaints } = await visit(browser, service.verifyHtml)
    await choose(page, { ...file(), ...home() })
    expect(await verdictOn(page)).toBe(en.verdict.indeterminateTitle)
    await choose(page, list('recognised'))
    await page.getByText(en.lists.waiting('recognised.json')).waitFor()
    expect(await verdictOn(page)).toBe(en.verdict.indeterminateTitle)
    expect((await page.locator('.listed .fingerprint').textContent())?.replace(/\s/g, '')).toBe(key.replace(':', ''))
    await page.getByRole('button', { name: en.lists.use }).click()
    await page.getByText(en.verdict.passedTitle).first().waitFor()
    const facts = await page.locator('.seal .facts').first().textContent()
    for (const one of ['Hong Kong Registry (HK)', '“Recognised”, version 1', POLICY]) expect(facts).toContain(one)
    expect(requests.filter((one) => !/^GET (file:.*\/verify\.html|blob:null\/[0-9a-f-]+)$/.test(one))).toEqual([])
    expect(complaints).toEqual([])
  })

  it('is shown as the standard judges it, in both languages', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    const told = async () => {
      await page.locator('.seal summary').click()
      return page.locator('.standard').textContent()
    }
    await choose(page, { ...file(), ...home() })
    await page.locator('.seal summary').waitFor()
    const { subs, indications, levels } = en.standard
    const open = await told()
    for (const one of ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND', subs.NO_CERTIFICATE_CHAIN_FOUND])
      expect(open).toContain(one)
    await choose(page, { ...list('recognised'), ...keyFile() })
    await page.getByText(en.verdict.passedTitle).first().waitFor()
    const passed = await told()
    for (const one of ['TOTAL-PASSED', indications['TOTAL-PASSED'], levels['B-T'], 'ECDSA P-256 with SHA-256'])
      expect(passed).toContain(one)
    await page.locator('#language').click()
    expect(await told()).toContain(TEXTS.zh.standard.indications['TOTAL-PASSED'])
  })

  it('is recognised after a withdrawal if it is from before, and not if it is from after', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...file(), ...home(), ...list('endsLater'), ...keyFile() })
    await page.getByText(en.verdict.passedTitle).first().waitFor()
    await choose(page, list('ended'))
    await page.getByText(en.verdict.indeterminateTitle).first().waitFor()
    expect(await page.locator('.reasons li').allTextContents()).toEqual([en.why.withdrawnRecognition])
  })

  it.each([
    ['forged', 'forged', 'TRUST_LIST_SIGNATURE_INVALID'],
    ['expired', 'expired', 'TRUST_LIST_EXPIRED'],
    ['older than the one seen', 'recognised', 'TRUST_LIST_ROLLED_BACK'],
  ])('is not judged by a list that is %s', async (_, name, code) => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...keyFile(), ...list('endsLater') })
    await choose(page, { ...file(), ...home(), ...list(name) })
    await page.getByText(`[${code}]`).waitFor()
    expect(await page.locator('.listed .facts').count()).toBe(1)
  })

  it('is judged by no list of a key that the reader does not know', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, {
      ...file(),
      ...home(),
      ...list('recognised'),
      'key.txt': Buffer.from(UNKNOWN),
    })
    await page.getByText(en.lists.together).waitFor()
    expect(await verdictOn(page)).toBe(en.verdict.indeterminateTitle)
    await page.getByRole('button', { name: en.lists.leave }).click()
    expect(await page.getByText(en.lists.none).count()).toBe(1)
  })

  it('is still recognised at the next visit to a served page, which takes no older list again', async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(service.url)
    await choose(page, { ...keyFile(), ...list('endsLater') })
    await page.getByText(en.lists.remembered).waitFor()
    await page.reload()
    await choose(page, file())
    await page.getByText(en.verdict.passedTitle).first().waitFor()
    await choose(page, list('recognised'))
    await page.getByText('[TRUST_LIST_ROLLED_BACK]').waitFor()
  })
})
