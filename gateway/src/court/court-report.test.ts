import { DEPOSIT_CHECKS, DEPOSIT_FACTS, FACTS, REASONS, type Report, readPdf, type Time, verify } from '@cinnabar/core'
import { CONTRACT } from '../../test/embedded-gateway'
import { courtPdf } from './court-pdf'
import { type CourtPoint, courtReport } from './court-report'

const at = new Date('2026-11-22T03:00:00Z')
const madeBy = { zh: '江州市中级人民法院', en: 'Jiangzhou Intermediate Court' }
const about = { fileName: 'contract.pdf', madeAt: '2026-11-22T03:00:00Z' as Time, madeBy }

const CHECKS = ['integrity', 'signature', 'certificate', 'timestamp', 'seal', 'anchor'] as const
function sealed(outcome: Report['outcome'], changes: Partial<Report['trust']> = {}): Report {
  const id = '0123456789abcdef0123456789abcdef'
  const checks = CHECKS.map((check) => {
    const own = check === 'integrity' ? outcome : ('passed' as const)
    return {
      check,
      outcome: own,
      code: own === 'passed' ? 'OK' : 'DIGEST_MISMATCH',
      clause: 'a clause',
      detail: 'a detail',
    }
  })
  const signature = { field: 'Seal1', revision: 2, outcome, id, institution: 'A', institutionNames: madeBy, checks }
  const recorded = { useNumber: 1, index: 7, recordedAt: null, attestedBy: ['B'], block: null }
  const claims = [{ claim: 'integrity', needs: [], of: id, proof: ['document.pdf'] }]
  const organisations = ['A', 'B']
  return {
    outcome,
    code: outcome === 'passed' ? 'OK' : 'DIGEST_MISMATCH',
    detail: '',
    file: { sha256: `sha256:${'0'.repeat(64)}`, bytes: 1, revisions: 2 },
    signatures: [{ ...signature, recorded, provenTime: '2026-11-22T03:00:00Z', level: 'B-T' }],
    evidence: [{ code: 'OK', claims, assertion: null, document: 'this', unknown: [] }],
    trust: {
      ledger: 'embedded',
      fingerprint: null,
      organisations,
      singleOperator: true,
      demonstration: true,
      ...changes,
    },
  } as unknown as Report
}

const pointsOf = (report: Report) => courtReport({ ...about, report }).sections.flatMap(({ points }) => points)
const named = (points: readonly CourtPoint[], words: string) => points.find(({ title }) => title.en.includes(words))

describe('a report for courts', () => {
  it('goes by Articles 16, 17 (1) to (4), 18 and 19', () => {
    const titles = courtReport({ ...about, report: sealed('passed') }).sections.map(({ heading }) => heading.en)
    const places = ['16', '17 (1)', '17 (2)', '17 (3)', '17 (4)', '18', '19'].map((one) =>
      titles.findIndex((t) => t.startsWith(`Article ${one}:`)),
    )
    expect(places).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('names for each fact the member that the container says proves it, and a command', () => {
    const points = pointsOf(sealed('passed'))
    expect(named(points, 'Unchanged')).toMatchObject({ standing: 'proven', evidence: ['evidence/document.pdf'] })
    for (const point of points.filter(({ standing }) => standing === 'proven')) {
      expect(point.evidence.length + point.redo.length).toBeGreaterThan(0)
    }
  })

  it('calls refuted what failed, with its code, and never proven', () => {
    const integrity = named(pointsOf(sealed('failed')), 'Unchanged')
    expect(integrity).toMatchObject({ standing: 'refuted' })
    expect(integrity?.fact.en).toContain('DIGEST_MISMATCH')
  })

  it.each(['failed', 'indeterminate'] as const)('gives the reason of what is %s in both languages', (outcome) => {
    const { fact } = named(pointsOf(sealed(outcome)), 'Unchanged') as CourtPoint
    expect(fact.zh).toContain(REASONS.bytesDiffer.zh)
    expect(fact.zh).toContain(FACTS.integrity[outcome].zh)
    expect(fact.en).toContain(REASONS.bytesDiffer.en)
    expect(fact.en).toContain(FACTS.integrity[outcome].en)
    expect(fact.zh.replace(/（[^）]*）/g, '')).not.toMatch(/[A-Za-z]/)
  })

  it('lays out a deposit by its three facts, as proven by the evidence alone', () => {
    const whole = sealed('passed')
    const [{ checks, outcome }] = whole.signatures
    const facts = checks.filter(({ check }) => (DEPOSIT_CHECKS as readonly string[]).includes(check))
    const deposit = { id: 'd', outcome, institution: 'A', institutionNames: madeBy, provenTime: null, recorded: null }
    const deposited = { ...whole, signatures: [], deposits: [{ ...deposit, checks: facts }] } as unknown as Report
    const points = pointsOf(deposited).filter(({ title }) => title.en.startsWith('Deposit 1'))
    expect(points.map(({ standing }) => standing)).toEqual(['proven', 'proven', 'proven', 'proven'])
    expect(JSON.stringify(named(pointsOf(deposited), 'Process'))).not.toMatch(/盖章|sealed/)
    expect(named(points, 'Recorded')?.fact.zh).toContain(DEPOSIT_FACTS.anchor.passed.zh)
  })

  it('lets no name that a party chose into a command', () => {
    const fileName = "a'; rm -rf ~ #.pdf"
    const { sections, setUp } = courtReport({ ...about, fileName, report: sealed('passed') })
    const commands = [...setUp, ...sections.flatMap(({ points }) => points.flatMap(({ redo }) => redo))]
    expect(commands.length).toBeGreaterThan(10)
    expect(commands.filter((one) => one.includes('rm -rf'))).toEqual([])
  })

  it('says of what no file can show that it is not proven, also where every fact is', () => {
    const points = pointsOf(sealed('passed'))
    for (const words of ['Whether the platform', 'Interests', 'Cleanliness', 'source and making', 'limits']) {
      expect(named(points, words)).toMatchObject({ standing: 'open' })
    }
  })

  it('says plainly that one operator or a demonstration proves no independence', () => {
    expect(named(pointsOf(sealed('passed')), 'Single operator')).toMatchObject({ standing: 'open' })
    expect(named(pointsOf(sealed('passed', { demonstration: false })), 'Demonstration')).toBeUndefined()
    // An attester that the trust file does not name proves no neutrality.
    expect(named(pointsOf(sealed('passed')), 'Who attests')).toMatchObject({ standing: 'open' })
  })

  it('is a PDF that our own reader takes, of a file without any seal as well', async () => {
    const report = await verify({ pdf: CONTRACT, at })
    const pdf = courtPdf(courtReport({ ...about, report, fileName: `𠮷${'长'.repeat(199)}` }))
    expect(readPdf(pdf).pages().length).toBeGreaterThan(1)
  })
})
