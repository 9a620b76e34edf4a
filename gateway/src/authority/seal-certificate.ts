import {
  type Digest,
  digestOf,
  fromBase64,
  type InstitutionId,
  type Ledger,
  parseCertificate,
  type SealId,
  toBase64,
} from '@cinnabar/core'
import type { AuthorityParts } from './root'
import type { IssuedCertificate, SealAuthority } from './seal-authority'

/** What certificates for seals are made and registered with. */
export interface CertificateParts extends AuthorityParts {
  readonly ledger: Ledger
  readonly authority: SealAuthority
}

/** The seal that wants a certificate. */
export interface WantedCertificate {
  readonly institution: InstitutionId
  readonly seal: SealId
  /** For people: the institution's and the seal's name. */
  readonly commonName: string
  /** The certificate that it is to take the place of. */
  readonly replaces?: Digest
  /** It must not end before. */
  readonly until: Date
}

/** How long a seal's certificate is asked for, in days, of a CA that leaves it to us. */
const SEAL_DAYS = 730
const MAX_ISSUED = 1000

/**
 * A certificate for the seal over a key kept here, registered on the ledger: one issued before, in a run that was cut off,
 * or a new one with a new key.
 * @returns DER.
 * @throws {@link AuthorityError}; {@link LedgerError}.
 */
export async function registeredCertificate(parts: CertificateParts, wanted: WantedCertificate): Promise<Uint8Array> {
  const certificate = (await unusedCertificate(parts, wanted)) ?? (await issuedCertificate(parts, wanted))
  const { institution } = wanted
  if ((await parts.ledger.certificate(institution, digestOf(certificate))) === undefined) {
    const change = { change: 'registerCertificate', institution, certificate: toBase64(certificate) } as const
    await parts.ledger.change({ institution, role: 'registrar' }, change)
  }
  return certificate
}

/** Whether this gateway has the key of a certificate. */
export async function isKeptHere({ store }: Pick<AuthorityParts, 'store'>, certificate: Digest): Promise<boolean> {
  return (await store.get<IssuedCertificate>('certificates', certificate))?.value.keyId !== undefined
}

async function unusedCertificate(
  { store, ledger }: CertificateParts,
  { institution, seal, replaces, until }: WantedCertificate,
): Promise<Uint8Array | undefined> {
  const issued = await store.find<IssuedCertificate>('certificates', {
    field: 'institution',
    equals: institution,
    limit: MAX_ISSUED,
  })
  // An older one is no spare: the seal had it before, and its key may be in the same wrong hands.
  const since = issued.find(({ id }) => id === replaces)?.value.issuedAt ?? ''
  for (const { value } of issued) {
    if (value.issuedAt < since) continue
    const der = fromBase64(value.certificate)
    const fits = value.seal === seal && value.keyId !== undefined && parseCertificate(der).notAfter >= until
    if (!fits || digestOf(der) === replaces) continue
    const record = await ledger.certificate(institution, digestOf(der))
    if (record?.revocation === undefined) return der
  }
  return undefined
}

async function issuedCertificate(
  { keys, authority }: CertificateParts,
  { institution, seal, commonName }: WantedCertificate,
): Promise<Uint8Array> {
  const keyId = await keys.create(`${institution}/seal/${seal}`)
  const { spki } = await keys.signer(keyId)
  return authority.issue({ institution, seal, commonName, spki, keyId, days: SEAL_DAYS })
}
