import {
  type Caller,
  digestOf,
  drawSealPicture,
  fromBase64,
  type GlyphSource,
  type Ledger,
  parseCertificate,
  pictureDigest,
  timeOf,
  toBase64,
} from '@cinnabar/core'
import type { AuthorityParts } from '../authority/root'
import type { IssuedCertificate, SealAuthority } from '../authority/seal-authority'
import { pictureFile } from '../notarize/picture'
import type { FileStore } from '../store/store'
import { establishLocalTsa } from '../tsa/local'
import { BUREAU, DEMO_INSTITUTIONS, type DemoInstitution, type DemoSeal } from './institutions'

/** What the demonstration is made with. */
export interface EstablishParts extends AuthorityParts {
  readonly ledger: Ledger
  readonly files: FileStore
  readonly authority: SealAuthority
  /** Called only when a seal is to be drawn: the font is large. */
  readonly glyphs: () => GlyphSource
}

/** How long a demonstration seal's certificate is valid. */
const SEAL_DAYS = 730

/**
 * Founds the demonstration's institutions with their seal CAs, authorities and seals, as far as they are missing: it may be
 * called again after a crash anywhere.
 */
export async function establishInstitutions(parts: EstablishParts): Promise<void> {
  for (const institution of DEMO_INSTITUTIONS) {
    await found(parts, institution)
    await registerSealCa(parts, institution)
    if (institution.hasTsa) await registerTsa(parts, institution)
    for (const seal of institution.seals) await registerSeal(parts, institution, seal)
  }
}

function registrarOf({ id }: DemoInstitution): Caller {
  return { institution: id, role: 'registrar' }
}

async function found({ ledger }: EstablishParts, { id, kind, names }: DemoInstitution): Promise<void> {
  if ((await ledger.institution(id)) !== undefined) return
  const institution = { id, kind, names, type: 'cinnabar.institution.v1' } as const
  await ledger.change(registrarOf(BUREAU), { change: 'found', institution })
}

async function registerSealCa({ ledger, authority }: EstablishParts, institution: DemoInstitution): Promise<void> {
  const { certificate } = await authority.establish(institution)
  const registered = await ledger.institution(institution.id)
  if (registered?.sealCas.includes(digestOf(certificate)) === true) return
  const change = { change: 'registerSealCa', institution: institution.id, certificate: toBase64(certificate) } as const
  await ledger.change(registrarOf(institution), change)
}

async function registerTsa(parts: EstablishParts, institution: DemoInstitution): Promise<void> {
  const { certificate } = await establishLocalTsa(parts, institution)
  const registered = await parts.ledger.tsas()
  if (registered.some(({ digest }) => digest === digestOf(certificate))) return
  const change = { change: 'registerTsa', institution: institution.id, certificate: toBase64(certificate) } as const
  await parts.ledger.change(registrarOf(institution), change)
}

async function registerSeal(parts: EstablishParts, institution: DemoInstitution, seal: DemoSeal): Promise<void> {
  const { ledger, files, glyphs } = parts
  const { id } = institution
  if ((await ledger.seal(id, seal.id)) !== undefined) return
  const certificate = await certificateFor(parts, institution, seal)
  const digest = digestOf(certificate)
  const registrar = registrarOf(institution)
  if ((await ledger.certificate(id, digest)) === undefined) {
    const change = { change: 'registerCertificate', institution: id, certificate: toBase64(certificate) } as const
    await ledger.change(registrar, change)
  }
  const diameterMm = institution.kind === 'enterprise' ? 40 : 42
  const picture = drawSealPicture({ kind: seal.kind, institutionName: institution.names.zh, diameterMm }, glyphs())
  await files.put(pictureFile(picture))
  const { notBefore, notAfter } = parseCertificate(certificate)
  await ledger.change(registrar, {
    change: 'registerSeal',
    institution: id,
    seal: {
      ...seal,
      appearance: pictureDigest(picture),
      certificate: digest,
      widthUm: Math.round(picture.widthMm * 1000),
      heightUm: Math.round(picture.heightMm * 1000),
      notBefore: timeOf(notBefore),
      notAfter: timeOf(notAfter),
    },
  })
}

/** The certificate issued for the seal before a crash, or a new one with a new key. */
async function certificateFor(
  { store, keys, authority }: EstablishParts,
  institution: DemoInstitution,
  seal: DemoSeal,
): Promise<Uint8Array> {
  const query = { field: 'institution', equals: institution.id, limit: 100 }
  const issued = await store.find<IssuedCertificate>('certificates', query)
  const known = issued.find(({ value }) => value.seal === seal.id)
  if (known !== undefined) return fromBase64(known.value.certificate)
  const keyId = await keys.create(`${institution.id}/seal/${seal.id}`)
  const { spki } = await keys.signer(keyId)
  const request = { institution: institution.id, seal: seal.id, commonName: seal.displayName, spki, keyId }
  return authority.issue({ ...request, days: SEAL_DAYS })
}
