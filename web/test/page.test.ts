import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { qrTextOf, type Report, type SealSignatureId, sealSignatureIds } from '@cinnabar/core'
import type { Browser } from 'playwright-core'
import { describeWithTools } from '../../bench/test/with-tools'
import { sampleTrust } from '../src/testing/sample-trust'
import { TEXTS } from '../src/texts'
import { choose, launchChromium, verdictOn, visit } from './browser'
import { type Service, startService } from './service'

const { en, zh } = TEXTS
const FOREIGN = readFileSync(join(__dirname, '../../fixtures/contracts/en-service-agreement.pdf'))
const PHONE = { viewport: { width: 360, height: 740 } }

let service: Service
let browser: Browser

/** The sealed file with one bit of its first revision turned. */
function tampered(): Buffer {
  const bytes = Buffer.from(service.pdf)
  bytes[3000] ^= 1
  return bytes
}

const all = () => ({ 'contract.pdf': service.pdf, 'evidence.zip': service.evidence, 'trust.json': service.trust })

describeWithTools(['chromium'], 'the page', () => {
  beforeAll(async () => {
    service = await startService()
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await service.close()
  })
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  describe('from disk', fromDisk)
  describe('served', served)
  describe('reached by a QR code', byQrCode)
})

function fromDisk() {
  it('passes a sealed file with its evidence and a trust file, and asks nobody for anything', async () => {
    const { page, requests, complaints } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
    expect(await page.locator('.seal .check.passed').count()).toBe(12)
    expect(await page.locator('.caveat strong').allTextContents()).toEqual([
      en.verdict.singleOperator,
      en.verdict.demonstration,
    ])
    await page.locator('.page-list').scrollIntoViewIfNeeded()
    await page.locator('.frame').nth(1).waitFor()
    expect(requests.filter((one) => !/^GET (file:.*\/verify\.html|blob:null\/[0-9a-f-]+)$/.test(one))).toEqual([])
    expect(complaints).toEqual([])
  })

  it('draws the page with each seal inside its frame', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await page.locator('.page-list').scrollIntoViewIfNeeded()
    const frame = page.locator('.frame.passed').first()
    await frame.scrollIntoViewIfNeeded()
    expect(await frame.getAttribute('aria-label')).toContain('江州市行政审批局公章')
    const box = await frame.boundingBox()
    const drawn = await page.locator('.paper-sheet canvas').first().evaluate(redPixels, box)
    expect(drawn.red).toBeGreaterThan(200)
    expect(drawn.outside).toBe(0)
  })

  it.each([
    ['a sealed file in which one bit was turned', () => tampered(), en.verdict.failedTitle],
    ['a foreign PDF without a seal', () => FOREIGN, en.verdict.noSealTitle],
    ['what only begins like a PDF', () => Buffer.from('%PDF-1.7\nhello'), en.verdict.unreadableTitle],
  ])('says of %s what it is', async (_, pdf, title) => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...all(), 'contract.pdf': pdf() })
    expect(await verdictOn(page)).toBe(title)
    expect(await page.locator('.verdict').getAttribute('class')).not.toContain('passed')
  })

  it('proves nothing without a trust file, and checks again once it has one', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { 'contract.pdf': service.pdf, 'evidence.zip': service.evidence })
    expect(await verdictOn(page)).toBe(en.verdict.indeterminateTitle)
    expect(await page.locator('.reasons li').allTextContents()).toEqual([en.why.noTrust])
    await choose(page, { 'trust.json': service.trust })
    await page.getByText(en.verdict.passedTitle).first().waitFor()
  })

  it('asks before it takes another trust file, and says when one came with the document', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await page.getByText(en.trust.together).waitFor()
    const other = service.trust.toString('utf8').replace('"version":1', '"version":2')
    await choose(page, { 'other.json': Buffer.from(other) })
    await page.getByText(en.trust.changed('other.json')).waitFor()
    await page.getByRole('button', { name: en.trust.keep }).click()
    expect(await page.locator('.warn').count()).toBe(0)
  })

  it('stops using a trust file whose certificates are none', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...all(), 'trust.json': sampleTrust() })
    await page.getByText(en.problem.brokenTrust('trust.json')).waitFor()
    expect(await verdictOn(page)).toBe(en.verdict.indeterminateTitle)
  })

  it('shows a hostile name as text', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    const name = '<img src=x onerror=document.title=1>\u202e.pdf'
    await choose(page, { ...all(), [name]: service.pdf, 'contract.pdf': new Uint8Array(0) })
    await verdictOn(page)
    expect(await page.locator('.chosen-name').first().textContent()).toBe(name.replace('\u202e', '\ufffd'))
    expect(await page.locator('img').count()).toBe(0)
  })

  it('gives the report away as the JSON that every other way to verify gives', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: en.details.download }).click(),
    ])
    const report: Report = JSON.parse(readFileSync(await download.path(), 'utf8'))
    expect(download.suggestedFilename()).toBe('contract.report.json')
    expect(report).toMatchObject({ outcome: 'passed', code: 'OK', trust: { singleOperator: true } })
  })

  it('is read in Chinese by who asks for it, switches by keyboard, and keeps the focus there', async () => {
    const { page } = await visit(browser, service.verifyHtml, { locale: 'zh-CN' })
    await choose(page, all())
    expect(await verdictOn(page)).toBe(zh.verdict.passedTitle)
    await page.locator('#language').focus()
    await page.keyboard.press('Enter')
    expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
    expect(await page.evaluate(() => [document.activeElement?.id, document.documentElement.lang])).toEqual([
      'language',
      'en',
    ])
  })

  it('remembers nothing: any page on the same disk could have written it', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await verdictOn(page)
    await page.reload()
    await page.getByText(en.trust.none).waitFor()
  })
}

function served() {
  it('pins the trust file on first use and says so, sends the ids inside the file only, and passes it', async () => {
    const { page, requests, complaints } = await visit(browser, service.url)
    await page.getByText(en.trust.servedMeans).waitFor()
    await choose(page, { 'contract.pdf': service.pdf })
    expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
    const asked = sealSignatureIds(new Uint8Array(service.pdf)).map((id) => `GET /v1/evidence/${id}`)
    const told = await page.locator('.requests li').allTextContents()
    expect(told).toEqual(['GET /v1/trust', ...asked])
    const sent = requests.map((one) => one.replace(service.url, '')).filter((one) => !one.startsWith('GET /assets/'))
    expect(sent).toEqual(['GET /', ...told])
    expect(complaints).toEqual([])
  })

  it('loads the viewer only when the pages come near', async () => {
    const { page, requests } = await visit(browser, service.url, { viewport: { width: 1280, height: 600 } })
    await choose(page, { 'contract.pdf': service.pdf })
    await verdictOn(page)
    const viewer = () => requests.filter((one) => /open-pdf|pdf\.worker/.test(one)).length
    expect(viewer()).toBe(0)
    await page.locator('.page-list').scrollIntoViewIfNeeded()
    await page.locator('.frame').first().waitFor()
    expect(viewer()).toBe(2)
  })

  it('asks the service for nothing when the reader brings the evidence', async () => {
    const { page, requests } = await visit(browser, service.url)
    await page.getByText(en.trust.servedMeans).waitFor()
    await choose(page, { 'contract.pdf': service.pdf, 'evidence.zip': service.evidence })
    expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
    expect(requests.filter((one) => one.includes('/v1/evidence'))).toEqual([])
  })

  it("keeps the reader's own trust file over visits until it is forgotten", async () => {
    const { page } = await visit(browser, service.url)
    await page.getByRole('button', { name: en.trust.forget }).click()
    await page.getByText(en.trust.none).waitFor()
    await choose(page, { 'mine.json': service.trust })
    await page.getByText(en.trust.ownMeans).waitFor()
    await page.reload()
    await page.getByText(en.trust.ownMeans).waitFor()
  })

  it('never passes a file in which one bit was turned', async () => {
    const { page } = await visit(browser, service.url)
    await page.getByText(en.trust.servedMeans).waitFor()
    await choose(page, { 'contract.pdf': tampered() })
    expect(await verdictOn(page)).toBe(en.verdict.failedTitle)
  })

  it.each([
    ['zh-CN', zh],
    ['en-GB', en],
  ] as const)('fits a narrow phone in %s', async (locale, texts) => {
    const { page } = await visit(browser, service.url, { ...PHONE, locale })
    await page.getByText(texts.trust.servedMeans).waitFor()
    await choose(page, { 'contract.pdf': service.pdf })
    await verdictOn(page)
    for (const summary of await page.locator('summary').all()) await summary.click()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })
}

function byQrCode() {
  const address = () => qrTextOf(service.url, sealSignatureIds(new Uint8Array(service.pdf))[0] as SealSignatureId)

  it('shows the recorded seal, institution and time, and that the paper is not checked', async () => {
    const { page } = await visit(browser, address(), { ...PHONE, locale: 'zh-CN' })
    const paper = page.locator('.paper')
    await paper.getByText('江州市行政审批局公章').waitFor()
    expect(await paper.textContent()).toContain(zh.paper.banner)
    expect(await paper.locator('time').count()).toBe(2)
    expect(await page.locator('.passed, .verdict').count()).toBe(0)
    expect(await page.locator('main').textContent()).not.toContain(zh.verdict.passedTitle)
  })

  it('says whether the chosen file is that of the paper', async () => {
    const { page } = await visit(browser, address())
    await choose(page, { 'contract.pdf': service.pdf })
    await page.getByText(en.verdict.paperSame).waitFor()
    await choose(page, { 'contract.pdf': FOREIGN })
    await page.getByText(en.verdict.paperOther).waitFor()
  })

  it('warns of a number that the service does not know', async () => {
    const { page } = await visit(browser, `${service.url}/s/${'0'.repeat(32)}`)
    await page.getByText(en.paper.unknown).waitFor()
  })
}

/** Red pixels of a canvas inside and, among seals, outside the two boxes that the page frames. */
function redPixels(
  canvas: SVGElement | HTMLElement,
  box: { x: number; y: number; width: number; height: number } | null,
) {
  if (!(canvas instanceof HTMLCanvasElement) || box === null) return { red: 0, outside: -1 }
  const place = canvas.getBoundingClientRect()
  const scale = canvas.width / place.width
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
  const frames = [...document.querySelectorAll('.frame')].map((frame) => frame.getBoundingClientRect())
  const inside = (x: number, y: number, { left, top, right, bottom }: DOMRect) =>
    // A pixel's width more: edges are smoothed.
    x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1
  let red = 0
  let outside = 0
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i] < 180 || pixels[i + 1] > 90 || pixels[i + 2] > 90) continue
    const x = place.left + ((i / 4) % canvas.width) / scale
    const y = place.top + Math.floor(i / 4 / canvas.width) / scale
    if (inside(x, y, frames[0])) red++
    if (!frames.some((frame) => inside(x, y, frame))) outside++
  }
  return { red, outside }
}
