import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromLatin1, latin1, type RenderComparison, type Report, sealedRevisions, TrustFormat } from '@cinnabar/core'
import { ATTACK_CLASSES, PERMITTED, SealedFile, save } from '@cinnabar/fixtures'
import { array, dict, name, number } from '../../../core/src/pdf/objects'
import { oneSeal, type Sample, twoSeals } from '../../../core/src/testing/sealed-evidence'
import { contractPdf } from '../../../core/src/testing/sealed-sample'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { newPlace, type Place, runCli } from '../../test/run-cli'
import { compareRevision } from '../render/compare-revision'
import { renderEn } from '../texts/render-en'

// The engine runs in a process of its own, from what is built: node scripts/build.mjs.

const FORM = '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [7 0 R]>>>>'
const FIELD =
  '<</FT /Tx /T (Amount) /V () /DA (/F1 12 Tf) /Type /Annot /Subtype /Widget /Rect [72 100 200 120] /F 4 /AP <</N 8 0 R>>>>'
const drawn = (content: string) =>
  `<</Subtype /Form /BBox [0 0 128 20] /Resources <</Font <</F1 5 0 R>>>> /Length ${content.length}>>\nstream\n${content}\nendstream`
const P2 = dict({ TransformMethod: name('DocMDP'), TransformParams: dict({ P: number(2) }) })

let world: World
let sample: Sample
let place: Place

beforeAll(async () => {
  world = await newWorld()
  const base = save(contractPdf('/Annots [7 0 R]'), { 1: FORM, 7: FIELD, 8: drawn('') })
  sample = await oneSeal(world, { base, seal: { entries: { Reference: array([P2]) } } })
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('evidence.zip', sample.evidence[0])
  await place.put('trust.json', TrustFormat.encode(world.trust))
})
afterEach(() => place.remove())

const GIVEN = ['--trust', 'trust.json', '--evidence', 'evidence.zip']

interface Told {
  readonly exit: number
  readonly report: Report
  readonly comparison: RenderComparison
}

async function compared(pdf: Uint8Array, ...more: readonly string[]): Promise<Told> {
  await place.put('file.pdf', pdf)
  const { exit, out } = await runCli(place, ['verify', 'file.pdf', ...GIVEN, '--json', '--compare-render', ...more])
  return { exit, ...(JSON.parse(out) as Omit<Told, 'exit'>) }
}

/** The amount filled in, as the seal permits. */
function filled(): Uint8Array {
  const field = new SealedFile(sample.pdf).text(7).replace('/V ()', '/V (4711)')
  return save(sample.pdf, { 7: field, 8: drawn('BT /F1 12 Tf 4 5 Td (4711) Tj ET') })
}

const attack = (attackName: string) => {
  const found = ATTACK_CLASSES.flatMap(({ attacks }) => attacks).find(([one]) => one === attackName)
  if (found === undefined) throw new Error(`no attack ${attackName}`)
  return found[2]
}

describe('cinnabar verify --compare-render', () => {
  it('shows a form filled in honestly, on its page and at its place, and leaves the verdict passed', async () => {
    const { exit, report, comparison } = await compared(filled())
    expect([exit, report.outcome]).toEqual([0, 'passed'])
    expect(report).not.toHaveProperty('comparison')
    const [revision] = comparison.revisions
    expect(revision).toMatchObject({ field: 'Seal', state: 'differs', pagesCompared: 1, remarks: [] })
    expect(revision.bytes).toBe(sample.pdf.length)
    const [page] = revision.differing
    expect(page.text.changes.map(({ change, text }) => `${change} ${text}`)).toEqual([
      'removed [Amount] ',
      'added [Amount] 4711',
    ])
    const [area] = page.picture?.areas ?? []
    // 72 to 200 points from the left, 722 to 742 from the top.
    expect(area.x).toBeGreaterThan(25)
    expect(area.x + area.width).toBeLessThan(71)
    expect(area.y).toBeGreaterThan(254)
    expect(area.y + area.height).toBeLessThan(262)
  })

  it('shows a text put in place of another, beside the verdict that verification gave', async () => {
    const { exit, report, comparison } = await compared(attack('with another page content')(sample.pdf))
    expect([exit, report.outcome]).toEqual([1, 'failed'])
    const { changes } = comparison.revisions[0].differing[0].text
    expect(changes.filter(({ change }) => change === 'added')).toEqual([
      { change: 'added', text: 'Pay ten times as much.' },
    ])
    expect(changes.filter(({ change }) => change === 'removed')).toHaveLength(30)
  })

  it('shows a page put before the others', async () => {
    const { comparison } = await compared(pageBefore())
    expect(comparison.revisions[0]).toMatchObject({ pagesBefore: 1, pagesAfter: 2, pagesCompared: 2, state: 'differs' })
    expect(comparison.revisions[0].differing.map(({ state }) => state)).toEqual(['differs', 'added'])
  })

  it('finds nothing to compare when nothing follows the seal, and no difference in validation data', async () => {
    const plain = await compared(sample.pdf)
    expect(plain.comparison.revisions[0]).toMatchObject({ state: 'unchanged', differing: [] })
    const { exit, comparison } = await compared(PERMITTED[0][1](sample.pdf))
    expect(exit).toBe(0)
    expect(comparison.revisions[0]).toMatchObject({ state: 'same', pagesCompared: 1, differing: [], remarks: [] })
  })

  it('says of pages that are the same that what no page shows is not compared', async () => {
    const { exit, comparison } = await compared(attack('with a script that runs when opened')(sample.pdf))
    expect([exit, comparison.revisions[0].state]).toEqual([1, 'same'])
    const { out } = await runCli(place, ['verify', 'file.pdf', ...GIVEN, '--compare-render'])
    expect(out).toContain(renderEn.sameMeans)
  })

  it('compares since the first seal, since the one that is named, or since all', async () => {
    const { pdf } = await twoSeals(world)
    const [first, last] = sealedRevisions(pdf).map(({ field }) => String(field))
    const since = async (...from: readonly string[]) =>
      (await compared(pdf, ...from)).comparison.revisions.map(({ field, state }) => `${field} ${state}`)
    expect(await since()).toEqual([`${first} differs`])
    expect(await since('--render-from', last)).toEqual([`${last} unchanged`])
    expect(await since('--render-from', 'all')).toEqual([`${first} differs`, `${last} unchanged`])
  })

  it('refuses a field without a signature before anything is verified', async () => {
    await place.put('file.pdf', sample.pdf)
    const { exit, err, out } = await runCli(place, ['verify', 'file.pdf', ...GIVEN, '--render-from', 'Amount'])
    expect([exit, out]).toEqual([64, ''])
    expect(err).toContain('[RENDER_FROM_UNKNOWN]')
  })

  it('says so when there is no seal, or the file asks for a password, or is no PDF', async () => {
    expect((await compared(contractPdf())).comparison.revisions).toEqual([])
    const locked = await compared(encrypted())
    expect(locked.comparison.revisions[0]).toMatchObject({
      state: 'unread',
      remarks: [{ code: 'ENCRYPTED', side: 'now' }],
    })
    expect(locked.report.outcome).not.toBe('passed')
    const nothing = await compared(fromLatin1('%PDF-1.7 /ByteRange [0 1 2 20] nothing else at all'))
    expect(nothing.comparison.revisions[0]).toMatchObject({
      field: null,
      state: 'unread',
      remarks: [{ code: 'UNREADABLE' }],
    })
  })

  it('tells people after the report, in their language, and writes the pages where they want them', async () => {
    await place.put('file.pdf', filled())
    const plain = await runCli(place, ['verify', 'file.pdf', ...GIVEN])
    const { exit, out } = await runCli(place, ['verify', 'file.pdf', ...GIVEN, '--render-out', 'pages'])
    expect(exit).toBe(0)
    expect(out.startsWith(plain.out)).toBe(true)
    expect(out.slice(plain.out.length)).toContain('+ [Amount] 4711')
    const names = ['seal-1-page-1-after.png', 'seal-1-page-1-before.png', 'seal-1-page-1-difference.png']
    expect((await readdir(place.path('pages'))).sort()).toEqual(names)
    const png = await readFile(place.path(join('pages', names[2])))
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    const again = await runCli(place, ['verify', 'file.pdf', ...GIVEN, '--render-out', 'pages', '--lang', 'zh'])
    expect(again.exit).toBe(0)
    expect(again.err).toContain('[OUTPUT_EXISTS]')
    expect(again.out).toContain('第 1 页')
  })
})

/** A save after which everything asks for a password: RC4, 40 bits, and digests that fit no password. */
function encrypted(): Uint8Array {
  const { next } = new SealedFile(sample.pdf)
  const digest = `<${'5a'.repeat(32)}>`
  const handler = `<</Filter /Standard /V 1 /R 2 /O ${digest} /U ${digest} /P -4>>`
  const id = '/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]'
  return save(sample.pdf, { [next]: handler }, `/Info 6 0 R ${id} /Encrypt ${next} 0 R`)
}

/** A page of its own before the sealed one. */
function pageBefore(): Uint8Array {
  const file = new SealedFile(sample.pdf)
  const tree = file.text(2).replace('[3 0 R]', `[${file.next} 0 R 3 0 R]`).replace('/Count 1', '/Count 2')
  return save(sample.pdf, { 2: tree, [file.next]: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>' })
}

/** The sealed page made into two, of which the first one draws without end. */
function pageBomb(forms: (first: number) => Readonly<Record<number, string>>): Uint8Array {
  const file = new SealedFile(sample.pdf)
  const { next } = file
  const bomb = `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${next + 1} 0 R /Resources <</XObject <</F ${next + 2} 0 R>>>>>>`
  const tree = file.text(2).replace('[3 0 R]', `[${next} 0 R 3 0 R]`).replace('/Count 1', '/Count 2')
  return save(sample.pdf, { 2: tree, [next]: bomb, [next + 1]: stream('', '/F Do'), ...forms(next + 2) })
}

const stream = (entries: string, content: string) =>
  `<<${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`

/** Each of 40 forms draws the next one twice. */
function doubling(first: number): Readonly<Record<number, string>> {
  const one = (next: number) =>
    stream(`/Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</F ${next} 0 R>>>>`, '/F Do /F Do')
  const forms = Array.from({ length: 40 }, (_, i) => [first + i, one(first + i + 1)] as const)
  return Object.fromEntries([...forms, [first + 40, stream('/Subtype /Form /BBox [0 0 9 9]', '0 0 9 9 re f')]])
}

describe('a hostile file', () => {
  it('is cut off at the page that takes too long, and the pages after it are compared all the same', async () => {
    const file = pageBomb(doubling)
    const [revision] = sealedRevisions(file)
    const began = performance.now()
    const found = await compareRevision(file, revision, { limits: { pageMs: 1_500 } })
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(found.remarks).toEqual([
      { code: expect.stringMatching(/^PAGE_TOO_SLOW$|^OUT_OF_MEMORY$/), page: 1, detail: expect.any(String) },
    ])
    expect(found).toMatchObject({ pagesBefore: 1, pagesAfter: 2, pagesCompared: 1, state: 'differs' })
    expect(found.differing.map(({ page, state }) => [page, state])).toEqual([[2, 'added']])
  })

  it('ends with its time, and says what was not compared', async () => {
    const file = pageBomb(doubling)
    const found = await compareRevision(file, sealedRevisions(file)[0], { limits: { totalMs: 1_200 } })
    expect(found.remarks.map(({ code }) => code)).toEqual(['OUT_OF_TIME'])
    expect(found.state).not.toBe('same')
  })

  it('is not read beyond so many pages or bytes', async () => {
    const file = pageBefore()
    const [revision] = sealedRevisions(file)
    const short = await compareRevision(file, revision, { limits: { maxPages: 1 } })
    expect(short).toMatchObject({ pagesCompared: 1, remarks: [{ code: 'TOO_MANY_PAGES', detail: '2 > 1' }] })
    const large = await compareRevision(file, revision, { limits: { maxFileBytes: 1000 } })
    expect(large).toMatchObject({ state: 'unread', remarks: [{ code: 'TOO_LARGE' }] })
  })

  it('that ends the engine without a word is told, and thrown by nobody', async () => {
    const file = latin1(filled())
    const [revision] = sealedRevisions(fromLatin1(file))
    const childFile = await place.put('dies.js', 'process.once("message", () => process.exit(3))')
    const died = await compareRevision(fromLatin1(file), revision, { childFile })
    expect(died).toMatchObject({ state: 'unread', remarks: [{ code: 'ENGINE_FAILED', detail: '3' }] })
    const killer = await place.put('killed.js', 'process.once("message", () => process.kill(process.pid, "SIGKILL"))')
    const killed = await compareRevision(fromLatin1(file), revision, { childFile: killer })
    expect(killed.remarks.map(({ code }) => code)).toEqual(['OUT_OF_MEMORY'])
    const absent = await compareRevision(fromLatin1(file), revision, { childFile: place.path('absent.js') })
    expect(absent).toMatchObject({ state: 'unread', remarks: [{ code: 'ENGINE_FAILED' }] })
  })
})
