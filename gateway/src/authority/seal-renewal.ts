import { digestOf, type InstitutionId, type Seal, type SealId } from '@cinnabar/core'
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
 * Renews every seal of this gateway whose certificate ends soon: those whose key is kept here and whose CA is.
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
      if (!due) continue
      await parts.drained(id, seal.id, () => renewSeal(parts, seal, until))
      renewed.push(seal)
    }
  }
  return renewed
}
