import { type Report, readPdf, type Time, verify } from '@cinnabar/core'
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
    evidence: [{ code: 'OK', claims, assertion: null, unknown: [] }],
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
    const titles = courtReport({ ...about, report: sealed('passed') }).sections.map(({ article }) => article.en)
    const places = ['16', '17 (1)', '17 (2)', '17 (3)', '17 (4)', '18 and 19'].map((one) =>
      titles.findIndex((t) => t.includes(one)),
    )
    expect(places).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('names for each fact the member that the container says proves it, and a command', () => {
    const points = pointsOf(sealed('passed'))
    expect(named(points, 'integrity')).toMatchObject({ standing: 'proven', evidence: ['document.pdf'] })
    for (const point of points.filter(({ standing }) => standing === 'proven')) {
      expect(point.evidence.length + point.redo.length).toBeGreaterThan(0)
    }
  })

  it('calls refuted what failed, with its code, and never proven', () => {
    const integrity = named(pointsOf(sealed('failed')), 'integrity')
    expect(integrity).toMatchObject({ standing: 'refuted' })
    expect(integrity?.fact.en).toContain('DIGEST_MISMATCH')
  })

  it('says of what no file can show that it is not proven, also where every fact is', () => {
    const points = pointsOf(sealed('passed'))
    for (const words of ['Whether the platform', 'Interests', 'Cleanliness', 'source and making']) {
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
