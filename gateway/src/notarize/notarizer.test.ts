import {
  type InstitutionId,
  readEvidence,
  readPdf,
  type SealSignatureId,
  signatureFields,
  type Time,
  verify,
} from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { StoreError } from '../store/store'
import { TsaError } from '../tsa/authority'
import { Notarizer } from './notarizer'
import type { DocumentRecord, JobRecord } from './records'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const COURT = 'JiangzhouCourt' as InstitutionId
const START = '2026-11-22T03:04:05.678Z'
const withCode = (code: string) => expect.objectContaining({ code })

let clock: ReturnType<typeof settableClock>
let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: EmbeddedGateway
let notarizer: Notarizer

beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  clock = settableClock(START)
  gateway = await openGateway(await folders.fresh(), clock)
  notarizer = await Notarizer.start(gateway.env)
})
afterEach(async () => {
  await notarizer.close()
  await gateway.close()
})

const upload = (bytes: Uint8Array = CONTRACT, institution = BUREAU) =>
  notarizer.receive({ institution, user: 'lin', name: 'contract.pdf', bytes })

async function sealed(document: string, change: Partial<Parameters<Notarizer['request']>[0]> = {}) {
  const institution = change.institution ?? BUREAU
  const { id } = await notarizer.request({ institution, user: 'lin', document, seal: 'official', ...change })
  await notarizer.settled(id, 10_000)
  return notarizer.job(institution, id)
}

async function documentNow(id: string): Promise<DocumentRecord> {
  const found = await gateway.env.store.get<DocumentRecord>('documents', id)
  if (found === undefined) throw new Error('no such document')
  return found.value
}

async function fileNow(id: string): Promise<Uint8Array> {
  const { revisions } = await documentNow(id)
  return (await gateway.env.files.get(revisions[revisions.length - 1].sha256)) ?? new Uint8Array(0)
}

describe('notarizing', () => {
  it('seals, timestamps, records and proves a document, so that a stranger finds all six facts', async () => {
    const { id } = await upload()
    const job = await sealed(id)
    expect(gateway.failures).toEqual([])
    expect(job.value).toMatchObject({ state: 'anchored', page: 1 })
    expect(Object.keys(job.value.times)).toEqual(['received', 'sealed', 'submitted', 'anchored'])
    const pdf = await fileNow(id)
    const evidence = await notarizer.evidence(job.value.sealSignature)
    const report = await verify({ pdf, evidence: [evidence], trust: gateway.trust, at: clock.now() })
    expect(report.signatures[0]?.checks.map(({ check, code }) => [check, code])).toEqual(
      ['integrity', 'signature', 'certificate', 'timestamp', 'seal', 'anchor'].map((check) => [check, 'OK']),
    )
    expect(report.outcome).toBe('passed')
    expect(readEvidence(evidence).signatures[0].receipts[0].preservation?.tokens).toHaveLength(1)
  })

  it('carries one Idempotency-Key out once, however many requests come with it at once', async () => {
    const { id: document } = await upload()
    const { ledger } = gateway.env
    let sent = 0
    const counting: typeof ledger.append = (...args) => {
      sent += args[4].length
      return ledger.append(...args)
    }
    await notarizer.close()
    notarizer = await Notarizer.start({ ...gateway.env, ledger: { ...ledger, append: counting } })
    const ask = () => notarizer.request({ institution: BUREAU, user: 'lin', document, seal: 'official' }, 'key')
    const jobs = await Promise.all(Array.from({ length: 5 }, ask))
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1)
    await notarizer.settled(jobs[0].id, 10_000)
    expect(await notarizer.job(BUREAU, jobs[0].id)).toMatchObject({ value: { state: 'anchored' } })
    expect([sent, (await documentNow(document)).revisions.length]).toEqual([1, 2])
  })

  it('takes up an interrupted job once after a restart, however fast it gets on meanwhile', async () => {
    const { ledger, store } = gateway.env
    const away = gateway.env.timestampAuthorities.map((authority) => ({
      ...authority,
      token: () => Promise.reject(new TsaError('TSA_UNAVAILABLE', 'no answer')),
    }))
    await notarizer.close()
    notarizer = await Notarizer.start({ ...gateway.env, timestampAuthorities: away })
    const { id: document } = await upload()
    const { id } = await notarizer.request({ institution: BUREAU, user: 'lin', document, seal: 'official' })
    await notarizer.close()
    expect((await store.get<JobRecord>('jobs', id))?.value.state).toBe('received')
    // Whoever looks for sealed jobs finds those that were begun a moment before.
    const find: typeof store.find = async (collection, query) => {
      const isSealed = async () => (await store.get<JobRecord>('jobs', id))?.value.state !== 'received'
      for (let i = 0; query.equals === 'sealed' && i < 20 && !(await isSealed()); i++)
        await new Promise((resolve) => setTimeout(resolve, 25))
      return store.find(collection, query)
    }
    let sent = 0
    const append: typeof ledger.append = (...args) => {
      sent += args[4].length
      return ledger.append(...args)
    }
    notarizer = await Notarizer.start({ ...gateway.env, store: { ...store, find }, ledger: { ...ledger, append } })
    await notarizer.settled(id, 10_000)
    expect((await notarizer.job(BUREAU, id)).value.state).toBe('anchored')
    expect(sent).toBe(1)
  })

  it('refuses a request that was judged by the file as it stood before another seal', async () => {
    const { id: document } = await upload()
    const { sha256 } = await documentNow(document)
    const { files } = gateway.env
    const holding = new AbortController()
    const held = new Promise((resolve) => holding.signal.addEventListener('abort', resolve))
    let reads = 0
    const get = async (name: string) => {
      const file = await files.get(name)
      if (name === sha256 && ++reads === 1) await held
      return file
    }
    await notarizer.close()
    notarizer = await Notarizer.start({ ...gateway.env, files: { ...files, get } })
    const slow = sealed(document, { seal: 'contract' }).catch((error) => error)
    while (reads === 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await sealed(document)).value.state).toBe('anchored')
    holding.abort()
    expect(await slow).toMatchObject({ code: 'DOCUMENT_BUSY' })
    expect((await documentNow(document)).revisions).toHaveLength(2)
  })

  it('keeps the original as a prefix, and a second institution seals the sealed file', async () => {
    const first = await upload()
    await sealed(first.id)
    const once = await fileNow(first.id)
    expect(Buffer.compare(once.subarray(0, CONTRACT.length), CONTRACT)).toBe(0)
    const second = await upload(once, COURT)
    const job = await sealed(second.id, { institution: COURT, seal: 'contract', xMm: 20, yMm: 20 })
    expect(job.value.state).toBe('anchored')
    expect(signatureFields(readPdf(await fileNow(second.id))).map(({ name }) => name)).toEqual(['Seal1', 'Seal2'])
  })

  it('records a document sealed twice as two uses, in order', async () => {
    const { id } = await upload()
    await sealed(id)
    await sealed(id, { xMm: 10, yMm: 10 })
    await expect(sealed(id, { xMm: 30, yMm: 30 })).rejects.toThrow(withCode('SEAL_ON_SEAL'))
    expect((await documentNow(id)).revisions).toHaveLength(3)
    const { size } = await gateway.env.ledger.head(BUREAU)
    const entries = await gateway.env.ledger.entries(BUREAU, size - 2, size)
    expect(entries).toMatchObject([{ useNumber: 1 }, { useNumber: 2 }])
  })

  it('gives evidence that says what became of the certificate since', async () => {
    const { id } = await upload()
    const { value } = await sealed(id)
    const pdf = await fileNow(id)
    const [known] = await gateway.env.ledger.certificates(BUREAU)
    const registered = (await gateway.env.ledger.seal(BUREAU, value.seal))?.seal.certificate ?? known.digest
    clock.set('2026-11-22T05:00:00Z')
    const reportNow = async () => {
      const evidence = [await notarizer.evidence(value.sealSignature)]
      const report = await verify({ pdf, evidence, trust: gateway.trust, at: clock.now() })
      // The append's own receipt still says when it was recorded.
      expect(report.signatures[0]?.recorded?.recordedAt).toBe('2026-11-22T03:04:05.678Z')
      return report.signatures[0]?.checks.find(({ check }) => check === 'certificate')
    }
    const revoke = (reason: 'superseded' | 'keyCompromise', invalidityDate: string) =>
      gateway.env.ledger.change(
        { institution: BUREAU, role: 'registrar' },
        {
          change: 'revokeCertificate',
          institution: BUREAU,
          certificate: registered,
          reason,
          invalidityDate: invalidityDate as Time,
        },
      )
    await revoke('superseded', '2026-11-22T04:00:00Z')
    expect(await reportNow()).toMatchObject({ outcome: 'passed' })
    await revoke('keyCompromise', '2026-11-22T03:00:00Z')
    expect(await reportNow()).toMatchObject({ outcome: 'failed', code: 'SEAL_DISPUTED' })
    expect(gateway.failures).toEqual([])
  })

  it('sends what gathers during an append together, and proves each use by its own path', async () => {
    const documents = await Promise.all(Array.from({ length: 12 }, () => upload()))
    const jobs = await Promise.all(documents.map(({ id }) => sealed(id)))
    expect(jobs.map(({ value }) => value.state)).toEqual(jobs.map(() => 'anchored'))
    const batches = new Set(jobs.map(({ value }) => value.batch))
    expect(batches.size).toBeLessThan(12)
    for (const [i, { value }] of jobs.entries()) {
      const evidence = [await notarizer.evidence(value.sealSignature)]
      const request = { pdf: await fileNow(documents[i].id), evidence, trust: gateway.trust, at: clock.now() }
      expect(await verify(request)).toMatchObject({ outcome: 'passed' })
    }
  })

  it('refuses what cannot be sealed, by name, and changes nothing', async () => {
    const { id } = await upload()
    const before = await documentNow(id)
    const ask = (change: object) => sealed(id, change)
    await expect(ask({ seal: 'nothing' })).rejects.toThrow(withCode('SEAL_UNKNOWN'))
    await expect(ask({ seal: 'JiangzhouCourt/official' })).rejects.toThrow(withCode('SEAL_NOT_YOURS'))
    await expect(ask({ seal: '../official' })).rejects.toThrow(withCode('SEAL_UNKNOWN'))
    await expect(ask({ page: 99 })).rejects.toThrow(withCode('PAGE_NOT_FOUND'))
    await expect(ask({ page: 0 })).rejects.toThrow(withCode('PAGE_NOT_FOUND'))
    await expect(ask({ xMm: 200, yMm: 20 })).rejects.toThrow(withCode('SEAL_OFF_PAGE'))
    await expect(ask({ xMm: -1.23456, yMm: 20 })).rejects.toMatchObject({
      code: 'SEAL_OFF_PAGE',
      message: expect.not.stringMatching(/\d\.\d\d/),
    })
    await expect(ask({ institution: COURT })).rejects.toThrow(withCode('DOCUMENT_UNKNOWN'))
    await expect(sealed('0000')).rejects.toThrow(withCode('DOCUMENT_UNKNOWN'))
    expect(await documentNow(id)).toEqual(before)
    expect(await gateway.env.store.find('jobs', { field: 'document', equals: id, limit: 10 })).toEqual([])
  })

  it('refuses a suspended seal, takes it again when resumed, and refuses a retired one', async () => {
    const { id } = await upload()
    const registrar = { institution: BUREAU, role: 'registrar' } as const
    const seal = (await gateway.env.ledger.seals(BUREAU))[0].seal.id
    const change = async (word: 'suspendSeal' | 'resumeSeal' | 'retireSeal', time: string) => {
      clock.set(time)
      await gateway.env.ledger.change(registrar, { change: word, institution: BUREAU, seal })
    }
    await change('suspendSeal', '2026-11-22T04:00:00Z')
    await expect(sealed(id, { seal })).rejects.toThrow(withCode('SEAL_SUSPENDED'))
    await change('resumeSeal', '2026-11-22T05:00:00Z')
    clock.set('2026-11-22T05:00:01Z')
    expect((await sealed(id, { seal })).value.state).toBe('anchored')
    await change('retireSeal', '2026-11-22T06:00:00Z')
    await expect(sealed(id, { seal })).rejects.toThrow(withCode('SEAL_RETIRED'))
  })

  it('refuses an expired certificate', async () => {
    const { id } = await upload()
    clock.set('2029-11-22T06:00:00Z')
    await expect(sealed(id)).rejects.toThrow(withCode('CERTIFICATE_EXPIRED'))
  })

  it('lets one of two requests at once have the document', async () => {
    const { id } = await upload()
    const outcomes = await Promise.allSettled([sealed(id), sealed(id)])
    const codes = outcomes.map((one) => (one.status === 'fulfilled' ? one.value.value.state : one.reason.code))
    expect(codes.sort()).toEqual(['DOCUMENT_BUSY', 'anchored'])
    expect((await documentNow(id)).revisions).toHaveLength(2)
    expect((await sealed(id, { xMm: 10, yMm: 10 })).value.state).toBe('anchored')
  })

  it('answers a repeated Idempotency-Key with the first job, and refuses it for something else', async () => {
    const { id } = await upload()
    const request = { institution: BUREAU, user: 'lin', document: id, seal: 'official' }
    const first = await notarizer.request(request, 'key')
    await notarizer.settled(first.id, 10_000)
    expect((await notarizer.request(request, 'key')).id).toBe(first.id)
    await expect(notarizer.request({ ...request, page: 1 }, 'key')).rejects.toThrow(withCode('IDEMPOTENCY_KEY_REUSED'))
    expect((await documentNow(id)).revisions).toHaveLength(2)
  })

  it('carries a request whose document could not be taken when it is asked again, and ends it when it is only asked for', async () => {
    const { store } = gateway.env
    let broken = true
    const replace: typeof store.replace = (collection, ...rest) =>
      broken && collection === 'documents'
        ? Promise.reject(new StoreError('STORE_UNAVAILABLE', 'as the test wants it'))
        : store.replace(collection, ...rest)
    await notarizer.close()
    notarizer = await Notarizer.start({ ...gateway.env, store: { ...store, replace } })
    const { id: document } = await upload()
    const ask = (key: string) =>
      notarizer.request({ institution: BUREAU, user: 'lin', document, seal: 'official' }, key)
    await expect(ask('first')).rejects.toThrow(withCode('STORE_UNAVAILABLE'))
    await expect(ask('second')).rejects.toThrow(withCode('STORE_UNAVAILABLE'))
    const left = await store.find('jobs', { field: 'document', equals: document, limit: 10 })
    expect(left).toHaveLength(2)
    broken = false
    const { id } = await ask('first')
    await notarizer.settled(id, 10_000)
    expect((await notarizer.job(BUREAU, id)).value.state).toBe('anchored')
    const [other] = left.filter((one) => one.id !== id)
    expect((await notarizer.job(BUREAU, other.id)).value).toMatchObject({
      state: 'failed',
      code: 'REQUEST_INTERRUPTED',
    })
    expect((await documentNow(document)).revisions).toHaveLength(2)
  })

  it('fails the job, and frees the document, when no authority of another institution answers', async () => {
    const own = gateway.env.timestampAuthorities.filter(({ institution }) => institution === BUREAU)
    const alone = await Notarizer.start({ ...gateway.env, timestampAuthorities: own })
    const { id } = await upload()
    const job = await alone.request({ institution: BUREAU, user: 'lin', document: id, seal: 'official' })
    await alone.settled(job.id, 10_000)
    const ended = (await alone.job(BUREAU, job.id)).value
    expect([ended.state, ended.code]).toEqual(['failed', 'TIMESTAMP_AUTHORITY_MISSING'])
    expect((await documentNow(id)).busyWith).toBeUndefined()
    await alone.close()
  })

  it('refuses the one use that the ledger refuses; the others of its batch are recorded', async () => {
    const bad = await upload()
    const good = await upload()
    const { sealKeys } = gateway.env
    const wrong = await sealKeys.find(COURT, (await gateway.env.ledger.seals(COURT))[0].seal.certificate)
    const own = (await gateway.env.ledger.seals(BUREAU))[0].seal
    const mixed = await Notarizer.start({
      ...gateway.env,
      sealKeys: {
        ...sealKeys,
        // The key of another certificate: what is signed with it does not verify.
        find: async (institution, certificate) => {
          const right = await sealKeys.find(institution, certificate)
          return certificate === own.certificate && right && wrong ? { ...right, signer: wrong.signer } : right
        },
      },
    })
    const other = (await gateway.env.ledger.seals(BUREAU))[1].seal
    const ask = (document: string, seal: string) => mixed.request({ institution: BUREAU, user: 'lin', document, seal })
    const jobs = await Promise.all([ask(bad.id, own.id), ask(good.id, other.id)])
    await Promise.all(jobs.map(({ id }) => mixed.settled(id, 10_000)))
    const [refused, anchored] = await Promise.all(jobs.map(({ id }) => mixed.job(BUREAU, id)))
    expect([refused.value.state, refused.value.code]).toEqual(['refused', 'SIGNATURE_INVALID'])
    expect(anchored.value.state).toBe('anchored')
    expect(await documentNow(bad.id)).toMatchObject({ revisions: [{}] })
    await mixed.close()
  })

  it('gives no evidence of what is not recorded', async () => {
    await expect(notarizer.evidence('0'.repeat(32) as SealSignatureId)).rejects.toThrow(
      withCode('SEAL_SIGNATURE_UNKNOWN'),
    )
    await expect(notarizer.job(COURT, 'none')).rejects.toThrow(withCode('JOB_UNKNOWN'))
  })

  it('refuses files that are no sealable PDF', async () => {
    await expect(upload(new Uint8Array(0))).rejects.toThrow(withCode('PDF_EMPTY'))
    await expect(upload(new Uint8Array([1, 2, 3]))).rejects.toThrow(withCode('PDF_NOT_PDF'))
    await expect(upload(CONTRACT.subarray(0, CONTRACT.length - 200))).rejects.toThrow(withCode('PDF_DAMAGED'))
  })
})
