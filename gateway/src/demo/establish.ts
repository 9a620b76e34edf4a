import {
  type Caller,
  type Digest,
  digestOf,
  drawSealPicture,
  type GlyphSource,
  type InstitutionId,
  parseCertificate,
  pictureDigest,
  type Seal,
  timeOf,
  toBase64,
} from '@cinnabar/core'
import { type CertificateParts, isKeptHere, registeredCertificate } from '../authority/seal-certificate'
import { renewSeal } from '../authority/seal-renewal'
import { pictureFile } from '../notarize/picture'
import type { FileStore } from '../store/store'
import { establishLocalTsa } from '../tsa/local'
import { DemoError } from './demo-error'
import { BUREAU, DEMO_INSTITUTIONS, type DemoSeal, type NewInstitution } from './institutions'

/** What the demonstration is made with. */
export interface EstablishParts extends CertificateParts {
  readonly files: FileStore
  /** Called only when a seal is to be drawn: the font is large. */
  readonly glyphs: () => GlyphSource
}

/**
 * Founds the demonstration's institutions with their seal CAs, authorities and seals, as far as they are missing: it may be
 * called again after a crash anywhere, and on a network where a former demonstration left its own.
 * @throws {@link DemoError} `DEMO_SEAL_FOREIGN`.
 */
export async function establishInstitutions(parts: EstablishParts): Promise<void> {
  for (const institution of DEMO_INSTITUTIONS) await establishInstitution(parts, institution, BUREAU.id)
}

/**
 * Founds one institution with its seal CA, authority and seals, as far as they are missing. One without seals gets no CA.
 * @param founder - who admits it: itself when it is the ledger's first.
 * @throws {@link DemoError} `DEMO_SEAL_FOREIGN`; {@link LedgerError} as the rules refuse.
 */
export async function establishInstitution(
  parts: EstablishParts,
  institution: NewInstitution,
  founder: InstitutionId,
): Promise<void> {
  await found(parts, institution, founder)
  if (institution.seals.length > 0) await registerSealCa(parts, institution)
  if (institution.hasTsa) await registerTsa(parts, institution)
  for (const seal of institution.seals) await registerSeal(parts, institution, seal)
}

function registrarOf({ id }: NewInstitution): Caller {
  return { institution: id, role: 'registrar' }
}

async function found(
  { ledger }: EstablishParts,
  { id, kind, names }: NewInstitution,
  founder: InstitutionId,
): Promise<void> {
  if ((await ledger.institution(id)) !== undefined) return
  const institution = { id, kind, names, type: 'cinnabar.institution.v1' } as const
  await ledger.change({ institution: founder, role: 'registrar' }, { change: 'found', institution })
}

async function registerSealCa({ ledger, authority }: EstablishParts, institution: NewInstitution): Promise<void> {
  const { certificate } = await authority.establish(institution)
  const registered = await ledger.institution(institution.id)
  if (registered?.sealCas.includes(digestOf(certificate)) === true) return
  const change = { change: 'registerSealCa', institution: institution.id, certificate: toBase64(certificate) } as const
  await ledger.change(registrarOf(institution), change)
}

async function registerTsa(parts: EstablishParts, institution: NewInstitution): Promise<void> {
  const { certificate } = await establishLocalTsa(parts, institution)
  const registered = await parts.ledger.tsas()
  if (registered.some(({ digest }) => digest === digestOf(certificate))) return
  const change = { change: 'registerTsa', institution: institution.id, certificate: toBase64(certificate) } as const
  await parts.ledger.change(registrarOf(institution), change)
}

async function registerSeal(parts: EstablishParts, institution: NewInstitution, seal: DemoSeal): Promise<void> {
  const { ledger, files, glyphs, clock } = parts
  const { id } = institution
  const registered = (await ledger.seal(id, seal.id))?.seal
  if (registered !== undefined && (await isKeptHere(parts, registered.certificate))) return
  const diameterMm = institution.kind === 'enterprise' ? 40 : 42
  const picture = drawSealPicture({ kind: seal.kind, institutionName: institution.names.zh, diameterMm }, glyphs())
  await files.put(pictureFile(picture))
  if (registered !== undefined) return takeOver(parts, registered, pictureDigest(picture))
  const wanted = { institution: id, seal: seal.id, commonName: seal.displayName, until: clock.now() }
  const certificate = await registeredCertificate(parts, wanted)
  const { notBefore, notAfter } = parseCertificate(certificate)
  await ledger.change(registrarOf(institution), {
    change: 'registerSeal',
    institution: id,
    seal: {
      ...seal,
      appearance: pictureDigest(picture),
      certificate: digestOf(certificate),
      widthUm: Math.round(picture.widthMm * 1000),
      heightUm: Math.round(picture.heightMm * 1000),
      notBefore: timeOf(notBefore),
      notAfter: timeOf(notAfter),
    },
  })
}

/** A network outlives a data folder: the seal of a former demonstration on it gets a key of this one. */
async function takeOver(parts: EstablishParts, seal: Seal, appearance: Digest): Promise<void> {
  if (seal.appearance !== appearance || seal.status === 'retired') {
    const { id, institution } = seal
    throw new DemoError('DEMO_SEAL_FOREIGN', `${institution} has a seal ${id} that is not the demonstration's`, { id })
  }
  await renewSeal(parts, seal, parts.clock.now())
}
