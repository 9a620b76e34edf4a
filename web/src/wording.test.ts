import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS, familyOf, type Outcome } from '@cinnabar/core'
import { sampleCheck, sampleDeposit, sampleReport, sampleSignature } from './testing/sample-reports'
import { type Language, TEXTS } from './texts'
import { institutionOf, sentenceOf, verdictOf } from './wording'

const LANGUAGES: readonly Language[] = ['zh', 'en']
const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'indeterminate']

describe.each(LANGUAGES)('the words in %s', (language) => {
  const texts = TEXTS[language]

  it('have an own sentence for every check and outcome', () => {
    const sentences = CHECKS.flatMap((check) =>
      OUTCOMES.map((outcome) => sentenceOf(sampleCheck(check, outcome), texts)),
    )
    expect(new Set(sentences).size).toBe(CHECKS.length * OUTCOMES.length)
    expect(sentences.every((sentence) => /[.。]$/.test(sentence))).toBe(true)
  })

  it('have an own sentence for every family of codes', () => {
    const sentences = Object.values(texts.why)
    expect(new Set(sentences).size).toBe(sentences.length)
    expect(sentences.every((sentence) => /[.。]$/.test(sentence))).toBe(true)
  })

  it('say of a code that they do not know what its check and outcome say', () => {
    const check = sampleCheck('anchor', 'failed', 'CODE_OF_TOMORROW')
    expect(sentenceOf(check, texts)).toBe(texts.checks.anchor.failed)
  })

  it('never say that a file passed whose report did not', () => {
    const codes = ['NO_SEAL', 'TRUST_MISSING', 'PDF_DAMAGED', 'LEDGER_FORK', 'X']
    for (const outcome of ['failed', 'indeterminate'] as const) {
      for (const code of codes) {
        for (const signatures of [[], [sampleSignature({ anchor: sampleCheck('anchor', outcome, code) })]]) {
          const verdict = verdictOf({ ...sampleReport(...signatures), outcome, code }, texts)
          expect([verdict.outcome, verdict.title]).not.toContain('passed')
          expect(verdict.title).not.toBe(texts.verdict.passedTitle)
          expect(verdict.whatToDo).not.toContain(texts.verdict.passedDo)
        }
      }
    }
  })
})

describe('the verdict in words', () => {
  const { en } = TEXTS

  it('counts the seals of a file that passed', () => {
    const verdict = verdictOf(sampleReport(sampleSignature(), sampleSignature()), en)
    expect(verdict).toMatchObject({ title: en.verdict.passedTitle, means: en.verdict.passedMeans(2), reasons: [] })
  })

  it('tells one cause of several open facts once, and what to do about it', () => {
    const missing = (['certificate', 'timestamp', 'seal', 'anchor'] as const).map((name) => [
      name,
      sampleCheck(name, 'indeterminate', 'TRUST_MISSING'),
    ])
    const verdict = verdictOf(sampleReport(sampleSignature(Object.fromEntries(missing))), en)
    expect(verdict.reasons).toEqual([en.why.noTrust])
    expect(verdict.whatToDo).toEqual([en.verdict.indeterminateDo, en.whatToDo.noTrust])
  })

  it('names the seal that failed where there are several', () => {
    const broken = sampleSignature({ integrity: sampleCheck('integrity', 'failed', 'CHANGED_AFTER_SEAL') })
    const verdict = verdictOf(sampleReport(sampleSignature(), broken), en)
    expect(verdict.reasons).toEqual([`Seal 2: ${en.why.changedAfter}`])
  })

  it('says of a foreign PDF that it has no seal', () => {
    expect(verdictOf(sampleReport(), en)).toMatchObject({ outcome: 'indeterminate', title: en.verdict.noSealTitle })
  })

  it('says of a deposited file that it was deposited, and never that it was sealed', () => {
    const verdict = verdictOf(sampleDeposit(), en)
    expect(verdict).toMatchObject({ outcome: 'passed', title: en.verdict.depositedTitle, reasons: [] })
    expect(verdict.means).toBe(en.verdict.depositedMeans(1))
    expect(verdict.whatToDo).toEqual([en.verdict.depositedDo])
  })

  it('says of another file than the deposited one so, and why a deposit is not proven', () => {
    const other = sampleDeposit(
      { integrity: sampleCheck('integrity', 'failed', 'DEPOSIT_MISMATCH') },
      'DEPOSIT_MISMATCH',
    )
    expect(verdictOf(other, en)).toMatchObject({ title: en.verdict.notDepositTitle, reasons: [en.why.bytesDiffer] })
    const open = sampleDeposit({ anchor: sampleCheck('anchor', 'indeterminate', 'TRUST_MISSING') }, 'TRUST_MISSING')
    expect(verdictOf(open, en)).toMatchObject({ title: en.verdict.indeterminateTitle, reasons: [en.why.noTrust] })
  })

  it('says of a file that is no PDF and has no evidence what it needs', () => {
    const report = { ...sampleReport(), code: 'DEPOSIT_EVIDENCE_MISSING' }
    const words = { outcome: 'indeterminate', title: en.verdict.noEvidenceTitle, whatToDo: [en.verdict.noEvidenceDo] }
    expect(verdictOf(report, en)).toMatchObject(words)
  })

  it('says of a file that cannot be read why', () => {
    const verdict = verdictOf({ ...sampleReport(), code: 'PDF_ENCRYPTED' }, en)
    expect(verdict).toMatchObject({ title: en.verdict.unreadableTitle, reasons: [en.why.encrypted] })
  })
})

describe('the institution', () => {
  it('is named as proven only when signature and certificate hold', () => {
    expect(institutionOf(sampleSignature(), TEXTS.zh)).toEqual({ name: '江州市行政审批局', proven: true })
    for (const name of ['signature', 'certificate'] as const) {
      const forged = sampleSignature({ [name]: sampleCheck(name, 'failed') })
      expect(institutionOf(forged, TEXTS.zh)).toMatchObject({ proven: false })
    }
  })
})

describe('the standard’s words', () => {
  it('are all explained in both languages', () => {
    const model = readFileSync(join(__dirname, '../../core/src/model/report.ts'), 'utf8')
    const [, union = ''] = /export type SubIndication =([\s\S]*?)\n\n/.exec(model) ?? []
    const subs = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, word]) => word)
    expect(subs.length).toBeGreaterThan(15)
    for (const { standard } of Object.values(TEXTS)) {
      expect(subs.filter((word) => !Object.hasOwn(standard.subs, word))).toEqual([])
    }
  })
})

describe('the families', () => {
  it('know every code that core/src/verify can give', () => {
    const folder = join(__dirname, '../../core/src/verify')
    const model = readFileSync(join(__dirname, '../../core/src/model/report.ts'), 'utf8')
    const notCodes = new Set([...words(model), 'NO_SEAL', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'FABRIC_INVALID'])
    const given = readdirSync(folder)
      // What a list is refused for is thrown, never reported.
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'trust-list.ts')
      .flatMap((name) => words(readFileSync(join(folder, name), 'utf8')))
    const unknown = given.filter((code) => !notCodes.has(code) && familyOf(code) === undefined)
    expect([...new Set(unknown)]).toEqual([])
    expect(given.length).toBeGreaterThan(40)
  })

  function words(source: string): readonly string[] {
    return [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, word]) => word)
  }
})
