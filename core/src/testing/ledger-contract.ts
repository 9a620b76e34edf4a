import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { toBase64, toHex } from '../encode/bytes'
import { leafHash, rootOf } from '../log/merkle'
import type { Attestation, Statement } from '../model/attestation'
import { digestBytes, digestFromBytes } from '../model/digest'
import { EntryFormat, type LogEntry } from '../model/entry'
import type { LogHead } from '../model/head'
import type { InstitutionId, SealId } from '../model/identifiers'
import { type Ledger, LedgerError, type LogEvent } from '../model/ledger'
import type { SealUse, Use } from '../model/opening'
import { randomBytes } from './keys'
import { newPki, sealCertificate } from './pki'
import {
  type Cast,
  foundCast,
  type HeldSeal,
  newSealChange,
  registerHolder,
  registerSeal,
  registrar,
  sealer,
  useOf,
} from './scene'
import { depositEntry, newDepositUse, sealEntries, sealEntry } from './uses'

/** A ledger and what the suite needs to know of its surroundings. */
export interface LedgerUnderTest {
  readonly ledger: Ledger
  /** Real members of the channel. They may have been founded, with these authorities, by a run before. */
  readonly cast: Cast
  /** The time by which the ledger judges tokens, to a few minutes. */
  now(): Date
  /** What an attestation of this ledger says, its signature checked. */
  statementOf(attestation: Attestation): Promise<Statement>
  close(): Promise<void>
}

/** Resolves to the refusal's code and details; anything but a refusal by the ledger fails the test. */
async function refusalOf(attempt: Promise<unknown>): Promise<Pick<LedgerError, 'code' | 'details'>> {
  try {
    await attempt
  } catch (refusal) {
    if (!(refusal instanceof LedgerError)) throw refusal
    return { code: refusal.code, details: refusal.details }
  }
  return { code: 'NOT_REFUSED', details: {} }
}

/** The suite that every {@link Ledger} passes unchanged. It can run again and again on one long-lived ledger. */
export function ledgerContract(name: string, newLedger: () => Promise<LedgerUnderTest>): void {
  describe(`the ${name} ledger`, () => {
    let scene: LedgerUnderTest
    let held: HeldSeal
    beforeAll(async () => {
      scene = await newLedger()
      await foundCast(scene.ledger, scene.cast)
      held = await registerSeal(scene.ledger, scene.cast.agency)
    }, 120_000)
    afterAll(() => scene.close())

    const context: Context = {
      scene: () => scene,
      held: () => held,
      owner: () => held.pki.institution,
      head: () => scene.ledger.head(held.pki.institution),
      use: () => useOf(held, scene.cast.court, scene.now()),
      async append(uses, entries, size) {
        const expected = size ?? (await scene.ledger.head(held.pki.institution)).size
        return scene.ledger.append(sealer(held.pki), held.pki.institution, expected, entries, uses)
      },
      async uses() {
        return (await scene.ledger.seal(held.pki.institution, held.seal.id))?.uses ?? Number.NaN
      },
    }
    registerContract(context)
    appendContract(context)
    refusalContract(context)
    readContract(context)
    attestContract(context)
    followContract(context)
  })
}

interface Context {
  scene(): LedgerUnderTest
  /** The agency's seal that this run registered. */
  held(): HeldSeal
  owner(): InstitutionId
  head(): Promise<LogHead>
  use(): Promise<SealUse>
  append(uses: readonly Use[], entries: readonly LogEntry[], size?: number): Promise<LogHead>
  /** Recorded uses of the seal. */
  uses(): Promise<number>
}

function registerContract({ scene, held, owner, head }: Context): void {
  it('shows each institution with its kind and its seal CAs', async () => {
    const { ledger, cast } = scene()
    const institution = await ledger.institution(cast.court.institution)
    expect(institution).toMatchObject({ id: cast.court.institution, kind: 'court' })
    expect(institution?.sealCas).toContain(cast.court.sealCa.digest)
    expect((await ledger.institutions()).map(({ id }) => id)).toContain(cast.enterprise.institution)
  })

  it('shows certificates, seals and authorities that were registered', async () => {
    const { ledger, cast } = scene()
    const { holder, seal } = held()
    expect(await ledger.certificate(owner(), holder.digest)).toMatchObject({ digest: holder.digest })
    expect((await ledger.certificates(owner())).map(({ digest }) => digest)).toContain(holder.digest)
    expect(await ledger.seal(owner(), seal.id)).toMatchObject({ seal: { status: 'active', suspensions: [] } })
    expect((await ledger.seals(owner())).map((one) => one.seal.id)).toContain(seal.id)
    expect((await ledger.tsas()).map(({ digest }) => digest)).toContain(cast.court.tsa.digest)
  })

  it('knows nothing of what was never registered', async () => {
    const { ledger } = scene()
    const nobody = `Nobody-${toHex(randomBytes(8))}` as InstitutionId
    expect(await ledger.institution(nobody)).toBeUndefined()
    expect(await ledger.seal(owner(), 'no-such-seal' as SealId)).toBeUndefined()
    expect(await ledger.certificate(owner(), digestFromBytes(randomBytes(32)))).toBeUndefined()
    expect(await ledger.appendOf(owner(), (await head()).size)).toBeUndefined()
    expect(await ledger.head(nobody)).toMatchObject({ size: 0 })
  })

  it('makes each register change an entry of the log', async () => {
    const { ledger, cast } = scene()
    const { size } = await head()
    const holder = await registerHolder(ledger, cast.agency)
    expect((await head()).size).toBe(size + 1)
    const [entry] = await ledger.entries(owner(), size, size + 1)
    expect(entry).toMatchObject({ kind: 'register', change: 'certificateRegistered', subject: holder.digest })
  })

  it('refuses register changes by sealers and by other institutions', async () => {
    const { ledger, cast } = scene()
    const change = newSealChange(owner(), held().holder)
    const before = await head()
    for (const caller of [sealer(cast.agency), registrar(cast.court), registrar(cast.enterprise)]) {
      expect(await refusalOf(ledger.change(caller, change))).toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
    }
    expect(await head()).toEqual(before)
  })

  it("refuses a certificate that the institution's seal CAs did not issue, and one registered before", async () => {
    const { ledger, cast } = scene()
    const register = (der: Uint8Array) =>
      ledger.change(registrar(cast.agency), {
        change: 'registerCertificate',
        institution: owner(),
        certificate: toBase64(der),
      })
    const foreign = await sealCertificate(await newPki(owner()))
    expect(await refusalOf(register(foreign.certificate))).toMatchObject({ code: 'CERTIFICATE_NOT_ISSUED' })
    expect(await refusalOf(register(held().holder.certificate))).toMatchObject({ code: 'ALREADY_REGISTERED' })
  })
}

function appendContract({ scene, held, owner, head, use, append, uses }: Context): void {
  it('appends one use and counts it', async () => {
    const before = await head()
    const count = await uses()
    const one = await use()
    const entry = sealEntry(one, held().seal, count + 1)
    const after = await append([one], [entry])
    expect(after.size).toBe(before.size + 1)
    expect(await head()).toEqual(after)
    expect(await uses()).toBe(count + 1)
    expect(await scene().ledger.entries(owner(), before.size, after.size)).toEqual([entry])
  })

  it('appends many uses and deposits in their order', async () => {
    const { size } = await head()
    const count = await uses()
    const sealed = await Promise.all(Array.from({ length: 12 }, use))
    const deposit = await newDepositUse({ institution: owner(), tsa: scene().cast.court.tsa, at: scene().now() })
    const entries = [...sealEntries(sealed, held().seal, count), depositEntry(deposit)]
    const after = await append([...sealed, deposit], entries)
    expect(after.size).toBe(size + 13)
    expect(await uses()).toBe(count + 12)
    expect(await scene().ledger.entries(owner(), size, after.size)).toEqual(entries)
  })

  it('refuses an append to a log of another size and says its size', async () => {
    const { size } = await head()
    const one = await use()
    const entries = [sealEntry(one, held().seal, (await uses()) + 1)]
    for (const wrong of [size - 1, size + 1]) {
      const refusal = await refusalOf(append([one], entries, wrong))
      expect(refusal).toMatchObject({ code: 'LOG_SIZE_MISMATCH', details: { size } })
    }
    expect((await head()).size).toBe(size)
  })

  it('lets exactly one of several concurrent appends win', async () => {
    const { size } = await head()
    const count = await uses()
    const rivals = await Promise.all(Array.from({ length: 4 }, use))
    const outcomes = await Promise.all(
      rivals.map((one) => refusalOf(append([one], [sealEntry(one, held().seal, count + 1)], size))),
    )
    const codes = outcomes.map(({ code }) => code).sort()
    expect(codes).toEqual(['LOG_SIZE_MISMATCH', 'LOG_SIZE_MISMATCH', 'LOG_SIZE_MISMATCH', 'NOT_REFUSED'])
    expect(await head()).toMatchObject({ size: size + 1 })
    expect(await uses()).toBe(count + 1)
  })
}

function refusalContract({ scene, held, owner, head, use, append, uses }: Context): void {
  it('refuses to record a use twice, and says where it stands', async () => {
    const one = await use()
    const { size } = await append([one], [sealEntry(one, held().seal, (await uses()) + 1)])
    const other = await use()
    const entries = sealEntries([other, one], held().seal, await uses())
    expect(await refusalOf(append([other, one], entries))).toMatchObject({
      code: 'ALREADY_RECORDED',
      details: { index: 1, entry: `${owner()}/${size - 1}` },
    })
    expect((await head()).size).toBe(size)
  })

  it('refuses the whole batch for one forged signature and names its place', async () => {
    const { size } = await head()
    const [good, other] = [await use(), await use()]
    const opening = { ...good.opening, id: other.opening.id, signedAttributes: other.opening.signedAttributes }
    const forged = { ...good, opening, signedAttributes: other.signedAttributes }
    const entries = sealEntries([other, forged], held().seal, await uses())
    const refusal = await refusalOf(append([other, forged], entries))
    expect(refusal).toMatchObject({ code: 'SIGNATURE_INVALID', details: { index: 1 } })
    expect((await head()).size).toBe(size)
  })

  it('refuses an entry that is not that of its use', async () => {
    const one = await use()
    const entry = { ...sealEntry(one, held().seal, (await uses()) + 1), useNumber: 9_999_999 }
    expect(await refusalOf(append([one], [entry]))).toMatchObject({ code: 'ENTRY_MISMATCH', details: { index: 0 } })
  })

  it("refuses a token by the institution's own authority", async () => {
    const one = await useOf(held(), held().pki, scene().now())
    const entry = sealEntry(one, held().seal, (await uses()) + 1)
    expect(await refusalOf(append([one], [entry]))).toMatchObject({ code: 'TSA_OWN' })
  })

  it('refuses appends by registrars and by other institutions', async () => {
    const { ledger, cast } = scene()
    const one = await use()
    const entries = [sealEntry(one, held().seal, (await uses()) + 1)]
    const { size } = await head()
    for (const caller of [registrar(cast.agency), sealer(cast.court)]) {
      const refusal = await refusalOf(ledger.append(caller, owner(), size, entries, [one]))
      expect(refusal).toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
    }
  })

  it('refuses uses of a suspended seal and takes them again when it is resumed', async () => {
    const { ledger, cast } = scene()
    const caller = registrar(cast.agency)
    const suspended = await registerSeal(ledger, cast.agency)
    const target = { institution: owner(), seal: suspended.seal.id }
    const early = await useOf(suspended, cast.court, new Date(scene().now().getTime() - 60_000))
    await ledger.change(caller, { change: 'suspendSeal', ...target })
    const sealNow = async () => (await ledger.seal(owner(), suspended.seal.id))?.seal ?? suspended.seal
    const late = await useOf(suspended, cast.court, scene().now())
    const refusal = await refusalOf(append([late], [sealEntry(late, await sealNow(), 1)]))
    expect(refusal).toMatchObject({ code: 'SEAL_SUSPENDED', details: { index: 0 } })
    // What was sealed before is judged at its token's time: an outage must not lose it.
    await append([early], [sealEntry(early, await sealNow(), 1)])
    await ledger.change(caller, { change: 'resumeSeal', ...target })
    const again = await useOf(suspended, cast.court, scene().now())
    await append([again], [sealEntry(again, await sealNow(), 2)])
  })
}

function readContract({ scene, owner, head }: Context): void {
  it('gives entries across appends, whole and in part, and none behind the end', async () => {
    const { ledger } = scene()
    const { size } = await head()
    const from = Math.max(0, size - 20)
    const entries = await ledger.entries(owner(), from, size)
    expect(entries).toHaveLength(size - from)
    expect(await ledger.entries(owner(), from + 3, size - 2)).toEqual(entries.slice(3, -2))
    expect(await ledger.entries(owner(), size, size + 5)).toEqual([])
  })

  it('gives for every entry the append that holds it, and their leaves lead to the head', async () => {
    const { ledger, cast } = scene()
    const { institution } = cast.enterprise
    const { size, root } = await ledger.head(institution)
    const leaves: Uint8Array[] = []
    for (let at = 0; at < size; ) {
      const append = await ledger.appendOf(institution, at)
      if (append === undefined) throw new LedgerError('HEAD_UNKNOWN', 'an append is missing')
      expect(append).toMatchObject({ from: at, institution, size: at + append.leaves.length })
      leaves.push(...append.leaves.map(digestBytes))
      expect(append.root).toBe(digestFromBytes(rootOf(leaves)))
      at = append.size
    }
    expect(digestFromBytes(rootOf(leaves))).toBe(root)
    const entries = await ledger.entries(institution, 0, Math.min(size, 1000))
    expect(entries.map((entry) => toHex(leafHash(EntryFormat.encode(entry))))).toEqual(leaves.slice(0, 1000).map(toHex))
  })
}

function attestContract({ scene, held, owner, head }: Context): void {
  const attest = async (request: Parameters<Ledger['attest']>[0]) => {
    const attestations = await scene().ledger.attest(request)
    expect(attestations.length).toBeGreaterThan(0)
    return Promise.all(attestations.map((one) => scene().statementOf(one)))
  }

  it('attests the head and the register as they stood at an old size', async () => {
    const { ledger, cast } = scene()
    const old = await registerSeal(ledger, cast.agency)
    const before = await head()
    const target = { institution: owner(), seal: old.seal.id }
    const after = await ledger.change(registrar(cast.agency), { change: 'retireSeal', ...target })
    for (const statement of await attest({ ...target, size: before.size })) {
      expect(statement).toMatchObject({ channel: ledger.channel, root: before.root, size: before.size })
      expect(statement.seal).toEqual(old.seal)
      expect(statement.certificate?.digest).toBe(old.holder.digest)
      expect(statement.registered.id).toBe(owner())
      expect(statement).not.toHaveProperty('latest')
    }
    for (const statement of await attest({ ...target, size: after.size })) {
      expect(statement).toMatchObject({ from: before.size, root: after.root, seal: { status: 'retired' } })
    }
  })

  it('refuses to attest a seal at a size before it was registered', async () => {
    const { size } = await head()
    const { seal } = await registerSeal(scene().ledger, scene().cast.agency)
    const attempt = scene().ledger.attest({ institution: owner(), size, seal: seal.id })
    expect(await refusalOf(attempt)).toMatchObject({ code: 'SEAL_UNKNOWN' })
  })

  it('refuses sizes at which no append ended', async () => {
    const { size } = await head()
    const attempt = scene().ledger.attest({ institution: owner(), size: size + 1000, seal: held().seal.id })
    expect(await refusalOf(attempt)).toMatchObject({ code: 'HEAD_UNKNOWN' })
  })

  it('repeats a challenge and says the present size beside it', async () => {
    const { size } = await head()
    const challenge = toHex(randomBytes(32))
    for (const statement of await attest({ institution: owner(), size, challenge })) {
      expect(statement).toMatchObject({ challenge, latest: size })
    }
  })
}

function followContract({ scene, held, owner, head, use, append, uses }: Context): void {
  it('tells followers of each append in order, until they stop', async () => {
    const { size } = await head()
    const events: LogEvent[] = []
    const stop = scene().ledger.follow((event) => {
      if (event.institution === owner()) events.push(event)
    })
    const [first, second, third] = [await use(), await use(), await use()]
    const entries = sealEntries([first, second, third], held().seal, await uses())
    await append([first], entries.slice(0, 1))
    await append([second], entries.slice(1, 2))
    await eventually(() => events.length >= 2)
    stop()
    await append([third], entries.slice(2))
    await new Promise<void>((resolve) => later(resolve, 50))
    expect(events.map((event) => event.append.size)).toEqual([size + 1, size + 2])
    expect(events.flatMap((event) => event.entries)).toEqual(entries.slice(0, 2))
  })
}

const { setTimeout: later } = globalThis as unknown as { setTimeout(run: () => void, ms: number): void }

/** Waits up to 10 s. */
async function eventually(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise<void>((resolve) => later(resolve, 25))
  expect(condition()).toBe(true)
}
