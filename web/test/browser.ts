import { toolPath } from '@cinnabar/bench/checkers/tools'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The system's Chromium. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: toolPath('chromium'), args: FLAGS })
}

/** A page in a fresh profile, and all that it asked for and complained of. */
export interface Visit {
  readonly page: Page
  /** Method and address of each request, with its body's length if it has one. */
  readonly requests: string[]
  readonly complaints: string[]
}

/** Opens an address as a visitor who was never there, and waits for the element `ready`. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  ready = '#files',
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Shanghai', ...options })
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    const body = request.postDataBuffer()
    requests.push(`${request.method()} ${request.url()}${body === null ? '' : ` with ${body.length} bytes`}`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(url)
  await page.waitForSelector(ready, { state: 'attached' })
  return { page, requests, complaints }
}

/** Chooses files as a reader does, by the chooser. */
export function choose(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const chosen = Object.entries(files).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }))
  return page.setInputFiles('#files', chosen)
}

/** The verdict's title, once the check has ended. */
export async function verdictOn(page: Page): Promise<string | null> {
  return page.locator('#verdict-title').textContent()
}
