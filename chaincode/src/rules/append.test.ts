import {
  appendLeaf,
  type Change,
  CMS_OID,
  type Digest,
  derWrite,
  digestBytes,
  digestOf,
  EntryFormat,
  emptyRange,
  encodeRange,
  encodeSealUse,
  fromBase64,
  fromHex,
  type InstitutionId,
  type Json,
  type LogEntry,
  type LogHead,
  leafHash,
  SEAL_USE_OID,
  type Seal,
  type SealId,
  type SealSignatureId,
  type SealState,
  type SealUse,
  sha256,
  signAttributes,
  type Time,
  timeOf,
  toBase64,
  toHex,
  type Use,
} from '@cinnabar/core'
import {
  depositEntry,
  type HeldSeal,
  type Holder,
  newDepositUse,
  newHolder,
  newPki,
  newRsaKey,
  newSealChange,
  newSealUse,
  type Pki,
  registrar,
  sealCertificate,
  sealEntries,
  sealEntry,
  sealer,
  tokenOf,
  useOf,
  withParts,
} from '@cinnabar/core/testing'
import { appendCall, changeCall } from './calls'
import { MemoryChain } from './memory-chain'

const agency = 'JiangzhouBureau' as InstitutionId
const court = 'JiangzhouCourt' as InstitutionId
const NOW = '2026-11-22T03:00:00Z' as Time
const at = (text: string) => new Date(text)
const now = at(NOW)

/** An agency with a seal and a court that stamps, on a chain of their own. */
async function newScene() {
  const chain = new MemoryChain()
  const [owner, stamper] = await Promise.all([newPki(agency), newPki(court)])
  const change = (pki: Pki, one: Change) => chain.call(registrar(pki), changeCall(one))
  for (const [pki, kind] of [[owner, 'agency'] as const, [stamper, 'court'] as const]) {
    const { institution } = pki
    const names = { en: institution, zh: '江州' }
    await change(owner, {
      change: 'found',
      institution: { id: institution, kind, names, type: 'cinnabar.institution.v1' },
    })
    const sealCa = toBase64(pki.sealCa.certificate)
    const tsa = toBase64(pki.tsa.certificate)
    await change(pki, { change: 'registerSealCa', institution, certificate: sealCa })
    await change(pki, { change: 'registerTsa', institution, certificate: tsa })
  }
  const registerHolder = async (holder: Holder) => {
    const certificate = toBase64(holder.certificate)
    await change(owner, { change: 'registerCertificate', institution: agency, certificate })
    return holder
  }
  const registerSeal = async (given?: Holder): Promise<HeldSeal> => {
    const holder = given ?? (await registerHolder(await sealCertificate(owner)))
    const registration = newSealChange(agency, holder)
    await change(owner, registration)
    return { pki: owner, holder, seal: await sealOf(registration.seal.id) }
  }
  const sealOf = async (id: SealId): Promise<Seal> => {
    const found = (await chain.call(undefined, { name: 'seal', args: [agency, id] })) as unknown as SealState[]
    return found[0].seal
  }
  const size = async () => ((await chain.call(undefined, { name: 'head', args: [agency] })) as unknown as LogHead).size
  const append = async (uses: readonly Use[], entries: readonly LogEntry[], expected?: number) =>
    chain.call(sealer(owner), appendCall(agency, expected ?? (await size()), entries, uses))
  /** Expects the refusal of this one use, and that the state is as it was. */
  const refused = async (use: SealUse, code: string, seal: Seal, honest = use) => {
    const before = chain.dump()
    const attempt = append([use], [sealEntry(honest, seal, 1)])
    await expect(attempt).rejects.toMatchObject({ code, details: { index: 0 } })
    expect(chain.dump()).toBe(before)
  }
  const held = await registerSeal()
  return { chain, owner, stamper, change, registerHolder, registerSeal, sealOf, size, append, refused, held }
}
type Scene = Awaited<ReturnType<typeof newScene>>

/** A use signed with these attributes besides the usual ones, under the opening of an honest one. */
async function signedWith(scene: Scene, extra: readonly { oid: string; value: Uint8Array }[]): Promise<SealUse> {
  const honest = await useOf(scene.held, scene.stamper, now)
  const { certificate, key } = scene.held.holder
  const messageDigest = digestBytes(honest.opening.messageDigest)
  const request = { certificate, contentType: CMS_OID.data, messageDigest, extra }
  return stamped(scene, honest, await signAttributes(request, key.signer))
}

async function stamped(
  { stamper }: Scene,
  use: SealUse,
  parts: { readonly signature: Uint8Array; readonly signedAttributes: Uint8Array },
): Promise<SealUse> {
  const token = await tokenOf(stamper.tsa, sha256(parts.signature), now)
  return withParts(use, { signature: parts.signature, signedAttributes: parts.signedAttributes, token })
}

describe('append', () => {
  it('records uses and deposits, counts uses for each seal, and keeps the tree', async () => {
    const scene = await newScene()
    const { chain, held, stamper, append } = scene
    const other = await scene.registerSeal()
    const before = (await chain.call(undefined, { name: 'head', args: [agency] })) as unknown as LogHead
    const uses = await Promise.all([held, other, held].map((seal) => useOf(seal, stamper, now)))
    const deposit = await newDepositUse({ institution: agency, tsa: stamper.tsa, at: now })
    const entries = [
      sealEntry(uses[0], held.seal, 1),
      sealEntry(uses[1], other.seal, 1),
      depositEntry(deposit),
      sealEntry(uses[2], held.seal, 2),
    ]
    chain.time = '2026-11-22T03:00:01Z' as Time
    const head = (await append([uses[0], uses[1], deposit, uses[2]], entries)) as unknown as LogHead
    expect(head.size).toBe(before.size + 4)
    expect(toText(chain, `uses/${agency}/${held.seal.id}`)).toBe('2')
    expect(toText(chain, `uses/${agency}/${other.seal.id}`)).toBe('1')
    const replayKey = toHex(sha256(Uint8Array.from([...Buffer.from('cinnabar.use'), ...fromBase64(uses[2].signature)])))
    expect(toText(chain, `use/${replayKey}`)).toBe(`${agency}/${before.size + 3}`)
    const appended = await chain.call(undefined, { name: 'appendOf', args: [agency, String(before.size + 1)] })
    expect(appended).toMatchObject([
      { from: before.size, recordedAt: '2026-11-22T03:00:01Z', root: head.root, size: head.size },
    ])
    const all = await allEntries(chain)
    const range = [...all, ...entries]
      .map((entry) => leafHash(EntryFormat.encode(entry)))
      .reduce(appendLeaf, emptyRange)
    expect(toHex(chain.state.get(`log/${agency}`) ?? new Uint8Array(0))).toBe(toHex(encodeRange(range)))
  })

  it('gives the same writes for the same call on every peer', async () => {
    const { chain, held, stamper, owner, size } = await newScene()
    const uses = await Promise.all(Array.from({ length: 20 }, () => useOf(held, stamper, now)))
    const call = appendCall(agency, await size(), sealEntries(uses, held.seal, 0), uses)
    const [first, second] = await Promise.all([
      chain.simulate(sealer(owner), call),
      chain.simulate(sealer(owner), call),
    ])
    const texts = [first, second].map(({ writes }) =>
      Array.from(writes, ([key, value]) => `${key} ${key.startsWith('append/') ? '' : toHex(value)}`),
    )
    expect(texts[0]).toEqual(texts[1])
    expect(toHex(first.result)).toBe(toHex(second.result))
  })

  it('refuses another size, another institution, and callers that are no sealers', async () => {
    const { chain, owner, stamper, held, append, size } = await newScene()
    const use = await useOf(held, stamper, now)
    const entries = [sealEntry(use, held.seal, 1)]
    const expected = await size()
    await expect(append([use], entries, expected + 1)).rejects.toMatchObject({
      code: 'LOG_SIZE_MISMATCH',
      details: { size: expected },
    })
    const call = appendCall(agency, expected, entries, [use])
    for (const caller of [registrar(owner), sealer(stamper)]) {
      await expect(chain.call(caller, call)).rejects.toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
    }
    const nobody = 'Nobody' as InstitutionId
    const elsewhere = chain.call({ institution: nobody, role: 'sealer' }, appendCall(nobody, 0, entries, [use]))
    await expect(elsewhere).rejects.toMatchObject({ code: 'INSTITUTION_UNKNOWN' })
  })

  it("refuses every write by a seal's key, also in a certificate that an MSP admits with a role", async () => {
    const { chain, owner, stamper, held, append, size } = await newScene()
    const use = await useOf(held, stamper, now)
    const entries = [sealEntry(use, held.seal, 1)]
    const key = digestOf(held.holder.key.spki)
    const before = chain.dump()
    const calls = [
      appendCall(agency, await size(), entries, [use]),
      changeCall({ change: 'suspendSeal', institution: agency, seal: held.seal.id }),
    ]
    for (const call of calls) {
      for (const caller of [sealer(owner), registrar(owner)]) {
        const refused = chain.call({ ...caller, key }, call)
        await expect(refused).rejects.toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
      }
    }
    expect(chain.dump()).toBe(before)
    // Another institution's register says nothing of one's own clients.
    const elsewhere = { ...registrar(stamper), key }
    const certificate = toBase64((await newPki(court)).tsa.certificate)
    await chain.call(elsewhere, changeCall({ change: 'registerTsa', institution: court, certificate }))
    await append([use], entries)
  })

  it('names the first bad use, whatever else is bad behind it', async () => {
    const { held, stamper, owner, append } = await newScene()
    const good = await useOf(held, stamper, now)
    const ownTime = await useOf(held, owner, now)
    const forged = withParts(await useOf(held, stamper, now), { token: Uint8Array.of(0x30, 0) })
    const uses = [good, ownTime, forged]
    const entries = [good, ownTime].map((use, i) => sealEntry(use, held.seal, i + 1))
    for (let i = 0; i < 5; i++) {
      const attempt = append(uses, [...entries, entries[0]])
      await expect(attempt).rejects.toMatchObject({ code: 'TSA_OWN', details: { index: 1 } })
    }
  })
})

describe('the seal signature of a use', () => {
  it('refuses seals and certificates that are unknown, or do not belong together', async () => {
    const scene = await newScene()
    const { held, stamper, refused } = scene
    const unknownSeal = { ...held, seal: { ...held.seal, id: 'unknown' as SealId } }
    await refused(await useOf(unknownSeal, stamper, now), 'SEAL_UNKNOWN', held.seal)
    const stranger = { ...held, holder: await sealCertificate(scene.owner) }
    await refused(await useOf(stranger, stamper, now), 'CERTIFICATE_UNKNOWN', held.seal)
    const other = await scene.registerSeal()
    await refused(await useOf({ ...held, holder: other.holder }, stamper, now), 'CERTIFICATE_MISMATCH', held.seal)
  })

  it('refuses an opening that differs from what it opens, member by member', async () => {
    const { held, stamper, refused } = await newScene()
    const use = await useOf(held, stamper, now)
    const wrong = `sha256:${'00'.repeat(32)}` as Digest
    for (const member of ['signature', 'signedAttributes', 'token', 'messageDigest'] as const) {
      await refused({ ...use, opening: { ...use.opening, [member]: wrong } }, 'OPENING_MISMATCH', held.seal)
    }
    const elsewhere = { ...use, opening: { ...use.opening, institution: court } }
    await refused(elsewhere, 'OPENING_MISMATCH', held.seal)
  })

  it('refuses a signature by another key, and over other attributes', async () => {
    const scene = await newScene()
    const { held, stamper, refused } = scene
    const use = await useOf(held, stamper, now)
    const thief = await sealCertificate(scene.owner)
    const forged = await thief.key.signer.sign(fromBase64(use.signedAttributes))
    const parts = { signature: forged, signedAttributes: fromBase64(use.signedAttributes) }
    await refused(await stamped(scene, use, parts), 'SIGNATURE_INVALID', held.seal)
    const changed = fromBase64(use.signedAttributes)
    changed[changed.length - 1] ^= 1
    await refused(withParts(use, { signedAttributes: changed }), 'SIGNATURE_INVALID', held.seal)
  })

  it('refuses the other spellings of a good signature', async () => {
    const scene = await newScene()
    const { held, stamper, refused } = scene
    const use = await useOf(held, stamper, now)
    const signedAttributes = fromBase64(use.signedAttributes)
    for (const signature of [highS(fromBase64(use.signature)), Uint8Array.of(...fromBase64(use.signature), 0)]) {
      await refused(await stamped(scene, use, { signature, signedAttributes }), 'SIGNATURE_NOT_CANONICAL', held.seal)
    }
  })

  it('refuses a signature that names another use, another seal or another certificate', async () => {
    const scene = await newScene()
    const { held, stamper, refused } = scene
    const use = await useOf(held, stamper, now)
    const id = 'ff'.repeat(16) as SealSignatureId
    await refused({ ...use, opening: { ...use.opening, id } }, 'SEAL_USE_MISMATCH', held.seal)
    // Two seals may share a certificate: what was signed for one must not be recorded for the other.
    const twin = await scene.registerSeal(held.holder)
    const moved = { ...use, opening: { ...use.opening, seal: twin.seal.id } }
    await refused(moved, 'SEAL_USE_MISMATCH', twin.seal)
    await refused(await signedWith(scene, []), 'SEAL_USE_MISMATCH', held.seal)
    const value = derWrite.sequence()
    await refused(await signedWith(scene, [{ oid: SEAL_USE_OID, value }]), 'SEAL_USE_MISMATCH', held.seal)
    const other = await scene.registerSeal()
    const renamed = await newSealUse({
      ...request(held, stamper),
      holder: { ...held.holder, certificate: other.holder.certificate },
    })
    await refused(renamed, 'CERTIFICATE_MISMATCH', held.seal)
  })

  it.each(['RSASSA-PKCS1-v1_5', 'RSA-PSS'] as const)('is accepted by an imported RSA key with %s', async (padding) => {
    const scene = await newScene()
    const holder = await sealCertificate(scene.owner, { key: await newRsaKey(padding) })
    const held = await scene.registerSeal(await scene.registerHolder(holder))
    const use = await useOf(held, scene.stamper, now)
    const signature = fromBase64(use.signature)
    signature[signature.length - 1] ^= 1
    const signedAttributes = fromBase64(use.signedAttributes)
    await scene.refused(await stamped(scene, use, { signature, signedAttributes }), 'SIGNATURE_INVALID', held.seal)
    await scene.append([use], [sealEntry(use, held.seal, 1)])
  })

  it('refuses attributes that are not DER, and a signing-time', async () => {
    const scene = await newScene()
    const { held, stamper, refused } = scene
    const use = await useOf(held, stamper, now)
    const garbage = { signature: fromBase64(use.signature), signedAttributes: Uint8Array.of(0x31, 0x80, 0, 0) }
    await refused(await stamped(scene, use, garbage), 'SIGNED_ATTRIBUTES_INVALID', held.seal)
    const sealUse = { id: fromHex(use.opening.id), institution: agency, seal: held.seal.id }
    const claimed = await signedWith(scene, [
      { oid: SEAL_USE_OID, value: encodeSealUse(sealUse) },
      { oid: '1.2.840.113549.1.9.5', value: derWrite.x509Time(now) },
    ])
    await refused(claimed, 'SIGNED_ATTRIBUTES_INVALID', held.seal)
  })
})

describe('the token of a use', () => {
  it('refuses what is no token, a token over something else, and a forged one', async () => {
    const { held, stamper, refused } = await newScene()
    const use = await useOf(held, stamper, now)
    await refused(withParts(use, { token: Uint8Array.of(0x30, 0) }), 'TOKEN_INVALID', held.seal, use)
    const other = await tokenOf(stamper.tsa, sha256(Uint8Array.of(1)), now)
    await refused(withParts(use, { token: other }), 'TOKEN_IMPRINT_MISMATCH', held.seal)
    const token = fromBase64(use.token)
    token[token.length - 1] ^= 1
    await refused(withParts(use, { token }), 'TOKEN_INVALID', held.seal)
  })

  it("refuses authorities that are unregistered, the institution's own, expired or withdrawn", async () => {
    const { held, stamper, owner, refused, change } = await newScene()
    await refused(await useOf(held, await newPki(court), now), 'TSA_NOT_REGISTERED', held.seal)
    await refused(await useOf(held, owner, now), 'TSA_OWN', held.seal)
    const validity = { notBefore: at('2020-01-01T00:00:00Z'), notAfter: at('2025-01-01T00:00:00Z') }
    const tsa = await newHolder({ profile: 'tsa', commonName: 'old TSA', ...validity })
    const certificate = toBase64(tsa.certificate)
    await change(stamper, { change: 'registerTsa', institution: court, certificate })
    await refused(await useOf(held, { ...stamper, tsa }, now), 'TSA_EXPIRED', held.seal)
    const early = await useOf(held, stamper, at('2026-11-22T02:00:00Z'))
    const from = '2026-11-22T02:00:00Z' as Time
    await change(stamper, { change: 'withdrawTsa', institution: court, certificate: stamper.tsa.digest, at: from })
    await refused(early, 'TSA_WITHDRAWN', held.seal)
  })

  it('refuses an authority that the institution answers for; no other can register it, too', async () => {
    const { held, owner, stamper, change, refused } = await newScene()
    const certificate = toBase64(owner.tsa.certificate)
    const taken = change(stamper, { change: 'registerTsa', institution: court, certificate })
    await expect(taken).rejects.toMatchObject({ code: 'ALREADY_REGISTERED' })
    await refused(await useOf(held, owner, now), 'TSA_OWN', held.seal)
  })

  it('refuses a time outside the validity of certificate and seal, and one still to come', async () => {
    const { held, stamper, refused, append } = await newScene()
    await refused(await useOf(held, stamper, at('2020-12-31T23:59:59Z')), 'CERTIFICATE_EXPIRED', held.seal)
    await refused(await useOf(held, stamper, at('2021-06-01T00:00:00Z')), 'SEAL_EXPIRED', held.seal)
    await refused(await useOf(held, stamper, at('2026-11-22T03:05:00.001Z')), 'TOKEN_IN_FUTURE', held.seal)
    const edge = await useOf(held, stamper, at('2026-11-22T03:05:00Z'))
    await append([edge], [sealEntry(edge, held.seal, 1)])
  })
})

describe('the standing of a seal at the time of its use', () => {
  it('records what was sealed before a suspension or retirement, and refuses what was sealed after', async () => {
    const { chain, held, stamper, owner, change, refused, append, sealOf } = await newScene()
    const target = { institution: agency, seal: held.seal.id }
    const before = await useOf(held, stamper, at('2026-11-22T02:59:59Z'))
    const after = await useOf(held, stamper, now)
    await change(owner, { change: 'suspendSeal', ...target })
    await refused(after, 'SEAL_SUSPENDED', await sealOf(held.seal.id))
    await append([before], [sealEntry(before, await sealOf(held.seal.id), 1)])
    chain.time = '2026-11-22T03:01:00Z' as Time
    await change(owner, { change: 'retireSeal', ...target })
    await refused(after, 'SEAL_SUSPENDED', await sealOf(held.seal.id))
    const late = await useOf(held, stamper, at('2026-11-22T03:01:00Z'))
    await refused(late, 'SEAL_RETIRED', await sealOf(held.seal.id))
  })

  it('judges an orderly revocation at the time of the use, and refuses a compromised certificate outright', async () => {
    const { held, stamper, owner, change, refused, append } = await newScene()
    const target = { institution: agency, certificate: held.holder.digest }
    const revoke = {
      change: 'revokeCertificate',
      ...target,
      invalidityDate: timeOf(at('2026-11-22T02:30:00Z')),
    } as const
    await change(owner, { ...revoke, reason: 'superseded' })
    const before = await useOf(held, stamper, at('2026-11-22T02:29:59Z'))
    await refused(await useOf(held, stamper, at('2026-11-22T02:30:00Z')), 'CERTIFICATE_REVOKED', held.seal)
    await append([before], [sealEntry(before, held.seal, 1)])
    await change(owner, { ...revoke, reason: 'keyCompromise' })
    await refused(await useOf(held, stamper, at('2026-11-22T02:29:59Z')), 'CERTIFICATE_REVOKED', held.seal)
  })
})

describe('replay and entries', () => {
  it('refuses a use that is recorded, or stands twice in the batch', async () => {
    const { held, stamper, append, size } = await newScene()
    const use = await useOf(held, stamper, now)
    const start = await size()
    const twice = append([use, use], sealEntries([use, use], held.seal, 0))
    const entry = `${agency}/${start}`
    await expect(twice).rejects.toMatchObject({ code: 'ALREADY_RECORDED', details: { index: 1, entry } })
    await append([use], [sealEntry(use, held.seal, 1)])
    const resalted = { ...use, opening: { ...use.opening, salt: '11'.repeat(32) as typeof use.opening.salt } }
    const again = append([resalted], [sealEntry(resalted, held.seal, 2)])
    await expect(again).rejects.toMatchObject({ code: 'ALREADY_RECORDED', details: { index: 0, entry } })
  })

  it("refuses a deposit's id twice, and a deposit whose token is over another file", async () => {
    const { stamper, append } = await newScene()
    const stamping = { institution: agency, tsa: stamper.tsa, at: now }
    const [first, second] = [await newDepositUse(stamping), await newDepositUse(stamping)]
    await append([first], [depositEntry(first)])
    const again = { ...second, opening: { ...second.opening, id: first.opening.id } }
    await expect(append([again], [depositEntry(again)])).rejects.toMatchObject({ code: 'ALREADY_RECORDED' })
    const swapped = { ...second, opening: { ...second.opening, digest: first.opening.digest } }
    await expect(append([swapped], [depositEntry(swapped)])).rejects.toMatchObject({ code: 'TOKEN_IMPRINT_MISMATCH' })
  })

  it('refuses entries that differ from what the rules make, member by member', async () => {
    const { held, stamper, append } = await newScene()
    const use = await useOf(held, stamper, now)
    const entry = sealEntry(use, held.seal, 1)
    const wrong = `sha256:${'00'.repeat(32)}` as Digest
    const others: readonly LogEntry[] = [
      { ...entry, useNumber: 2 },
      { ...entry, commitment: wrong },
      { ...entry, certificate: wrong },
      { ...entry, sealRecord: wrong },
      { ...entry, seal: 'another' as SealId },
      { ...entry, institution: court },
      { ...entry, tokenTime: '2026-11-22T03:00:00.1Z' as Time },
      depositEntry(await newDepositUse({ institution: agency, tsa: stamper.tsa, at: now })),
      {
        change: 'founded',
        institution: agency,
        kind: 'register',
        record: wrong,
        subject: agency,
        type: 'cinnabar.entry.v1',
      },
    ]
    for (const other of others) {
      await expect(append([use], [other])).rejects.toMatchObject({ code: 'ENTRY_MISMATCH', details: { index: 0 } })
    }
    await append([use], [entry])
  })
})

function request({ pki, seal }: HeldSeal, stamper: Pki) {
  return { institution: pki.institution, seal: seal.id, tsa: stamper.tsa, at: now }
}

/** The same signature with n - s for s. */
function highS(signature: Uint8Array): Uint8Array {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const rLength = signature[3]
  const s = BigInt(`0x${toHex(signature.subarray(6 + rLength))}`)
  return derWrite.sequence(signature.slice(2, 4 + rLength), derWrite.integer(n - s))
}

function toText(chain: MemoryChain, key: string): string {
  return String.fromCharCode(...(chain.state.get(key) ?? []))
}

/** The register's entries so far. */
async function allEntries(chain: MemoryChain): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = []
  for (let index = 0; ; index++) {
    const found = (await chain.call(undefined, { name: 'appendOf', args: [agency, String(index)] })) as readonly Json[]
    const entries = (found[0] as { entries?: readonly LogEntry[] } | undefined)?.entries
    if (entries === undefined) return all
    all.push(...entries)
  }
}
