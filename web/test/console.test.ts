import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTrust, verify } from '@cinnabar/core'
import type { Browser, Page } from 'playwright-core'
import { describeWithTools } from '../../bench/test/with-tools'
import type { DemoLogin } from '../../gateway/src/demo/logins'
import { type Language, TEXTS } from '../src/texts'
import { choose, launchChromium, verdictOn, visit } from './browser'
import { type Service, startService } from './service'

const words = TEXTS.en.console
const CONTRACT = join(__dirname, '../../fixtures/contracts/zh-lease-3-pages.pdf')
const DAMAGED = '%PDF-1.7 and no more'

let service: Service
let browser: Browser

describeWithTools(['chromium'], 'the console', () => {
  beforeAll(async () => {
    service = await startService()
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await service.close()
  })
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  it('seals a contract where the mark is set, and gives file and evidence that verify', async () => {
    const { page, complaints } = await visitConsole()
    await enter(page)
    await page.setInputFiles('#contract', CONTRACT)
    await page.locator('.placing[data-page="3"]').waitFor()
    await page.fill('#page-number', '2')
    await page.press('#page-number', 'Enter')
    await page.locator('.placing[data-page="2"]').waitFor()
    await page.locator('.placing').click({ position: { x: 200, y: 200 } })
    await page.locator('.placing').press('Shift+ArrowDown')
    const place = await page.evaluate(() =>
      ['from-left', 'from-top'].map((id) => Number((document.getElementById(id) as HTMLInputElement).value)),
    )
    await page.getByRole('button', { name: words.seal }).click()
    const [pdf, evidence] = [await download(page, words.file), await download(page, words.evidence)]
    const trust = parseTrust(new Uint8Array(service.trust))
    const report = await verify({ pdf, evidence: [evidence], trust, at: new Date() })
    expect(report).toMatchObject({ outcome: 'passed', signatures: [{ place: { page: 2 } }] })
    const [x1, , , y2] = report.signatures[0].place?.rect ?? [0, 0, 0, 0]
    expect((x1 * 25.4) / 72).toBeCloseTo(place[0], 0)
    expect(297 - (y2 * 25.4) / 72).toBeCloseTo(place[1], 0)
    expect(complaints).toEqual([])
  })

  it('says what the service refuses, and what to do', async () => {
    const { page } = await visitConsole()
    await page.fill('#user', 'nobody')
    await page.fill('#password', 'x')
    await page.getByRole('button', { name: words.logIn }).click()
    await page.getByText(words.code('LOGIN_FAILED')).waitFor()
    await enter(page)
    await page.setInputFiles('#contract', { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from(DAMAGED) })
    await page.getByRole('button', { name: words.seal }).click()
    await page.getByText(words.code('PDF_DAMAGED')).waitFor()
  })

  describe('the ledger book', ledgerBook)
  describe('deposits', deposits)
  describe('many documents at once', manyDocuments)
  describe('webhooks', webhooks)
  describe('the log, people and their events', logAndPeople)
})

function ledgerBook() {
  it('says that it is complete, lists uses by number, and gives CSV and a PDF to print', async () => {
    const { page, complaints } = await visitConsole()
    await enter(page)
    await open(page, 'book')
    await page.selectOption('#book-seal', 'official')
    await page.locator('#book-finding.passed').waitFor()
    const rows = page.locator('.listing tbody tr')
    await rows.filter({ hasText: 'zh-purchase-contract.pdf' }).waitFor()
    expect(await rows.first().locator('td').first().textContent()).toBe('1')
    expect(await rows.first().textContent()).toContain('zh-purchase-contract.pdf')
    const csv = new TextDecoder().decode(await download(page, words.book.csv))
    expect(csv).toContain('zh-purchase-contract.pdf')
    const pdf = await download(page, words.book.pdf)
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    await page.fill('#book-contains', 'no such document')
    await page.getByRole('button', { name: words.book.show, exact: true }).click()
    await page.getByText(words.book.noMatch).waitFor()
    await page.getByRole('button', { name: words.book.all }).click()
    await rows.first().waitFor()
    expect(complaints).toEqual([])
  })

  it.each(['en', 'zh'] as const)(
    'names the number of a use whose record the store has lost, in %s',
    async (language) => {
      const { book } = TEXTS[language].console
      const [first] = await service.officialUses('JiangzhouBureau')
      service.lost.add(`sealSignatures ${first}`)
      try {
        const { page } = await visitConsole(language === 'zh' ? 'zh-CN' : 'en-GB')
        await enter(page, language)
        await open(page, 'book')
        await page.selectOption('#book-seal', 'official')
        const finding = page.locator('#book-finding.failed[role=alert]')
        await finding.waitFor()
        expect(await finding.locator('h2').textContent()).toBe(book.incomplete(1))
        expect(await finding.locator('.reasons').textContent()).toContain(book.gap(1, book.gaps.RECORD_MISSING))
        expect(await page.locator('tr.gap').textContent()).toContain(book.gaps.RECORD_MISSING)
      } finally {
        service.lost.clear()
      }
    },
  )
}

function deposits() {
  const file = {
    name: '投标文件.docx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('PK\x03\x04 a tender'),
  }
  const MISSING = TEXTS.en.verdict.noEvidenceTitle

  it('are made of the digest alone, found again by the file, and verified on the public page', async () => {
    const { page, requests, complaints } = await visitConsole()
    await enter(page)
    await open(page, 'deposits')
    await page.setInputFiles('#deposit-files', file)
    await page.getByRole('button', { name: words.deposits.deposit(1) }).click()
    await page.getByRole('button', { name: words.deposits.evidenceOf(file.name) }).waitFor()
    const sent = requests.filter((one) => one.includes('POST') && one.includes('/v1/deposits'))
    expect(sent).toHaveLength(1)
    expect(Number(/with (\d+) bytes/.exec(sent[0])?.[1])).toBe(
      JSON.stringify({ deposits: [{ digest: DIGEST }] }).length,
    )
    await page.setInputFiles('#find-file', file)
    await page.getByText(words.deposits.found(file.name, 1)).waitFor()
    const evidence = await download(page, words.deposits.evidenceOf(file.name), 1)
    expect(complaints).toEqual([])

    const { page: check } = await visit(browser, service.url)
    await check.getByText(TEXTS.en.trust.servedMeans).waitFor()
    await choose(check, { [file.name]: file.buffer })
    expect(await verdictOn(check)).toBe(MISSING)
    await choose(check, { 'evidence.zip': evidence })
    await check.getByText(TEXTS.en.verdict.depositedTitle).first().waitFor()
    expect(await check.locator('.seal .check.passed').count()).toBe(3)
    await choose(check, { 'other.docx': Buffer.from('PK\x03\x04 another tender') })
    await check.getByText(TEXTS.en.verdict.notDepositTitle).first().waitFor()
  })

  it('that were never made are not found', async () => {
    const { page } = await visitConsole()
    await enter(page)
    await open(page, 'deposits')
    await page.setInputFiles('#find-file', { ...file, buffer: Buffer.from('never') })
    await page.getByText(words.deposits.notFound(file.name)).waitFor()
  })
}

const DIGEST = `sha256:${'0'.repeat(64)}`

function manyDocuments() {
  it('are sealed together, each with its file and evidence, and what is no PDF stops all of it', async () => {
    const { page, complaints } = await visitConsole()
    await enter(page)
    await open(page, 'bulk')
    const bytes = readFileSync(CONTRACT)
    const named = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer })
    await page.setInputFiles('#bulk-files', [named('a.pdf', bytes), named('b.pdf', Buffer.from(DAMAGED))])
    await page.getByRole('button', { name: words.bulk.go }).click()
    await page.getByText(words.bulk.stoppedAt('b.pdf')).waitFor()
    await page.locator('.jobs .state', { hasText: words.bulk.states.open }).waitFor()
    await page.getByRole('button', { name: words.bulk.cancel, exact: true }).click()
    await page.getByRole('button', { name: words.bulk.reallyCancel }).click()
    await page.locator('.jobs .state', { hasText: words.bulk.states.cancelled }).waitFor()
    await page.setInputFiles('#bulk-files', [named('a.pdf', bytes), named('b.pdf', bytes)])
    await page.getByRole('button', { name: words.bulk.go }).click()
    await page.locator('#bulk-outcome.passed').waitFor()
    const [pdf, evidence] = [await download(page, words.bulk.file, 1), await download(page, words.bulk.evidence, 1)]
    const trust = parseTrust(new Uint8Array(service.trust))
    expect((await verify({ pdf, evidence: [evidence], trust, at: new Date() })).outcome).toBe('passed')
    await page.locator('.jobs .state.passed', { hasText: words.bulk.states.ended }).waitFor()
    // The browser itself tells of the answer 422.
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([])
  })
}

function webhooks() {
  it('are added with a secret that is shown once, tried, switched off and removed when asked twice', async () => {
    const { page, complaints } = await visitConsole()
    await enter(page)
    await open(page, 'webhooks')
    await page.fill('#webhook-url', 'https://10.0.0.1/hook')
    await page.getByRole('button', { name: words.webhooks.add }).click()
    await page.getByText(words.webhooks.chooseEvent).waitFor()
    await page.getByLabel(words.webhooks.events['bulk.failed']).check()
    await page.getByRole('button', { name: words.webhooks.add }).click()
    await page.getByText(words.code('WEBHOOK_URL_REFUSED')).waitFor()
    await page.fill('#webhook-url', 'https://hooks.example.com/cinnabar')
    await page.getByRole('button', { name: words.webhooks.add }).click()
    const secret = await page.locator('#new-secret').textContent()
    expect(secret).toMatch(/^whsec_/)
    const one = page.locator('.jobs > li', { hasText: 'hooks.example.com' })
    await one.getByRole('button', { name: words.webhooks.rotate, exact: true }).click()
    await one.getByRole('button', { name: words.webhooks.reallyRotate }).click()
    const rotated = await one.locator('code[id^=secret-]').textContent()
    expect(rotated).toMatch(/^whsec_/)
    expect(rotated).not.toBe(secret)
    await one.getByRole('button', { name: words.webhooks.test }).click()
    await one.getByText(words.webhooks.tested).waitFor()
    await one.getByRole('button', { name: words.webhooks.deliveries }).click()
    await one.locator('td', { hasText: words.webhooks.codes.NAME_UNKNOWN }).waitFor()
    await one.getByRole('button', { name: words.webhooks.again }).click()
    await one.getByRole('button', { name: words.webhooks.turnOff }).click()
    await one.locator('.state.failed', { hasText: words.webhooks.off.byAdmin }).waitFor()
    expect(await one.textContent()).not.toContain('whsec_')
    await one.getByRole('button', { name: words.webhooks.remove, exact: true }).click()
    await one.getByRole('button', { name: words.webhooks.reallyRemove }).click()
    await one.waitFor({ state: 'detached' })
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([])
  })
}

function logAndPeople() {
  it('has the root of the log computed in the page', async () => {
    const { page } = await visitConsole()
    await enter(page)
    await open(page, 'log')
    await page.getByRole('button', { name: words.log.recompute }).click()
    await page.locator('#log-proof.passed').waitFor()
    await page.selectOption('#log-kind', 'sealSignature')
    await page.getByText(words.log.use('official', 1)).waitFor()
    expect(await page.getByText(words.log.changes.founded).count()).toBe(0)
  })

  it('adds a user, whose screens are those of the role, and ends the log-in when the user is disabled', async () => {
    const { page } = await visitConsole()
    await enter(page)
    await open(page, 'users')
    await page.fill('#new-user', 'chen')
    await page.fill('#new-user-password', 'a long password')
    await page.getByRole('button', { name: words.people.add }).click()
    await page.locator('tr', { hasText: 'chen' }).waitFor()
    const { page: theirs } = await visitConsole()
    await enter(theirs, 'en', { user: 'chen', password: 'a long password' })
    expect(await theirs.locator('.menu nav a').allTextContents()).toEqual(
      (['seal', 'bulk', 'deposits', 'book', 'users'] as const).map((name) => words.screens[name]),
    )
    await page.locator('tr', { hasText: 'chen' }).getByRole('button', { name: words.people.change }).click()
    await page.getByRole('button', { name: words.people.disable }).click()
    await page.locator('tr', { hasText: words.people.status.disabled }).waitFor()
    await theirs.locator('a[href="#book"]').click()
    await theirs.getByText(words.ended).waitFor()
  })

  it('shows a new key once, revokes it when asked twice, and lists what happened with alarms above', async () => {
    const { page } = await visitConsole()
    await enter(page)
    await open(page, 'keys')
    await page.fill('#key-name', 'archive')
    await page.getByRole('button', { name: words.keys.create }).click()
    const key = await page.locator('#new-key').textContent()
    expect((await fetch(`${service.url}/v1/me`, { headers: { Authorization: `Bearer ${key}` } })).status).toBe(200)
    await page.getByRole('button', { name: words.keys.revoke, exact: true }).click()
    await page.getByRole('button', { name: words.keys.reallyRevoke }).click()
    await page.locator('tr', { hasText: words.keys.states.revoked }).waitFor()
    await replayToken()
    await open(page, 'events')
    await page.locator('#alarms.failed').waitFor()
    expect(await page.locator('tr.gap').first().textContent()).toContain(words.events.kinds.tokenReused)
    expect(await page.locator('.listing').textContent()).toContain(words.events.kinds.apiKeyRevoked)
  })

  it.each([
    ['zh-CN', 'zh'],
    ['en-GB', 'en'],
  ] as const)('fits a narrow phone in %s, every screen', async (locale, language) => {
    const { page, complaints } = await visitConsole(locale, { width: 360, height: 740 })
    await enter(page, language)
    for (const screen of ['seal', 'bulk', 'deposits', 'book', 'log', 'users', 'keys', 'webhooks', 'events']) {
      await open(page, screen)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect([screen, width]).toEqual([screen, 360])
    }
    expect(complaints).toEqual([])
  })
}

/** A thief and an owner use the same refresh token. */
async function replayToken() {
  const { user, password } = service.logins[0]
  const post = (path: string, body: object) =>
    fetch(`${service.url}${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'Content-Type': 'application/json' },
    })
  const { refreshToken } = await (await post('/v1/sessions', { user, password })).json()
  for (const status of [200, 401]) expect((await post('/v1/sessions/refresh', { refreshToken })).status).toBe(status)
}

function visitConsole(locale = 'en-GB', viewport = { width: 1280, height: 900 }) {
  return visit(browser, `${service.url}/console.html`, { locale, viewport }, '#user')
}

async function enter(
  page: Page,
  language: Language = 'en',
  login: Pick<DemoLogin, 'user' | 'password'> = service.logins[0],
) {
  await page.fill('#user', login.user)
  await page.fill('#password', login.password)
  await page.getByRole('button', { name: TEXTS[language].console.logIn }).click()
  await page.locator('#contract').waitFor()
}

/** Goes to a screen by the menu. */
async function open(page: Page, screen: string) {
  await page.locator(`.menu a[href="#${screen}"]`).click()
  await page.locator(`.menu a[href="#${screen}"][aria-current]`).waitFor()
}

/** @param at - which of the buttons of that name. */
async function download(page: Page, name: string, at = 0): Promise<Uint8Array> {
  const pressed = page.getByRole('button', { name }).nth(at).click()
  const [file] = await Promise.all([page.waitForEvent('download'), pressed])
  return new Uint8Array(readFileSync(await file.path()))
}
