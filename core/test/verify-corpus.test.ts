import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CheckName, Report, SignatureReport } from '../src/model/report'
import { verify } from '../src/verify/verify'

// INDEX.tsv beside the folders names each file's origin. On CI the folder is never missing.
const FOLDER = resolve(__dirname, '../../../shared/corpus')
const REQUIRED = process.env.CI === 'true'
const present = existsSync(FOLDER)
const AT = new Date('2026-12-01T00:00:00Z')
const MAX_MS = 2000

/** What is expected of each signed file, with its reason, was written down before it was verified. */
const EXPECTED = readFileSync(resolve(__dirname, '../../fixtures/expected.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))

async function judged(folder: string, file: string): Promise<Report> {
  const pdf = new Uint8Array(readFileSync(join(FOLDER, folder, file)))
  const began = performance.now()
  const report = await verify({ pdf, at: AT })
  expect(performance.now() - began).toBeLessThan(MAX_MS)
  return report
}

const files = (folder: string) =>
  (present ? readdirSync(join(FOLDER, folder)) : []).filter((name) => name.endsWith('.pdf'))

function found({ checks }: SignatureReport, name: CheckName): string {
  const check = checks.find((one) => one.check === name)
  return check?.outcome === 'passed' ? 'passed' : `${check?.outcome}:${check?.code}`
}

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

  it('every signed file is expected to be something', () => {
    expect(EXPECTED.map(([file]) => file)).toEqual(files('signed').sort())
  })

  it.each(EXPECTED)('%s is %s, its signatures: %s', async (file, outcome, signatures) => {
    const report = await judged('signed', file)
    const [wanted, code] = outcome.split(':')
    expect(report.outcome).toBe(wanted)
    if (code !== undefined) expect(report.code).toBe(code)
    const each = report.signatures.map((one) => `${one.field} ${found(one, 'integrity')} ${found(one, 'signature')}`)
    expect(each.join('; ') || '-').toBe(signatures)
  })
}
