import {
  type CertificateRecord,
  compareTimes,
  type Digest,
  type InstitutionId,
  type Ledger,
  type Seal,
  type SealId,
  type Time,
  timeOf,
} from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import { registeredPicture } from './picture'
import type { SealPlace } from './place'
import type { SealKey, Surroundings } from './ports'
import type { Reading } from './receive'

/** What is asked for: which seal where. */
export interface SealRequest {
  readonly institution: InstitutionId
  readonly user: string
  readonly document: string
  /** A seal's id, or `INSTITUTION/ID`. */
  readonly seal: string
  /** From 1; the last page unless given. */
  readonly page?: number
  /** Millimetres from the top left corner of the page as shown; the first free place from the lower right unless given. */
  readonly xMm?: number
  readonly yMm?: number
  readonly reason?: string
}

/** A request that may be carried out. */
export interface Admitted extends SealPlace {
  readonly seal: SealId
  readonly page: number
}

/**
 * Everything that can be known to go wrong, before anything is done: nothing is changed by a refusal.
 * @throws {@link NotarizeError} `SEAL_*`, `CERTIFICATE_*`; {@link PdfError} `PAGE_NOT_FOUND`, `SEAL_OFF_PAGE`,
 * `PDF_SIGNING_FORBIDDEN`, `PDF_XFA`; {@link CheckError} for a large file.
 */
export async function admit(env: Surroundings, request: SealRequest, { pdf, checks }: Reading): Promise<Admitted> {
  const { seal } = await usableSeal(env, request.institution, request.seal)
  await registeredPicture(env.files, seal)
  const { page, xMm, yMm } = request
  return { seal: seal.id, ...(await checks.place({ pdf, seal, page, xMm, yMm })) }
}

/**
 * The institution's seal with its key, if it may be used now.
 * @throws {@link NotarizeError} `SEAL_UNKNOWN`, `SEAL_NOT_YOURS`, `SEAL_SUSPENDED`, `SEAL_RETIRED`, `SEAL_EXPIRED`,
 * `SEAL_NOT_YET_VALID`, `CERTIFICATE_*`, `SEAL_KEY_MISSING`.
 */
export async function usableSeal(
  { ledger, sealKeys, clock }: Pick<Surroundings, 'ledger' | 'sealKeys' | 'clock'>,
  institution: InstitutionId,
  name: string,
): Promise<{ readonly seal: Seal; readonly key: SealKey }> {
  const now = timeOf(clock.now())
  const seal = await ownSeal(ledger, institution, name)
  const details = { seal: seal.id, institution }
  if (seal.status === 'suspended') throw new NotarizeError('SEAL_SUSPENDED', `seal ${seal.id} is suspended`, details)
  if (seal.status === 'retired') throw new NotarizeError('SEAL_RETIRED', `seal ${seal.id} is retired`, details)
  // As the rules do: a seal is valid no longer than its certificate, which would never be named otherwise.
  requireValid(await ledger.certificate(institution, seal.certificate), seal.certificate, now)
  if (compareTimes(now, seal.notBefore) < 0) {
    throw new NotarizeError('SEAL_NOT_YET_VALID', `seal ${seal.id} is valid from ${seal.notBefore}`, details)
  }
  if (compareTimes(now, seal.notAfter) > 0) {
    throw new NotarizeError('SEAL_EXPIRED', `seal ${seal.id} was valid until ${seal.notAfter}`, details)
  }
  const key = await sealKeys.find(institution, seal.certificate)
  if (key === undefined) {
    throw new NotarizeError('SEAL_KEY_MISSING', `the key of seal ${seal.id} is not kept by this gateway`, details)
  }
  return { seal, key }
}

function requireValid(certificate: CertificateRecord | undefined, digest: Digest, now: Time): void {
  const details = { certificate: digest }
  if (certificate === undefined) {
    throw new NotarizeError('SEAL_KEY_MISSING', "the ledger does not know the seal's certificate", details)
  }
  const { notBefore, notAfter, revocation } = certificate
  if (revocation !== undefined) throw new NotarizeError('CERTIFICATE_REVOKED', 'the certificate is revoked', details)
  if (compareTimes(now, notBefore) < 0) {
    throw new NotarizeError('CERTIFICATE_NOT_YET_VALID', `the certificate is valid from ${notBefore}`, details)
  }
  if (compareTimes(now, notAfter) > 0) {
    throw new NotarizeError('CERTIFICATE_EXPIRED', `the certificate was valid until ${notAfter}`, details)
  }
}

/** A seal's id, perhaps behind its institution's. */
const NAME = /^(?:([A-Za-z][A-Za-z0-9.-]{0,63})\/)?([a-z0-9][a-z0-9-]{0,63})$/

async function ownSeal(ledger: Ledger, institution: InstitutionId, name: string): Promise<Seal> {
  const details = { seal: name.slice(0, 130) }
  const [, owner = institution, id] = NAME.exec(name) ?? []
  if (id === undefined) throw new NotarizeError('SEAL_UNKNOWN', 'that is no id of a seal', details)
  const found = await ledger.seal(owner as InstitutionId, id as SealId)
  if (found !== undefined && owner === institution) return found.seal
  if (found !== undefined || (owner === institution && (await isAnothers(ledger, id as SealId)))) {
    throw new NotarizeError('SEAL_NOT_YOURS', `seal ${name} is another institution's`, details)
  }
  throw new NotarizeError('SEAL_UNKNOWN', `there is no seal ${name}`, details)
}

async function isAnothers(ledger: Ledger, id: SealId): Promise<boolean> {
  const institutions = await ledger.institutions()
  const seals = await Promise.all(institutions.map((one) => ledger.seal(one.id, id)))
  return seals.some((one) => one !== undefined)
}
