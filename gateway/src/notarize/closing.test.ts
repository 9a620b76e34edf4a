import { digestOf, type InstitutionId, readEvidence, type SealSignatureId } from '@cinnabar/core'
import { CONTRACT, type EmbeddedGateway, gatewayFolders, openGateway, settableClock } from '../../test/embedded-gateway'
import { StoreError } from '../store/store'
import type { TimestampAuthority } from '../tsa/authority'
import { depositsOfFile } from './deposit-evidence'
import { Notarizer } from './notarizer'

const institution = 'JiangzhouBureau' as InstitutionId
const ASKED = { container: 'asic-e' } as const

let clock: ReturnType<typeof settableClock>
let folders: Awaited<ReturnType<typeof gatewayFolders>>
let gateway: EmbeddedGateway
let notarizer: Notarizer
/** Tokens that were asked for. */
let tokens: number

beforeAll(async () => {
  folders = await gatewayFolders(settableClock('2026-11-22T03:00:00Z'))
})
afterAll(() => folders.remove())
beforeEach(async () => {
  clock = settableClock('2026-11-22T03:04:05.678Z')
  gateway = await openGateway(await folders.fresh(), clock)
  tokens = 0
  const authorities = gateway.env.timestampAuthorities.map(
    ({ institution, token }): TimestampAuthority => ({
      institution,
      token: (imprint) => {
        tokens++
        return token(imprint)
      },
    }),
  )
  gateway = { ...gateway, env: { ...gateway.env, timestampAuthorities: authorities } }
  notarizer = await Notarizer.start(gateway.env)
})
afterEach(async () => {
  await notarizer.close()
  await gateway.close()
})

async function sealed(): Promise<SealSignatureId> {
  const { id: document } = await notarizer.receive({ institution, user: 'lin', name: 'a.pdf', bytes: CONTRACT })
  const { id } = await notarizer.request({ institution, user: 'lin', document, seal: 'official' })
  await notarizer.settled(id, 10_000)
  return (await notarizer.job(institution, id)).value.sealSignature
}

describe('a container of evidence', () => {
  it('of an unchanged record is closed once, whoever asks how often, and says when', async () => {
    const id = await sealed()
    const before = tokens
    const [first, same] = await Promise.all([notarizer.evidence(id, ASKED), notarizer.evidence(id, ASKED)])
    clock.set('2026-11-22T04:00:00Z')
    const later = await notarizer.evidence(id, ASKED)
    expect([Buffer.compare(first, same), Buffer.compare(first, later), tokens - before]).toEqual([0, 0, 1])
    expect(readEvidence(later)).toMatchObject({ created: '2026-11-22T03:04:05.678Z' })
    expect(readEvidence(later).assertion).toBeDefined()
  })

  it('is closed anew when the register has more to say, and once again', async () => {
    const id = await sealed()
    await notarizer.evidence(id, ASKED)
    await sealed()
    const before = tokens
    const grown = readEvidence(await notarizer.evidence(id, ASKED))
    expect(grown.signatures[0].receipts).toHaveLength(2)
    await notarizer.evidence(id, ASKED)
    expect(tokens - before).toBe(1)
  })

  it('with other members is another', async () => {
    const id = await sealed()
    const before = tokens
    const whole = await notarizer.evidence(id, { ...ASKED, document: 'included' })
    const alone = await notarizer.evidence(id, ASKED)
    expect([readEvidence(whole).document !== undefined, readEvidence(alone).document]).toEqual([true, undefined])
    expect(tokens - before).toBe(2)
  })

  it('of a deposit is closed once, too', async () => {
    const digest = digestOf(CONTRACT)
    const job = await notarizer.deposits.request({ institution, user: 'lin', files: [{ digest }] })
    await notarizer.deposits.settled(job.value, 10_000)
    const [{ id }] = await depositsOfFile(gateway.env.store, institution, digest)
    const before = tokens
    const first = await notarizer.evidence(id, ASKED)
    expect(Buffer.compare(first, await notarizer.evidence(id, ASKED))).toBe(0)
    expect(tokens - before).toBe(1)
  })

  it('that could not be closed is given open, and the next one who asks gets it closed', async () => {
    const id = await sealed()
    const authorities = gateway.env.timestampAuthorities as TimestampAuthority[]
    const whole = authorities.splice(0)
    expect(readEvidence(await notarizer.evidence(id, ASKED)).assertion).toBeUndefined()
    expect(gateway.failures.map(({ step }) => step)).toContain('preserve')
    authorities.push(...whole)
    expect(readEvidence(await notarizer.evidence(id, ASKED)).assertion).toBeDefined()
  })

  it('is given also when the store takes nothing more', async () => {
    const id = await sealed()
    gateway.env.store.insert = () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'full'))
    expect(readEvidence(await notarizer.evidence(id, ASKED)).assertion).toBeDefined()
    expect(gateway.failures.map(({ step }) => step)).toContain('preserve')
  })

  it('is of what was known when the ledger does not answer', async () => {
    const id = await sealed()
    const first = await notarizer.evidence(id, ASKED)
    gateway.env.ledger.head = () => Promise.reject(new Error('down'))
    expect(Buffer.compare(first, await notarizer.evidence(id, ASKED))).toBe(0)
  })
})
