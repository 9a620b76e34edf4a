import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compiled } from '../../lib/dist.mjs'

const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const VISITS = [
  { language: 'zh', locale: 'zh-CN', viewport: { width: 1280, height: 900 }, what: 'screen' },
  { language: 'en', locale: 'en-GB', viewport: { width: 375, height: 760 }, what: 'phone' },
]

/** Logs in to the console in Chromium and opens the book, on a desk in Chinese and on a phone in English. */
export async function openBookOnScreen({ root, results, name, login, service }) {
  const { toolPath } = await compiled(root, 'bench/dist/checkers/tools.js')
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core')
  const browser = await chromium.launch({ executablePath: toolPath('chromium'), args: FLAGS.split(' ') })
  try {
    const screens = []
    for (const visit of VISITS) screens.push(await look(browser, { ...visit, results, name, login, service }))
    return screens
  } finally {
    await browser.close()
  }
}

async function look(browser, { language, locale, viewport, what, results, name, login, service }) {
  const context = await browser.newContext({ locale, viewport, timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  await page.goto(`${service.url}/console.html#book`)
  await page.fill('#user', login.user)
  await page.fill('#password', login.password)
  await page.click('button[type=submit]')
  await page.locator('.listing tbody tr').first().waitFor()
  const finding = page.locator('#book-finding')
  const image = `${name}-${what}-${language}.png`
  if (what === 'phone') await finding.evaluate((element) => element.scrollIntoView())
  await page.screenshot({ path: join(results, image), fullPage: what === 'screen' })
  const outcome = (await finding.getAttribute('class')).replace('verdict ', '')
  const gapRows = await page.locator('tr.gap td:first-child').allTextContents()
  const seen = { image, outcome, finding: await finding.textContent(), gapRows: gapRows.map(Number) }
  await context.close()
  return seen
}
