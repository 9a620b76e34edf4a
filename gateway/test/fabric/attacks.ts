import { appendCall, type Call } from '@cinnabar/chaincode'
import {
  fromBase64,
  type InstitutionId,
  type Ledger,
  LedgerError,
  parseCertificate,
  type Seal,
  type SealId,
  type SealUse,
  sha256,
  timeOf,
  toBase64,
  toHex,
} from '@cinnabar/core'
import {
  type Cast,
  type HeldSeal,
  type Holder,
  newKey,
  newPki,
  newSealChange,
  newSealUse,
  randomBytes,
  registerSeal,
  registrar,
  sealCertificate,
  sealEntry,
  sealer,
  tokenOf,
  useOf,
  withParts,
} from '@cinnabar/core/testing'
import type { FabricIdentity } from '../../src/ledger/fabric-config'
import { administratorOf, clientOf, identityOfSeal, newClient, sealOfFabricCa } from './callers'
import { PEER_REFUSED } from './every-peer'

/** A call that must not be endorsed, by whom, and what it is refused with. */
export interface Attack {
  readonly name: string
  readonly code: string
  make(scene: Scene): Promise<{ readonly identity: FabricIdentity; readonly call: Call }>
}

/** Seals and uses in every condition that the attacks need. All belong to the agency unless said otherwise. */
export interface Scene {
  readonly cast: Cast
  /** Entries of the agency's log. */
  readonly size: number
  readonly held: HeldSeal
  readonly enterprise: { readonly held: HeldSeal; readonly size: number }
  /** By the agency's own Fabric CA for seals; registered. */
  readonly ofFabricCa: HeldSeal
  readonly suspended: HeldSeal
  readonly revoked: HeldSeal
  readonly expired: HeldSeal
  /** A use of `held` that is recorded: its only one. */
  readonly recorded: SealUse
}

/** Registers what the attacks need; everything that follows writes nothing. */
export async function newScene(ledger: Ledger, cast: Cast): Promise<Scene> {
  const { agency, court } = cast
  const { institution } = agency
  const caller = registrar(agency)
  const held = await registerSeal(ledger, agency)
  const suspended = await registerSeal(ledger, agency)
  await ledger.change(caller, { change: 'suspendSeal', institution, seal: suspended.seal.id })
  const revoked = await registerSeal(ledger, agency)
  const revocation = { certificate: revoked.holder.digest, reason: 'keyCompromise' } as const
  const invalidityDate = timeOf(new Date(Date.now() - 3600_000))
  await ledger.change(caller, { change: 'revokeCertificate', institution, ...revocation, invalidityDate })
  const expired = await registered(ledger, cast, await sealCertificate(agency, { notAfter: new Date('2025-01-01') }))
  const { root, holder } = await sealOfFabricCa(institution)
  await unlessRegistered(ledger.change(caller, { change: 'registerSealCa', institution, certificate: toBase64(root) }))
  const ofFabricCa = await registered(ledger, cast, holder)
  const enterprise = await registerSeal(ledger, cast.enterprise)
  const recorded = await useOf(held, court, new Date())
  const { size } = await ledger.head(institution)
  await ledger.append(sealer(agency), institution, size, [sealEntry(recorded, held.seal, 1)], [recorded])
  return {
    cast,
    size: size + 1,
    held,
    enterprise: { held: enterprise, size: (await ledger.head(cast.enterprise.institution)).size },
    ofFabricCa,
    suspended: { ...suspended, seal: await sealOf(ledger, institution, suspended.seal.id) },
    revoked,
    expired,
    recorded,
  }
}

type Made = Awaited<ReturnType<Attack['make']>>

/** Every attack of milestone 2, line 3. */
export const ATTACKS: readonly Attack[] = [
  {
    name: "a seal certificate of the institution's seal CA as caller",
    code: PEER_REFUSED,
    make: async ({ cast, ofFabricCa, size }) => ({
      identity: identityOfSeal(cast.agency.institution, ofFabricCa.holder),
      call: callOf(await useOf(ofFabricCa, cast.court, new Date()), ofFabricCa.seal, size, 1),
    }),
  },
  {
    name: "a seal's key as caller, in a certificate that the MSP admits with the role",
    code: 'CALLER_NOT_PERMITTED',
    make: async ({ cast, ofFabricCa, size }) => ({
      identity: await newClient(cast.agency.institution, ofFabricCa.holder.key, { role: 'sealer' }),
      call: callOf(await useOf(ofFabricCa, cast.court, new Date()), ofFabricCa.seal, size, 1),
    }),
  },
  {
    name: 'a client of the institution without the role',
    code: 'CALLER_NOT_PERMITTED',
    make: async (scene) => ({
      ...(await honest(scene)),
      identity: await newClient(scene.cast.agency.institution, await newKey()),
    }),
  },
  {
    name: "the institution's administrator of peers and channel",
    code: 'CALLER_NOT_PERMITTED',
    make: async (scene) => ({ ...(await honest(scene)), identity: administratorOf(scene.cast.agency.institution) }),
  },
  {
    name: 'its registrar in place of its sealer',
    code: 'CALLER_NOT_PERMITTED',
    make: async (scene) => ({
      ...(await honest(scene)),
      identity: clientOf(scene.cast.agency.institution, 'registrar'),
    }),
  },
  {
    name: "another organisation's sealer in the institution's log",
    code: 'CALLER_NOT_PERMITTED',
    make: async (scene) => ({
      ...(await honest(scene)),
      identity: clientOf(scene.cast.enterprise.institution, 'sealer'),
    }),
  },
  {
    name: "another organisation's seal, in one's own log",
    code: 'SEAL_UNKNOWN',
    async make(scene) {
      const { cast, held, enterprise } = scene
      const { institution } = cast.enterprise
      const { seal } = held
      const use = await newSealUse({ ...stampedNow(scene), institution, seal: seal.id, holder: enterprise.held.holder })
      const entry = { ...sealEntry(use, seal, 2), institution }
      const call = appendCall(institution, enterprise.size, [entry], [use])
      return { identity: clientOf(institution, 'sealer'), call }
    },
  },
  {
    name: "a use of another organisation's seal by that one's certificate, in one's own log",
    code: 'OPENING_MISMATCH',
    async make({ cast, held, enterprise }) {
      const { institution } = cast.enterprise
      const use = await useOf(held, cast.court, new Date())
      const call = appendCall(institution, enterprise.size, [sealEntry(use, held.seal, 2)], [use])
      return { identity: clientOf(institution, 'sealer'), call }
    },
  },
  {
    name: "a token of the institution's own TSA",
    code: 'TSA_OWN',
    make: async (scene) => agencyAppends(scene, await useOf(scene.held, scene.cast.agency, new Date())),
  },
  {
    name: 'a token by an unregistered TSA',
    code: 'TSA_NOT_REGISTERED',
    async make(scene) {
      const stranger = await newPki(scene.cast.court.institution)
      return agencyAppends(scene, await useOf(scene.held, stranger, new Date()))
    },
  },
  {
    name: 'a token of another document',
    code: 'TOKEN_IMPRINT_MISMATCH',
    async make(scene) {
      const [use, other] = await Promise.all([1, 2].map(() => useOf(scene.held, scene.cast.court, new Date())))
      return agencyAppends(scene, withParts(use, { token: fromBase64(other.token) }))
    },
  },
  {
    name: 'a forged seal signature',
    code: 'SIGNATURE_INVALID',
    async make(scene) {
      const use = await useOf(scene.held, scene.cast.court, new Date())
      const thief = await newKey()
      const signature = await thief.signer.sign(fromBase64(use.signedAttributes))
      const token = await tokenOf(scene.cast.court.tsa, sha256(signature), new Date())
      return agencyAppends(scene, withParts(use, { signature, token }))
    },
  },
  {
    name: 'a revoked certificate',
    code: 'CERTIFICATE_REVOKED',
    make: (scene) => agencyUses(scene, scene.revoked),
  },
  {
    name: 'an expired certificate',
    code: 'CERTIFICATE_EXPIRED',
    make: (scene) => agencyUses(scene, scene.expired),
  },
  {
    name: 'a suspended seal',
    code: 'SEAL_SUSPENDED',
    make: (scene) => agencyUses(scene, scene.suspended),
  },
  {
    name: 'a wrong expected size, one less',
    code: 'LOG_SIZE_MISMATCH',
    make: (scene) => honest({ ...scene, size: scene.size - 1 }),
  },
  {
    name: 'a wrong expected size, one more',
    code: 'LOG_SIZE_MISMATCH',
    make: (scene) => honest({ ...scene, size: scene.size + 1 }),
  },
  {
    name: 'a replay',
    code: 'ALREADY_RECORDED',
    make: async (scene) => agencyAppends(scene, scene.recorded),
  },
  {
    name: 'a replay under another salt',
    code: 'ALREADY_RECORDED',
    async make(scene) {
      const { opening } = scene.recorded
      const salt = toHex(randomBytes(32)) as typeof opening.salt
      return agencyAppends(scene, { ...scene.recorded, opening: { ...opening, salt } })
    },
  },
]

/** An honest use of `held`, ready to be recorded: each attack differs from it in one thing. */
export async function honest(scene: Scene): Promise<Made> {
  return agencyAppends(scene, await useOf(scene.held, scene.cast.court, new Date()))
}

/** As the second use of `held`. */
function agencyAppends({ cast, held, size }: Scene, use: SealUse): Made {
  return { identity: clientOf(cast.agency.institution, 'sealer'), call: callOf(use, held.seal, size, 2) }
}

/** As the first use of another seal of the agency. */
async function agencyUses({ cast, size }: Scene, held: HeldSeal): Promise<Made> {
  const call = callOf(await useOf(held, cast.court, new Date()), held.seal, size, 1)
  return { identity: clientOf(cast.agency.institution, 'sealer'), call }
}

function callOf(use: SealUse, seal: Seal, size: number, useNumber: number): Call {
  return appendCall(seal.institution, size, [sealEntry(use, seal, useNumber)], [use])
}

function stampedNow({ cast }: Scene) {
  return { tsa: cast.court.tsa, at: new Date() }
}

/** Registers the agency's certificate and a seal that is valid as long. */
async function registered(ledger: Ledger, { agency }: Cast, holder: Holder): Promise<HeldSeal> {
  const { institution } = agency
  const caller = registrar(agency)
  const certificate = toBase64(holder.certificate)
  await ledger.change(caller, { change: 'registerCertificate', institution, certificate })
  const change = newSealChange(institution, holder)
  const { notBefore, notAfter } = parseCertificate(holder.certificate)
  const seal = { ...change.seal, notBefore: timeOf(notBefore), notAfter: timeOf(notAfter) }
  await ledger.change(caller, { ...change, seal })
  return { pki: agency, holder, seal: await sealOf(ledger, institution, seal.id) }
}

async function sealOf(ledger: Ledger, institution: InstitutionId, id: SealId): Promise<Seal> {
  const found = await ledger.seal(institution, id)
  if (found !== undefined) return found.seal
  throw new LedgerError('SEAL_UNKNOWN', 'the seal was registered and is not there')
}

async function unlessRegistered(change: Promise<unknown>): Promise<void> {
  try {
    await change
  } catch (refusal) {
    if (!(refusal instanceof LedgerError) || refusal.code !== 'ALREADY_REGISTERED') throw refusal
  }
}
