import { MAX_APPEND_BYTES } from '@cinnabar/chaincode'
import { type Digest, type InstitutionId, type Ledger, LedgerError, type SealId, type SealUse } from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { StoreError } from '../store/store'
import { countThatFits } from './batch'
import { Notarizer } from './notarizer'
import type { Surroundings } from './ports'
import { type BatchRecord, findAll, type JobRecord, type SealSignatureRecord } from './records'

const BUREAU = 'JiangzhouBureau' as InstitutionId
const clock = settableClock('2026-11-22T03:04:05Z')

let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: EmbeddedGateway
let notarizer: Notarizer

beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  gateway = await openGateway(await folders.fresh(), clock)
})
afterEach(async () => {
  await notarizer.close()
  await gateway.close()
})

type Append = Ledger['append']

/** Starts the flow over a ledger whose `append` is this. */
async function startWith(append: (real: Append, call: number) => Append, change: Partial<Surroundings> = {}) {
  const { ledger } = gateway.env
  let calls = 0
  const wrapped: Ledger = { ...ledger, append: (...args) => append(ledger.append, ++calls)(...args) }
  notarizer = await Notarizer.start({ ...gateway.env, ledger: wrapped, ...change })
}

async function sealMany(count: number): Promise<readonly JobRecord[]> {
  const ids = await Promise.all(
    Array.from({ length: count }, async () => {
      const upload = { institution: BUREAU, user: 'lin', name: 'c.pdf', bytes: CONTRACT }
      const document = await notarizer.receive(upload)
      return (await notarizer.request({ institution: BUREAU, user: 'lin', document: document.id, seal: 'official' })).id
    }),
  )
  await Promise.all(ids.map((id) => notarizer.settled(id, 10_000)))
  return Promise.all(ids.map(async (id) => (await notarizer.job(BUREAU, id)).value))
}

async function usesOnLedger(): Promise<readonly number[]> {
  const { size } = await gateway.env.ledger.head(BUREAU)
  const entries = await gateway.env.ledger.entries(BUREAU, 0, size)
  return entries.flatMap((entry) => (entry.kind === 'sealSignature' ? [entry.useNumber] : []))
}

const statesOf = (jobs: readonly JobRecord[]) => jobs.map(({ state }) => state)
const withCode = (code: string) => expect.objectContaining({ code })
const fault = (code: string) => () => Promise.reject(new LedgerError(code, 'as the test wants it'))

describe('appending', () => {
  it('looks before it sends again: an answer that was lost is no second entry', async () => {
    await startWith((real, call) => async (...args) => {
      const head = await real(...args)
      if (call === 1) throw new LedgerError('LEDGER_UNKNOWN_OUTCOME', 'no answer')
      return head
    })
    expect(statesOf(await sealMany(2))).toEqual(['anchored', 'anchored'])
    expect((await usesOnLedger()).length).toBe(2)
  })

  it('sends the same batch again when it never arrived', async () => {
    const sent: string[] = []
    await startWith((real, call) => (...args) => {
      sent.push(JSON.stringify(args[3]))
      return call === 1 ? fault('LEDGER_UNKNOWN_OUTCOME')() : real(...args)
    })
    expect(statesOf(await sealMany(1))).toEqual(['anchored'])
    expect(sent).toHaveLength(2)
    expect(sent[1]).toBe(sent[0])
  })

  it('waits for a ledger that is away, and says so meanwhile', async () => {
    let away = true
    await startWith(
      (real) =>
        (...args) =>
          away ? fault('LEDGER_UNAVAILABLE')() : real(...args),
    )
    const sealing = sealMany(1)
    while (notarizer.troubleOf(BUREAU) === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(notarizer.troubles()).toEqual([{ institution: BUREAU, code: 'LEDGER_UNAVAILABLE', waiting: 1 }])
    away = false
    expect(statesOf(await sealing)).toEqual(['anchored'])
    expect(notarizer.troubles()).toEqual([])
  })

  it.each(['LEDGER_DAMAGED', 'LEDGER_LOCKED', 'STATE_DAMAGED'])(
    'takes %s for no refusal: nothing acknowledged is dropped',
    async (code) => {
      await startWith((real, call) => async (...args) => {
        const head = await real(...args)
        if (call === 1) throw new LedgerError(code, 'found after the commit')
        return head
      })
      expect(statesOf(await sealMany(1))).toEqual(['anchored'])
      expect(await usesOnLedger()).toEqual([1])
    },
  )

  it('waits between questions to a ledger that refuses by a size which it does not show', async () => {
    let sent = 0
    await startWith(
      (real) =>
        (...args) =>
          ++sent < 5 ? fault('LOG_SIZE_MISMATCH')() : real(...args),
    )
    const began = performance.now()
    expect(statesOf(await sealMany(1))).toEqual(['anchored'])
    expect(performance.now() - began).toBeGreaterThan(500)
  })

  it('makes the batch anew when a register change came between', async () => {
    const registrar = { institution: BUREAU, role: 'registrar' } as const
    const other = { institution: BUREAU, seal: 'contract' as SealId }
    await startWith((real, call) => async (...args) => {
      if (call === 1) await gateway.env.ledger.change(registrar, { change: 'suspendSeal', ...other })
      return real(...args)
    })
    expect(statesOf(await sealMany(2))).toEqual(['anchored', 'anchored'])
    const batches = await findAll<BatchRecord>(gateway.env.store, 'batches', 'institution', BUREAU)
    expect(batches.map(({ value }) => value.state).sort()).toContain('superseded')
    expect(await usesOnLedger()).toEqual([1, 2])
  })

  it('finds its own use that is recorded already, and records it no second time', async () => {
    await startWith((real, call) => async (...args) => {
      if (call > 1) return real(...args)
      // Somebody carried the use to the log, and a register change follows: the batch's own place is taken.
      await real(...args)
      await gateway.env.ledger.change(
        { institution: BUREAU, role: 'registrar' },
        { change: 'suspendSeal', institution: BUREAU, seal: 'contract' as SealId },
      )
      throw new LedgerError('ALREADY_RECORDED', 'this use is entry', { index: 0, entry: `${BUREAU}/${args[2]}` })
    })
    expect(statesOf(await sealMany(1))).toEqual(['anchored'])
    expect(await usesOnLedger()).toEqual([1])
  })

  it('waits for the ledger to reach the time of a token, instead of ending what was acknowledged', async () => {
    await startWith(
      (real, call) =>
        (...args) =>
          call < 4 ? fault('TOKEN_IN_FUTURE')() : real(...args),
    )
    expect(statesOf(await sealMany(2))).toEqual(['anchored', 'anchored'])
    expect(gateway.failures.map(({ error }) => error)).toContainEqual(withCode('TOKEN_IN_FUTURE'))
  })

  it('does not hold up the others for one whose token is early', async () => {
    let early: Digest | undefined
    await startWith((real) => async (...args) => {
      const commitments = args[3].map((entry) => (entry.kind === 'sealSignature' ? entry.commitment : undefined))
      early ??= commitments[0]
      const index = commitments.indexOf(early)
      const { size } = await gateway.env.ledger.head(BUREAU)
      const others = (await gateway.env.ledger.entries(BUREAU, 0, size)).filter(({ kind }) => kind === 'sealSignature')
      if (index < 0 || others.length === 3) return real(...args)
      throw new LedgerError('TOKEN_IN_FUTURE', 'as the test wants it', { index })
    })
    expect(statesOf(await sealMany(4))).toEqual(['anchored', 'anchored', 'anchored', 'anchored'])
    const { size } = await gateway.env.ledger.head(BUREAU)
    expect((await gateway.env.ledger.entries(BUREAU, size - 1, size))[0]).toMatchObject({ commitment: early })
  })

  it('ends no job by a failure after its entry is in the log', async () => {
    const { store } = gateway.env
    let failures = 0
    const replace: typeof store.replace = (collection, ...rest) => {
      if (collection !== 'sealSignatures' || ++failures > 2) return store.replace(collection, ...rest)
      return Promise.reject(new StoreError('STORE_DAMAGED', 'as the test wants it'))
    }
    await startWith((real) => real, { store: { ...store, replace } })
    expect(statesOf(await sealMany(1))).toEqual(['anchored'])
    expect(gateway.failures).toMatchObject([{ step: 'anchor' }, { step: 'anchor' }])
  })

  it('fills a batch by the bytes that go out, not by a guess', async () => {
    await startWith((real) => real)
    const [job] = await sealMany(1)
    const signed = await gateway.env.store.get<SealSignatureRecord>('sealSignatures', job.sealSignature)
    const use = { ...signed?.value.use, token: 'A'.repeat(8000) } as SealUse
    const uses = Array.from({ length: 1000 }, () => ({ id: job.sealSignature, use }))
    const { size } = await gateway.env.ledger.head(BUREAU)
    const entries = await gateway.env.ledger.entries(BUREAU, size - 1, size)
    const bytes = Buffer.byteLength(JSON.stringify(use) + JSON.stringify(entries[0]))
    const count = countThatFits(uses)
    expect(count).toBeLessThan(1000)
    expect(count * bytes).toBeLessThanOrEqual(MAX_APPEND_BYTES)
    expect((count + 1) * bytes).toBeGreaterThan(MAX_APPEND_BYTES * 0.9)
  })

  it("refuses a use that stands in the log as somebody else's", async () => {
    await startWith(
      () => () =>
        Promise.reject(new LedgerError('ALREADY_RECORDED', 'elsewhere', { index: 0, entry: 'JiangzhouCourt/1' })),
    )
    const [job] = await sealMany(1)
    expect([job.state, job.code]).toEqual(['refused', 'ALREADY_RECORDED'])
  })

  it('finds the culprit one by one when a batch is refused as a whole', async () => {
    await startWith((real) => (...args) => {
      const refused = args[4].length > 1
      return refused ? fault('ARGUMENT_INVALID')() : real(...args)
    })
    expect(statesOf(await sealMany(3))).toEqual(['anchored', 'anchored', 'anchored'])
    expect(await usesOnLedger()).toEqual([1, 2, 3])
  })
})
