import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTrust, verify } from '@cinnabar/core'
import type { Browser, Page } from 'playwright-core'
import { describeWithTools } from '../../bench/test/with-tools'
import { TEXTS } from '../src/texts'
import { launchChromium, visit } from './browser'
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
})

function visitConsole() {
  return visit(browser, `${service.url}/console.html`, {}, '#user')
}

async function enter(page: Page) {
  const { user, password } = service.logins[0]
  await page.fill('#user', user)
  await page.fill('#password', password)
  await page.getByRole('button', { name: words.logIn }).click()
  await page.locator('#contract').waitFor()
}

async function download(page: Page, name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return new Uint8Array(readFileSync(await file.path()))
}
