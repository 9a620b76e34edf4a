import { fromLatin1, latin1, sealedRevisions } from '@cinnabar/core'
import { replaced, SealedFile, save } from '@cinnabar/fixtures'
import type { Browser, Page } from 'playwright-core'
import { describeWithTools } from '../../bench/test/with-tools'
import { TEXTS } from '../src/texts'
import { choose, launchChromium, verdictOn, visit } from './browser'
import { type Service, startService } from './service'

/** Two pages are drawn twice, by a browser that may have half a processor. */
jest.setTimeout(60_000)

const { en, zh } = TEXTS

let service: Service
let browser: Browser

const all = () => ({ 'contract.pdf': service.pdf, 'evidence.zip': service.evidence, 'trust.json': service.trust })

/** What the sealed contract was when its first seal was set, and bytes after it that no engine makes sense of. */
function fadedAfterSeal(): Uint8Array {
  const [{ end }] = sealedRevisions(new Uint8Array(service.pdf))
  return fromLatin1(`${latin1(service.pdf.subarray(0, end))}\n%% nothing more\n`)
}

/** A price painted over on the sealed page by a later save. */
function overpainted(): Uint8Array {
  const file = new SealedFile(new Uint8Array(service.pdf))
  const [{ ref }] = file.document.pages()
  const page = file.text(ref.number).replace(/\/Contents \[([^\]]*)\]/, `/Contents [$1 ${file.next} 0 R]`)
  const paint = '<</Length 32>>\nstream\n1 1 1 rg 400 500 140 40 re f     \nendstream'
  const painted = save(new Uint8Array(service.pdf), { [ref.number]: page, [file.next]: paint }, '/Info 3 0 R')
  return replaced(painted, '/Root 1 0 R', '/Root 2 0 R')
}

const press = (page: Page) => page.getByRole('button', { name: en.comparison.start }).click()
const ended = (page: Page) => page.locator('.comparison-state').textContent({ timeout: 30_000 })

describeWithTools(['chromium'], 'the comparison with what was sealed', () => {
  beforeAll(async () => {
    service = await startService()
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await service.close()
  })
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  it.each([
    ['from disk', () => service.verifyHtml],
    ['served', () => service.url],
  ])(
    '%s: shows the second seal on its page, both sides marked, and leaves the verdict as it is',
    async (_, address) => {
      const { page, requests, complaints } = await visit(browser, address())
      await choose(page, all())
      expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
      const before = requests.length
      await press(page)
      expect(await ended(page)).toContain('1 page differs')
      expect(await page.locator('.difference').count()).toBe(1)
      expect(await page.locator('.difference .sides img').count()).toBe(2)
      expect(await page.locator('.changed-area').count()).toBe(2)
      expect(await page.locator('.line-changes ins').allTextContents()).toEqual(['[Seal2] '])
      expect(await verdictOn(page)).toBe(en.verdict.passedTitle)
      expect(requests.slice(before).filter((one) => !/ (blob:|http:\/\/127\.0\.0\.1:\d+\/assets\/)/.test(one))).toEqual(
        [],
      )
      expect(complaints).toEqual([])
    },
  )

  it('marks what changed where it is shown: inside the marks the sides differ, outside they do not', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await press(page)
    await ended(page)
    const [inside, outside] = await page.locator('.difference').evaluate(differingPixels)
    expect(inside).toBeGreaterThan(1000)
    expect(outside).toBe(0)
  })

  it('compares since another seal when asked, and says when nothing followed it', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await press(page)
    await ended(page)
    await page.getByRole('button', { name: en.comparison.since('Seal2') }).click()
    await page.getByText(en.comparison.state.unchanged({} as never)).waitFor()
    expect(await page.locator('.difference').count()).toBe(0)
  })

  it('keeps what was found when the language changes', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, all())
    await press(page)
    await ended(page)
    await page.locator('#language').click()
    await page.getByText(zh.comparison.heading).waitFor()
    expect(await page.locator('.difference img').count()).toBe(2)
    expect(await ended(page)).toContain('有 1 页不同')
  })

  it('shows what was painted over in a file that failed, which stays failed', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...all(), 'contract.pdf': overpainted() })
    expect(await verdictOn(page)).toBe(en.verdict.failedTitle)
    await press(page)
    await ended(page)
    await page.getByRole('button', { name: en.comparison.since('Seal2') }).click()
    const marks = page.locator('.difference .sides figure').last().locator('.changed-area')
    await marks.first().waitFor()
    const [mark, paper] = [
      await marks.first().boundingBox(),
      await page.locator('.difference img').last().boundingBox(),
    ]
    // 400 to 540 of 595 points from the left, 302 to 342 of 842 from the top.
    expect(((mark?.x ?? 0) - (paper?.x ?? 0)) / (paper?.width ?? 1)).toBeGreaterThan(0.66)
    expect(((mark?.y ?? 0) - (paper?.y ?? 0)) / (paper?.height ?? 1)).toBeGreaterThan(0.35)
    expect(((mark?.y ?? 0) - (paper?.y ?? 0)) / (paper?.height ?? 1)).toBeLessThan(0.41)
    expect(await verdictOn(page)).toBe(en.verdict.failedTitle)
  })

  it('finds no difference where bytes follow that show nothing', async () => {
    const { page } = await visit(browser, service.verifyHtml)
    await choose(page, { ...all(), 'contract.pdf': fadedAfterSeal() })
    await verdictOn(page)
    await press(page)
    expect(await ended(page)).toContain('No difference: 1 of 1 page compared')
    expect(await page.locator('.comparison').textContent()).toContain(en.comparison.sameMeans)
  })

  it('fits a narrow phone', async () => {
    const { page } = await visit(browser, service.url, { viewport: { width: 360, height: 740 } })
    await page.getByText(en.trust.servedMeans).waitFor()
    await choose(page, { 'contract.pdf': service.pdf })
    await verdictOn(page)
    await press(page)
    await ended(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })
})

/** Pixels in which the two pictures of a page differ: inside the marked areas, and outside all of them. */
async function differingPixels(difference: Element): Promise<readonly [number, number]> {
  const images = [...difference.querySelectorAll('img')]
  const [before, after] = images.map((image) => {
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    return canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray()
  })
  const paper = images[1].getBoundingClientRect()
  const scale = images[1].naturalWidth / paper.width
  const marks = [...(images[1].parentElement?.querySelectorAll('.changed-area') ?? [])].map((mark) =>
    mark.getBoundingClientRect(),
  )
  const counts: [number, number] = [0, 0]
  for (let i = 0; i < after.length; i += 4) {
    const most = Math.max(...[0, 1, 2].map((channel) => Math.abs(before[i + channel] - after[i + channel])))
    if (most <= 16) continue
    const x = paper.left + ((i / 4) % images[1].naturalWidth) / scale
    const y = paper.top + Math.floor(i / 4 / images[1].naturalWidth) / scale
    // Areas are told to a tenth of a millimetre.
    const isInside = marks.some(
      ({ left, top, right, bottom }) => x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1,
    )
    counts[isInside ? 0 : 1]++
  }
  return counts
}
