import { toBase64, toHex } from '../encode/bytes'
import { digestOf } from '../model/digest'
import type { InstitutionId, SealId } from '../model/identifiers'
import type { InstitutionKind, Names } from '../model/institution'
import { type Caller, type Change, type Ledger, LedgerError } from '../model/ledger'
import type { Seal } from '../model/seal'
import { timeOf } from '../model/time'
import { randomBytes } from './keys'
import { type Holder, type Pki, sealCertificate } from './pki'
import { newSealUse } from './uses'

/** Three institutions with real authorities. Each one's documents are stamped by another's. */
export interface Cast {
  readonly agency: Pki
  readonly enterprise: Pki
  readonly court: Pki
}

/** A registered seal and who holds its key. */
export interface HeldSeal {
  readonly pki: Pki
  readonly holder: Holder
  readonly seal: Seal
}

export function registrar({ institution }: Pki): Caller {
  return { institution, role: 'registrar' }
}

export function sealer({ institution }: Pki): Caller {
  return { institution, role: 'sealer' }
}

/** Founds the three and registers their authorities, each unless a run before has done it. */
export async function foundCast(ledger: Ledger, cast: Cast): Promise<void> {
  const founder = registrar(cast.agency)
  await foundOne(ledger, founder, cast.agency, 'agency')
  await foundOne(ledger, founder, cast.court, 'court')
  await foundOne(ledger, founder, cast.enterprise, 'enterprise')
  for (const pki of [cast.agency, cast.court, cast.enterprise]) {
    const { institution } = pki
    const sealCa = toBase64(pki.sealCa.certificate)
    const tsa = toBase64(pki.tsa.certificate)
    await unlessRegistered(ledger, registrar(pki), { change: 'registerSealCa', institution, certificate: sealCa })
    await unlessRegistered(ledger, registrar(pki), { change: 'registerTsa', institution, certificate: tsa })
  }
}

/** Registers a new certificate of the institution. */
export async function registerHolder(ledger: Ledger, pki: Pki): Promise<Holder> {
  const holder = await sealCertificate(pki)
  const { institution } = pki
  const certificate = toBase64(holder.certificate)
  await ledger.change(registrar(pki), { change: 'registerCertificate', institution, certificate })
  return holder
}

/** Registers a new certificate and a new seal of the institution. */
export async function registerSeal(ledger: Ledger, pki: Pki): Promise<HeldSeal> {
  const { institution } = pki
  const holder = await registerHolder(ledger, pki)
  const change = newSealChange(institution, holder)
  await ledger.change(registrar(pki), change)
  const state = await ledger.seal(institution, change.seal.id)
  if (state === undefined) throw new LedgerError('SEAL_UNKNOWN', 'the seal was registered and is not there')
  return { pki, holder, seal: state.seal }
}

/** The registration of a seal that no run has registered before. */
export function newSealChange(institution: InstitutionId, holder: Holder): Extract<Change, { change: 'registerSeal' }> {
  return {
    change: 'registerSeal',
    institution,
    seal: {
      id: `seal-${toHex(randomBytes(8))}` as SealId,
      kind: 'official',
      displayName: '江州市行政审批局公章',
      appearance: digestOf(randomBytes(32)),
      certificate: holder.digest,
      widthUm: 42_000,
      heightUm: 42_000,
      notBefore: timeOf(new Date('2022-01-01T00:00:00Z')),
      notAfter: timeOf(new Date('2038-01-01T00:00:00Z')),
    },
  }
}

/** A real use of a held seal, stamped by another institution's authority. */
export function useOf({ pki, holder, seal }: HeldSeal, stampedBy: Pki, at: Date) {
  return newSealUse({ institution: pki.institution, seal: seal.id, holder, tsa: stampedBy.tsa, at })
}

/** Those of network/organisations.json: on its channel the demonstration goes on with what tests founded. */
const NAMES: Readonly<Record<InstitutionKind, Names>> = {
  agency: { en: 'Jiangzhou Administrative Approval Bureau', zh: '江州市行政审批局' },
  enterprise: { en: 'Jiangzhou Yuanhang Technology Co., Ltd.', zh: '江州远航科技有限公司' },
  court: { en: "Jiangzhou Intermediate People's Court", zh: '江州市中级人民法院' },
}

async function foundOne(ledger: Ledger, founder: Caller, { institution: id }: Pki, kind: InstitutionKind) {
  await unlessRegistered(ledger, founder, {
    change: 'found',
    institution: { id, kind, names: NAMES[kind], type: 'cinnabar.institution.v1' },
  })
}

async function unlessRegistered(ledger: Ledger, caller: Caller, change: Change): Promise<void> {
  try {
    await ledger.change(caller, change)
  } catch (refusal) {
    if (!(refusal instanceof LedgerError) || refusal.code !== 'ALREADY_REGISTERED') throw refusal
  }
}
