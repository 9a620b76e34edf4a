import { type Digest, digestOf, type InstitutionId, LedgerError, type Seal, type SealId } from '@cinnabar/core'
import { NotarizeError } from '../notarize/notarize-error'
import { type CertificateParts, isKeptHere, registeredCertificate } from './seal-certificate'

const DAY_MS = 24 * 3600 * 1000
/** A seal gets its next certificate so long before the present one ends. */
export const RENEWAL_MS = 30 * DAY_MS

/**
 * Runs the work while no use of the seal is on its way between its signature and the log: the rules refuse uses under a
 * certificate that the seal has no longer.
 */
export type Drained = <T>(institution: InstitutionId, seal: SealId, work: () => Promise<T>) => Promise<T>

/** What {@link renewSeals} works with. */
export interface RenewalParts extends CertificateParts {
  readonly drained: Drained
}

/** Gives the seal another certificate over a key kept here. @throws {@link AuthorityError}; {@link LedgerError}. */
export async function renewSeal(
  parts: CertificateParts,
  { institution, id, displayName, certificate: replaces }: Seal,
  until: Date,
): Promise<void> {
  const wanted = { institution, seal: id, commonName: displayName, replaces, until }
  const certificate = digestOf(await registeredCertificate(parts, wanted))
  const change = { change: 'renewSeal', institution, seal: id, certificate } as const
  await parts.ledger.change({ institution, role: 'registrar' }, change)
}

/**
 * Renews every seal of this gateway whose certificate ends soon: those whose key is kept here and whose CA is. Not those
 * whose certificate was revoked: whether they go on is for the registrar to say.
 * @param withinMs - how soon.
 * @returns the seals renewed.
 * @throws {@link AuthorityError}; {@link LedgerError}.
 */
export async function renewSeals(parts: RenewalParts, withinMs = RENEWAL_MS): Promise<readonly Seal[]> {
  const { ledger, authority, clock } = parts
  const until = new Date(clock.now().getTime() + withinMs)
  const renewed: Seal[] = []
  for (const { id } of await ledger.institutions()) {
    if ((await authority.find(id)) === undefined) continue
    for (const { seal } of await ledger.seals(id)) {
      const { status, notAfter, certificate } = seal
      const due = status !== 'retired' && new Date(notAfter) < until && (await isKeptHere(parts, certificate))
      if (!due || (await isRevoked(parts, seal))) continue
      await parts.drained(id, seal.id, () => renewSeal(parts, seal, until))
      renewed.push(seal)
    }
  }
  return renewed
}

async function isRevoked({ ledger }: Pick<RenewalParts, 'ledger'>, seal: Seal): Promise<boolean> {
  return (await ledger.certificate(seal.institution, seal.certificate))?.revocation !== undefined
}

/** Which certificate of a seal is to have a successor. */
export interface Replacement {
  readonly institution: InstitutionId
  readonly seal: SealId
  /** The seal's certificate now: a repeat finds another one, and changes nothing. */
  readonly replaces: Digest
}

/**
 * Gives a seal another certificate over a new key: after a revocation, or before one. Uses under way come to their end first.
 * @returns the seal as the register has it then, and whether this changed it.
 * @throws {@link NotarizeError} `SEAL_UNKNOWN`; `RECORD_CONTENDED` when uses under way do not end. {@link LedgerError}
 * `CERTIFICATE_UNKNOWN` when `replaces` never was the institution's; `SEAL_STATUS_INVALID`. {@link AuthorityError}.
 */
export async function replaceSealCertificate(
  parts: RenewalParts,
  { institution, seal: id, replaces }: Replacement,
): Promise<{ readonly seal: Seal; readonly isChanged: boolean }> {
  const { ledger, clock } = parts
  const sealNow = async () => {
    const found = await ledger.seal(institution, id)
    if (found === undefined) throw new NotarizeError('SEAL_UNKNOWN', `there is no seal ${id}`, { seal: id })
    return found.seal
  }
  const before = await sealNow()
  if ((await ledger.certificate(institution, replaces)) === undefined) {
    throw new LedgerError('CERTIFICATE_UNKNOWN', `${institution} has no such certificate`, { certificate: replaces })
  }
  if (before.certificate !== replaces) return { seal: before, isChanged: false }
  if (before.status === 'retired') {
    throw new LedgerError('SEAL_STATUS_INVALID', 'the seal is retired', { seal: id, status: before.status })
  }
  const isChanged = await parts.drained(institution, id, async () => {
    // Another request may have been first.
    if ((await sealNow()).certificate !== replaces) return false
    await renewSeal(parts, before, clock.now())
    return true
  })
  return { seal: await sealNow(), isChanged }
}
