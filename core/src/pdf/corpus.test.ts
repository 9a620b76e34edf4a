import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { equal, fromLatin1 } from '../encode/bytes'
import { readPdf } from './document'
import { dict } from './objects'
import { pageSizeMm, rectOnPage } from './page-geometry'
import { pageAt } from './pages'
import { PdfError } from './pdf-error'
import { addSignatureField, embedContents } from './sign-placeholder'
import { signatureFields } from './signature-field'
import { signedRange } from './signed-range'

// INDEX.tsv beside the folder names each file's origin. On CI the folder and qpdf are never missing.
const FOLDER = resolve(__dirname, '../../../../shared/corpus/inputs')
const QPDF = spawnSync('qpdf', ['--version']).status === 0
const REQUIRED = process.env.CI === 'true'

/** What each file that is not sealed is refused for. Every other one must be sealed. */
const REFUSED: Readonly<Record<string, string>> = {
  'core--PDFBOX-3977.pdf': 'PDF_DAMAGED',
  'core--PDFBOX-4153.pdf': 'PDF_DAMAGED',
  'core--PasswordSample-256bit.pdf': 'PDF_ENCRYPTED',
  'pdf.js--issue17147.pdf': 'PDF_DAMAGED',
  'pdf.js--issue19484_1.pdf': 'PDF_ENCRYPTED',
  'pdf.js--issue19484_2.pdf': 'PDF_ENCRYPTED',
  'pdf.js--pr6531_2.pdf': 'PDF_ENCRYPTED',
  'qpdf--append-page-content-damaged.pdf': 'PDF_DAMAGED',
  'qpdf--c-r4.pdf': 'PDF_ENCRYPTED',
  'safedocs--unicode-corrigendum5-unicode32-once.pdf': 'PDF_ENCRYPTED',
  'safedocs--unicode-test-U2F874-wrong.pdf': 'PDF_ENCRYPTED',
  'sample-files--libreoffice-writer-password.pdf': 'PDF_ENCRYPTED',
}

const appearance = { content: fromLatin1('0 0 10 10 re f'), bbox: [0, 0, 10, 10] as const, resources: dict({}) }

function seal(bytes: Uint8Array): Uint8Array {
  const document = readPdf(bytes)
  const page = pageAt(document, 0)
  const { widthMm, heightMm } = pageSizeMm(page)
  const placement = { xMm: widthMm / 4, yMm: heightMm / 4, widthMm: widthMm / 2, heightMm: heightMm / 2 }
  const rect = rectOnPage(page, placement)
  const placeholder = addSignatureField(document, { page: 0, rect, fieldName: 'Seal', appearance, contentsBytes: 512 })
  return embedContents(placeholder, new Uint8Array(300).fill(7))
}

function outcome(bytes: Uint8Array): Uint8Array | string {
  try {
    const once = seal(bytes)
    const twice = seal(once)
    expect(equal(twice.subarray(0, once.length), once) && equal(once.subarray(0, bytes.length), bytes)).toBe(true)
    return twice
  } catch (error) {
    if (error instanceof PdfError) return error.code
    throw error
  }
}

/** qpdf's exit code and its complaints, numbers left out since offsets differ. */
function complaints(file: string): string[] {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', file], { encoding: 'utf8' })
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => /WARNING|ERROR|error:/.test(line))
  return [`exit ${status}`, ...lines.map((line) => line.replaceAll(file, '').replace(/\d+/g, ''))]
}

const here = existsSync(FOLDER)
const suite = here || REQUIRED ? describe : describe.skip

suite('the corpus of files that nobody here made', () => {
  const files = here ? readdirSync(FOLDER).filter((file) => file.endsWith('.pdf')) : []
  const read = (file: string) => new Uint8Array(readFileSync(join(FOLDER, file)))

  it('is there', () => expect(files.length).toBeGreaterThan(100))

  it('is sealed twice with its bytes kept, or refused by name', () => {
    for (const file of files) {
      const out = outcome(read(file))
      expect([file, typeof out === 'string' ? out : 'sealed']).toEqual([file, REFUSED[file] ?? 'sealed'])
      if (typeof out === 'string') continue
      const document = readPdf(out)
      const signed = signatureFields(document).filter((field) => field.state === 'signed')
      const ranges = signed.slice(-2).map((field) => signedRange(document, field))
      expect([file, ranges.map(({ ok }) => ok)]).toEqual([file, [true, true]])
    }
  })

  const withQpdf = QPDF || REQUIRED ? it : it.skip
  withQpdf(
    'has no more faults after sealing, as qpdf sees it',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'pdf-corpus-'))
      try {
        for (const file of files) {
          const out = outcome(read(file))
          if (typeof out === 'string') continue
          const sealed = join(folder, 'sealed.pdf')
          writeFileSync(sealed, out)
          const before = complaints(join(FOLDER, file))
          expect([file, complaints(sealed).filter((line) => !before.includes(line) && line !== 'exit 0')]).toEqual([
            file,
            [],
          ])
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    40_000,
  )
})
