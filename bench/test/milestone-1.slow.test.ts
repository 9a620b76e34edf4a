import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { corpusFiles, sealCorpus } from '@cinnabar/bench/proof/corpus'
import { judgeByOthers } from '@cinnabar/bench/proof/others'
import { type Service, startService } from '@cinnabar/bench/proof/service'
import { describeWithTools } from './with-tools'

const ROOT = join(__dirname, '../..')
const CORPUS = join(ROOT, '../shared/corpus/inputs')

// `npm run prove -- 1` runs the same at full length: here every ninth file of the corpus, always the same ones.
describe('milestone 1, on the service as it is started', () => {
  let service: Service
  let scratch: string

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'cinnabar-m1-'))
    service = await startService({ root: ROOT, data: join(scratch, 'data') })
  }, 90_000)

  afterAll(async () => {
    await service.stop()
    await rm(scratch, { recursive: true, force: true })
  })

  it('prints the page, the log-ins, the sealed file and the trust file', () => {
    for (const text of [service.url, 'bureau', 'contract-sealed.pdf', 'trust.json']) {
      expect(service.output()).toContain(text)
    }
  })

  describeWithTools(['corpus', 'qpdf'], 'files of other producers', () => {
    it('are sealed twice and verified, or refused by name', async () => {
      const files = await corpusFiles(CORPUS, 9)
      const outcomes = await sealCorpus(service, CORPUS, { files, scratch, say: () => undefined })
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
      expect(outcomes.length).toBeGreaterThan(10)
    }, 120_000)
  })

  describeWithTools(['pdfsig', 'pyhanko', 'dss', 'openssl'], 'two seals on one file', () => {
    it('are valid by pdfsig, pyHanko, EU DSS (PAdES-BASELINE-T) and openssl', async () => {
      const verdicts = await judgeByOthers(service, scratch)
      expect(verdicts.filter(({ ok }) => !ok)).toEqual([])
      expect(verdicts).toHaveLength(5)
    }, 120_000)
  })
})
