import {
  type Change,
  type Digest,
  digestOf,
  type Institution,
  type InstitutionId,
  type LogHead,
  type SealId,
  type SealState,
  type Time,
  toBase64,
} from '@cinnabar/core'
import { newHolder, newPki, newSealChange, type Pki, registrar, sealCertificate, sealer } from '@cinnabar/core/testing'
import { changeCall } from './calls'
import { MemoryChain } from './memory-chain'

const agency = 'JiangzhouBureau' as InstitutionId
const trader = 'ChangfengTrading' as InstitutionId
const court = 'JiangzhouCourt' as InstitutionId
const registrarOf = (institution: InstitutionId) => ({ institution, role: 'registrar' }) as const

function founding(id: InstitutionId, kind: Institution['kind']): Change {
  const names = { en: id, zh: '江州' }
  return { change: 'found', institution: { id, kind, names, type: 'cinnabar.institution.v1' } }
}

/** Expects the refusal, and that the state is as it was. */
async function refused(chain: MemoryChain, caller: Parameters<MemoryChain['call']>[0], change: Change, code: string) {
  const before = chain.dump()
  await expect(chain.call(caller, changeCall(change))).rejects.toMatchObject({ code })
  expect(chain.dump()).toBe(before)
}

async function founded(): Promise<{ readonly chain: MemoryChain; readonly pki: Pki }> {
  const chain = new MemoryChain()
  const pki = await newPki(agency)
  const certificate = toBase64(pki.sealCa.certificate)
  await chain.call(registrarOf(agency), changeCall(founding(agency, 'agency')))
  await chain.call(registrarOf(agency), changeCall({ change: 'registerSealCa', institution: agency, certificate }))
  return { chain, pki }
}

const registering = (der: Uint8Array): Change => ({
  change: 'registerCertificate',
  institution: agency,
  certificate: toBase64(der),
})

describe('founding', () => {
  it('lets an agency or a court found itself first, and then admit others', async () => {
    const chain = new MemoryChain()
    const head = await chain.call(registrarOf(court), changeCall(founding(court, 'court')))
    expect(head).toMatchObject({ institution: court, size: 1 })
    expect(await chain.call(registrarOf(court), changeCall(founding(trader, 'enterprise')))).toMatchObject({ size: 1 })
  })

  it('refuses a first institution that is an enterprise, or founded by another', async () => {
    const chain = new MemoryChain()
    await refused(chain, registrarOf(trader), founding(trader, 'enterprise'), 'CALLER_NOT_PERMITTED')
    await refused(chain, registrarOf(court), founding(agency, 'agency'), 'CALLER_NOT_PERMITTED')
  })

  it('refuses founders that are sealers, enterprises or not registered', async () => {
    const { chain } = await founded()
    await chain.call(registrarOf(agency), changeCall(founding(trader, 'enterprise')))
    await refused(chain, { institution: agency, role: 'sealer' }, founding(court, 'court'), 'CALLER_NOT_PERMITTED')
    await refused(chain, registrarOf(trader), founding(court, 'court'), 'CALLER_NOT_PERMITTED')
    await refused(chain, registrarOf(court), founding(court, 'court'), 'CALLER_NOT_PERMITTED')
  })

  it('refuses to found an institution twice', async () => {
    const { chain } = await founded()
    await refused(chain, registrarOf(agency), founding(agency, 'court'), 'ALREADY_REGISTERED')
  })
})

describe('seal CAs and authorities', () => {
  it('refuses as a seal CA what is no CA certificate, and what is registered', async () => {
    const { chain, pki } = await founded()
    const register = (der: Uint8Array): Change => ({
      change: 'registerSealCa',
      institution: agency,
      certificate: toBase64(der),
    })
    const leaf = await sealCertificate(pki)
    await refused(chain, registrarOf(agency), register(leaf.certificate), 'CERTIFICATE_INVALID')
    await refused(chain, registrarOf(agency), register(Uint8Array.of(0x30, 0)), 'CERTIFICATE_INVALID')
    await refused(chain, registrarOf(agency), register(pki.sealCa.certificate), 'ALREADY_REGISTERED')
    await refused(chain, registrarOf(court), register(pki.sealCa.certificate), 'CALLER_NOT_PERMITTED')
  })

  it('refuses a seventeenth seal CA', async () => {
    const { chain, pki } = await founded()
    const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') }
    const register = async (): Promise<Change> => ({
      change: 'registerSealCa',
      institution: agency,
      certificate: toBase64((await newHolder({ profile: 'ca', commonName: 'another CA', ...validity })).certificate),
    })
    for (let i = 1; i < 16; i++) await chain.call(registrar(pki), changeCall(await register()))
    await refused(chain, registrarOf(agency), await register(), 'REGISTER_FULL')
  })

  it('takes as an authority only a certificate for timestamping alone', async () => {
    const { chain, pki } = await founded()
    const register = (der: Uint8Array): Change => ({
      change: 'registerTsa',
      institution: agency,
      certificate: toBase64(der),
    })
    await refused(chain, registrarOf(agency), register((await sealCertificate(pki)).certificate), 'CERTIFICATE_INVALID')
    await refused(chain, registrarOf(agency), register(pki.sealCa.certificate), 'CERTIFICATE_INVALID')
    await chain.call(registrar(pki), changeCall(register(pki.tsa.certificate)))
    await refused(chain, registrarOf(agency), register(pki.tsa.certificate), 'ALREADY_REGISTERED')
  })

  it('withdraws an authority once, and only one that the institution registered', async () => {
    const { chain, pki } = await founded()
    const at = '2026-11-22T03:00:00Z' as Time
    const withdraw: Change = { change: 'withdrawTsa', institution: agency, certificate: pki.tsa.digest, at }
    await refused(chain, registrarOf(agency), withdraw, 'TSA_NOT_REGISTERED')
    const certificate = toBase64(pki.tsa.certificate)
    await chain.call(registrar(pki), changeCall({ change: 'registerTsa', institution: agency, certificate }))
    await chain.call(registrar(pki), changeCall(withdraw))
    await refused(chain, registrarOf(agency), withdraw, 'TSA_WITHDRAWN')
    expect(await chain.call(undefined, { name: 'tsas', args: [] })).toMatchObject([{ withdrawnAt: at }])
  })
})

describe('seal certificates', () => {
  it("refuses certificates of other CAs, with this CA's name too, and of other uses", async () => {
    const { chain, pki } = await founded()
    const foreign = await sealCertificate(await newPki(agency))
    await refused(chain, registrarOf(agency), registering(foreign.certificate), 'CERTIFICATE_NOT_ISSUED')
    const stranger = await newPki(agency)
    const namesake = { ...stranger.sealCa, certificate: pki.sealCa.certificate }
    const posing = await sealCertificate({ ...pki, sealCa: namesake })
    await refused(chain, registrarOf(agency), registering(posing.certificate), 'CERTIFICATE_NOT_ISSUED')
    await refused(chain, registrarOf(agency), registering(pki.tsa.certificate), 'CERTIFICATE_INVALID')
    await refused(chain, registrarOf(agency), registering(pki.sealCa.certificate), 'CERTIFICATE_INVALID')
  })

  it('refuses a certificate that is registered, and any change of an unknown institution', async () => {
    const { chain, pki } = await founded()
    const { certificate } = await sealCertificate(pki)
    await chain.call(registrar(pki), changeCall(registering(certificate)))
    await refused(chain, registrarOf(agency), registering(certificate), 'ALREADY_REGISTERED')
    const elsewhere = { ...registering(certificate), institution: court } as Change
    await refused(chain, registrarOf(court), elsewhere, 'INSTITUTION_UNKNOWN')
  })
})

describe('revocation', () => {
  type Reason = Extract<Change, { change: 'revokeCertificate' }>['reason']
  const revoking = (certificate: Digest, reason: Reason, invalidityDate: string): Change => ({
    change: 'revokeCertificate',
    institution: agency,
    certificate,
    reason,
    invalidityDate: invalidityDate as Time,
  })

  async function withCertificate() {
    const { chain, pki } = await founded()
    const holder = await sealCertificate(pki)
    await chain.call(registrar(pki), changeCall(registering(holder.certificate)))
    const record = async () =>
      (await chain.call(undefined, { name: 'certificate', args: [agency, holder.digest] })) as readonly object[]
    return { chain, pki, digest: holder.digest, record }
  }

  it('finds the first entry recorded at the invalidity date or after', async () => {
    const { chain, pki, digest, record } = await withCertificate()
    const target = { institution: agency }
    for (let hour = 4; hour < 12; hour++) {
      chain.time = `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z` as Time
      const { certificate } = await sealCertificate(pki)
      const change: Change = { change: 'registerCertificate', ...target, certificate: toBase64(certificate) }
      await chain.call(registrar(pki), changeCall(change))
    }
    // Entries 0 to 2 at 03:00, then one an hour.
    const expected = [
      ['2026-11-22T11:30:00Z', 'superseded', 11],
      ['2026-11-22T10:00:00Z', 'superseded', 9],
      ['2026-11-22T09:59:59.5Z', 'keyCompromise', 9],
      ['2026-11-22T03:00:00Z', 'keyCompromise', 0],
      ['2021-01-01T00:00:00Z', 'cACompromise', 0],
    ] as const
    chain.time = '2026-11-22T12:00:00Z' as Time
    for (const [date, reason, disputedFrom] of expected) {
      await chain.call(registrar(pki), changeCall(revoking(digest, reason, date)))
      expect(await record()).toMatchObject([{ revocation: { disputedFrom, invalidityDate: date, reason } }])
    }
  })

  it('refuses dates in the future and before the certificate', async () => {
    const { chain, digest } = await withCertificate()
    for (const date of ['2026-11-22T03:00:01Z', '2020-12-31T23:59:59Z']) {
      await refused(chain, registrarOf(agency), revoking(digest, 'keyCompromise', date), 'INVALIDITY_DATE_INVALID')
    }
    const unknown = digestOf(Uint8Array.of(1))
    const change = revoking(unknown, 'keyCompromise', '2026-11-22T03:00:00Z')
    await refused(chain, registrarOf(agency), change, 'CERTIFICATE_UNKNOWN')
  })

  it('lets a later revocation only make things worse', async () => {
    const { chain, pki, digest } = await withCertificate()
    const noon = '2026-11-22T02:00:00Z'
    await chain.call(registrar(pki), changeCall(revoking(digest, 'keyCompromise', noon)))
    const later = revoking(digest, 'keyCompromise', '2026-11-22T02:30:00Z')
    await refused(chain, registrarOf(agency), later, 'INVALIDITY_DATE_INVALID')
    await refused(chain, registrarOf(agency), revoking(digest, 'keyCompromise', noon), 'ALREADY_REVOKED')
    const milder = revoking(digest, 'superseded', '2026-11-22T01:00:00Z')
    await refused(chain, registrarOf(agency), milder, 'ALREADY_REVOKED')
  })

  it('never lets recording times run backwards when a clock lags', async () => {
    const { chain, pki } = await withCertificate()
    chain.time = '2026-11-22T02:59:00Z' as Time
    const { certificate } = await sealCertificate(pki)
    await chain.call(registrar(pki), changeCall(registering(certificate)))
    const append = await chain.call(undefined, { name: 'appendOf', args: [agency, '3'] })
    expect(append).toMatchObject([{ recordedAt: '2026-11-22T03:00:00Z' }])
  })
})

describe('seals', () => {
  async function withSeal() {
    const { chain, pki } = await founded()
    const holder = await sealCertificate(pki)
    await chain.call(registrar(pki), changeCall(registering(holder.certificate)))
    const change = newSealChange(agency, holder)
    await chain.call(registrar(pki), changeCall(change))
    const seal = async () => {
      const found = await chain.call(undefined, { name: 'seal', args: [agency, change.seal.id] })
      return (found as unknown as readonly SealState[])[0].seal
    }
    return { chain, pki, holder, change, seal, target: { institution: agency, seal: change.seal.id } }
  }

  it('keeps every suspension with its times', async () => {
    const { chain, pki, target, seal } = await withSeal()
    const moves = ['suspendSeal', 'resumeSeal', 'suspendSeal', 'retireSeal'] as const
    for (const [minute, change] of moves.entries()) {
      chain.time = `2026-11-22T03:0${minute + 1}:00Z` as Time
      await chain.call(registrar(pki), changeCall({ change, ...target }))
    }
    expect(await seal()).toMatchObject({
      status: 'retired',
      since: '2026-11-22T03:04:00Z',
      suspensions: [
        { from: '2026-11-22T03:01:00Z', to: '2026-11-22T03:02:00Z' },
        { from: '2026-11-22T03:03:00Z', to: '2026-11-22T03:04:00Z' },
      ],
    })
    for (const change of ['suspendSeal', 'resumeSeal', 'retireSeal'] as const) {
      await refused(chain, registrarOf(agency), { change, ...target }, 'SEAL_STATUS_INVALID')
    }
  })

  it('refuses a sixty-fifth suspension', async () => {
    const { chain, pki, target } = await withSeal()
    for (let i = 0; i < 64; i++) {
      await chain.call(registrar(pki), changeCall({ change: 'suspendSeal', ...target }))
      await chain.call(registrar(pki), changeCall({ change: 'resumeSeal', ...target }))
    }
    await refused(chain, registrarOf(agency), { change: 'suspendSeal', ...target }, 'REGISTER_FULL')
  })

  it('refuses to resume what is active, and changes of unknown seals or by sealers', async () => {
    const { chain, pki, target } = await withSeal()
    await refused(chain, registrarOf(agency), { change: 'resumeSeal', ...target }, 'SEAL_STATUS_INVALID')
    const unknown = { ...target, seal: 'unknown' as SealId }
    await refused(chain, registrarOf(agency), { change: 'suspendSeal', ...unknown }, 'SEAL_UNKNOWN')
    await refused(chain, sealer(pki), { change: 'suspendSeal', ...target }, 'CALLER_NOT_PERMITTED')
  })

  it("refuses a seal outside its certificate's validity, twice, or with another's or a revoked certificate", async () => {
    const { chain, pki, holder, change } = await withSeal()
    await refused(chain, registrarOf(agency), change, 'ALREADY_REGISTERED')
    const other = newSealChange(agency, holder)
    const withSealOf = (part: object): Change => ({ ...other, seal: { ...other.seal, ...part } })
    const validities = [
      { notAfter: '2039-01-01T00:00:01Z' },
      { notBefore: '2020-12-31T23:59:59Z' },
      { notBefore: '2030-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' },
    ]
    for (const part of validities) {
      await refused(chain, registrarOf(agency), withSealOf(part), 'SEAL_VALIDITY_INVALID')
    }
    const unknown = withSealOf({ certificate: digestOf(Uint8Array.of(1)) })
    await refused(chain, registrarOf(agency), unknown, 'CERTIFICATE_UNKNOWN')
    const invalidityDate = chain.time
    const certificate = holder.digest
    const target = { institution: agency, certificate }
    const revoke: Change = { change: 'revokeCertificate', ...target, reason: 'superseded', invalidityDate }
    await chain.call(registrar(pki), changeCall(revoke))
    await refused(chain, registrarOf(agency), other, 'CERTIFICATE_REVOKED')
    const renew: Change = { change: 'renewSeal', ...target, seal: change.seal.id }
    await refused(chain, registrarOf(agency), renew, 'CERTIFICATE_REVOKED')
  })

  it('renews a seal with a new certificate and its end of validity', async () => {
    const { chain, pki, holder, target, seal } = await withSeal()
    const next = await sealCertificate(pki, { notAfter: new Date('2039-06-01T00:00:00Z') })
    await chain.call(registrar(pki), changeCall(registering(next.certificate)))
    const renew = (certificate: Digest): Change => ({ change: 'renewSeal', ...target, certificate })
    await refused(chain, registrarOf(agency), renew(holder.digest), 'ALREADY_REGISTERED')
    const head = (await chain.call(registrar(pki), changeCall(renew(next.digest)))) as unknown as LogHead
    expect(await seal()).toMatchObject({ certificate: next.digest, notAfter: '2039-06-01T00:00:00Z' })
    expect(chain.state.has(`seal-at/${agency}/${target.seal}/${String(head.size).padStart(16, '0')}`)).toBe(true)
    const ended = await sealCertificate(pki, { notAfter: new Date('2021-06-01T00:00:00Z') })
    await chain.call(registrar(pki), changeCall(registering(ended.certificate)))
    await refused(chain, registrarOf(agency), renew(ended.digest), 'SEAL_VALIDITY_INVALID')
  })
})
