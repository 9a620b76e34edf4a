import { type Ledger, LedgerError, timeOf } from '@cinnabar/core'
import type { Store } from '../store/store'
import type { SealAuthority, SealRevocation } from './seal-authority'
import { isKeptHere } from './seal-certificate'

/** What revocations are made with. */
export interface RevocationParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly authority: Pick<SealAuthority, 'revoke'>
}

/**
 * Revokes a seal certificate on the ledger and then at its CA: in between, the register alone says so, with reason and date.
 * (The other way round the CRL would, for a moment, say of an orderly end that the key was compromised.)
 * @throws {@link LedgerError}, {@link AuthorityError}: whatever was done stays, and the call may be repeated.
 */
export async function revokeSealCertificate(parts: RevocationParts, revocation: SealRevocation): Promise<void> {
  const { institution, certificate, reason, invalidityDate } = revocation
  try {
    const declared = { institution, certificate, reason, invalidityDate: timeOf(invalidityDate) }
    await parts.ledger.change({ institution, role: 'registrar' }, { change: 'revokeCertificate', ...declared })
  } catch (refusal) {
    if (!(refusal instanceof LedgerError) || refusal.code !== 'ALREADY_REVOKED') throw refusal
  }
  // The CRL of a CA elsewhere is that one's to sign.
  if (await isKeptHere(parts, certificate)) await parts.authority.revoke(revocation)
}

/**
 * Brings what the ledger's register says of the certificates issued here to their CAs: revocations made by another program,
 * or by one that was cut off in between.
 * @throws {@link LedgerError}, {@link AuthorityError}.
 */
export async function bringRevocations(
  parts: RevocationParts & { readonly authority: Pick<SealAuthority, 'find'> },
): Promise<void> {
  for (const { id } of await parts.ledger.institutions()) {
    if ((await parts.authority.find(id)) === undefined) continue
    for (const { digest, revocation } of await parts.ledger.certificates(id)) {
      if (revocation === undefined || !(await isKeptHere(parts, digest))) continue
      const { reason, invalidityDate } = revocation
      const date = new Date(invalidityDate)
      await parts.authority.revoke({ institution: id, certificate: digest, reason, invalidityDate: date })
    }
  }
}
