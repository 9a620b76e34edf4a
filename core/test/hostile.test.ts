import { HOSTILE_FILES, type HostileScene } from '@cinnabar/fixtures'
import { readPdf } from '../src/pdf/document'
import { PdfError } from '../src/pdf/pdf-error'
import { oneSeal } from '../src/testing/sealed-evidence'
import { verify } from '../src/verify/verify'
import { given } from './verify-cases'

function scene(): HostileScene {
  const { world, one } = given()
  const withCms = async (change: (cms: Uint8Array) => Uint8Array) => {
    let length = 0
    const measure = (cms: Uint8Array) => {
      length = change(cms).length
      return cms
    }
    await oneSeal(world, { seal: { contentsBytes: 1 << 15, cms: measure } })
    return (await oneSeal(world, { seal: { contentsBytes: length + 64, cms: change } })).pdf
  }
  const sealed = async (base: Uint8Array) => (await oneSeal(world, { base })).pdf
  return { pdf: one.pdf, evidence: one.evidence[0], withCms, sealed }
}

async function judged(name: string, size?: number) {
  const file = HOSTILE_FILES.find((one) => one.name === name)
  if (file === undefined) throw new Error(`no hostile file is called ${name}`)
  const bytes = await file.make(size ?? file.size, scene())
  const sample = given().one
  return file.kind === 'pdf' ? verify({ ...sample, pdf: bytes }) : verify({ ...sample, evidence: [bytes] })
}

describe('a file made to keep a verifier busy is named:', () => {
  it.each([
    ['ten thousand saves', undefined, 'indeterminate PDF_TOO_COMPLEX'],
    ['numbers in one array', 4_000_000, 'indeterminate PDF_TOO_COMPLEX'],
    ['ten thousand signatures', undefined, 'indeterminate PDF_TOO_COMPLEX'],
    ['signatures that each cover the file', undefined, 'indeterminate PDF_TOO_COMPLEX'],
    ['fields with long names', 20_000, 'indeterminate PDF_TOO_COMPLEX'],
    ['entries for one object', 2000, 'indeterminate PDF_TOO_COMPLEX'],
    ['XMP that is hard to match', undefined, 'failed CHANGED_AFTER_SEAL'],
    ['a CMS of empty certificates', 100_000, 'failed CMS_UNSUPPORTED'],
    ['a CMS of empty certificates in BER', 200_000, 'failed CMS_INVALID'],
    ['a CMS of octets in segments', 1_000_000, 'failed CMS_INVALID'],
    ['a CMS that is too long', undefined, 'indeterminate PDF_TOO_COMPLEX'],
    ['evidence nested deep', 1_000_000, 'indeterminate REVOCATION_UNKNOWN'],
    ['runs of one byte', 500_000, 'indeterminate NO_SEAL'],
    ['one large picture, drawn often', 1000, 'indeterminate NO_SEAL'],
  ])('%s', async (name, size, expected) => {
    const { outcome, code } = await judged(name, size)
    expect(`${outcome} ${code}`).toBe(expected)
  })
})

describe('what a file may cost', () => {
  const steps = (pdf: Uint8Array, maxSteps: number) => {
    try {
      return readPdf(pdf, { limits: { maxSteps } }).pages().length
    } catch (refusal) {
      if (refusal instanceof PdfError) return refusal.code
      throw refusal
    }
  }

  it('is counted and not timed: the same file costs the same', () => {
    const { pdf } = given().one
    const least = [...Array(40).keys()].find((i) => steps(pdf, 250 * i) === 1) ?? 0
    expect(least).toBeGreaterThan(1)
    expect(steps(pdf, 250 * (least - 1))).toBe('PDF_TOO_COMPLEX')
    expect(steps(pdf, 250 * least)).toBe(1)
  })

  it('is shared by the readers of all its revisions', async () => {
    const { two } = given()
    const alone = readPdf(two.pdf)
    const signed = readPdf(two.pdf.subarray(0, alone.revisions[1].end), { longer: alone, objects: 'asNeeded' })
    expect(signed.work).toBe(alone.work)
  })
})
