import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Report } from '../src/model/report'
import { verify } from '../src/verify/verify'
import { faultsOf } from './verify-cases'

// INDEX.tsv beside the folders names each file's origin. On CI the folder is never missing.
const FOLDER = resolve(__dirname, '../../../shared/corpus')
const REQUIRED = process.env.CI === 'true'
const present = existsSync(FOLDER)
const AT = new Date('2026-12-01T00:00:00Z')
const MAX_MS = 2000

/** Files whose every signature stands, as public tools agree: what follows it is nothing, validation data or another signature. */
const INTACT = [
  'dss--DSS1376-rev_n-5.pdf',
  'dss--belgian_pki_multiple_ocsps_lt.pdf',
  'dss--check_custom_10_20.pdf',
  'dss--dss-2058-QC-LTA-test.pdf',
  'dss--john-doe-lta.pdf',
  'dss--pades-epes.pdf',
  'dss--pades-ltv-from-epes.pdf',
  'pyHanko--pades-lta-dss-indirect-arrs-test-2.pdf',
  'pyHanko--sig-with-ski-sid.pdf',
  'qpdf--digitally-signed.pdf',
]

/** Files that somebody tampered with, filled in or relabelled after a signature. */
const CHANGED: Readonly<Record<string, string>> = {
  'dss--DSS1376-rev_n-2.pdf': 'failed CHANGED_AFTER_SEAL',
  'dss--Signature-P-DE_SCI-4.pdf': 'failed CHANGED_AFTER_SEAL',
  'dss--pdf-structtreeroot-changes.pdf': 'failed CHANGED_AFTER_SEAL',
  'pdf.js--signed_verified.pdf': 'failed BYTE_RANGE_GAP',
  'pyHanko--base.pdf': 'failed CHANGED_AFTER_SEAL',
  'pyHanko--form-update-override-appearance-stream-ap-indirect-sneaky.pdf': 'failed CHANGED_AFTER_SEAL',
}

async function judged(folder: string, file: string): Promise<Report> {
  const pdf = new Uint8Array(readFileSync(join(FOLDER, folder, file)))
  const began = performance.now()
  const report = await verify({ pdf, at: AT })
  expect(performance.now() - began).toBeLessThan(MAX_MS)
  return report
}

const files = (folder: string) =>
  (present ? readdirSync(join(FOLDER, folder)) : []).filter((name) => name.endsWith('.pdf'))

if (!present && !REQUIRED) {
  it.skip('verify on files that we did not make: the folder shared/corpus is missing', () => undefined)
} else {
  describe.each(['signed', 'inputs'])('verify on files that we did not make, %s', (folder) => {
    it('has them', () => {
      expect(files(folder).length).toBeGreaterThan(100)
    })

    it.each(files(folder))('%s is never passed without trust, and judged soon', async (file) => {
      const report = await judged(folder, file)
      expect(report.outcome).not.toBe('passed')
      for (const signature of report.signatures) expect(signature.checks).toHaveLength(6)
    })
  })

  it.each(INTACT)('finds the signatures of %s intact', async (file) => {
    const { signatures } = await judged('signed', file)
    expect(signatures.length).toBeGreaterThan(0)
    for (const signature of signatures) {
      expect([faultsOf(signature).integrity, faultsOf(signature).signature]).toEqual([undefined, undefined])
    }
  })

  it.each(Object.entries(CHANGED))('finds %s changed', async (file, found) => {
    const { signatures } = await judged('signed', file)
    expect(signatures.map((signature) => faultsOf(signature).integrity)).toContain(found)
  })
}
