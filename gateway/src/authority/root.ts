import { randomBytes } from 'node:crypto'
import {
  buildCertificate,
  distinguishedName,
  fromBase64,
  type InstitutionId,
  keyIdentifier,
  type Names,
  toBase64,
} from '@cinnabar/core'
import type { Clock } from '../clock'
import type { KeyKeeper } from '../keys/keeper'
import type { Store } from '../store/store'

/** Whose authority it is; the name stands in its certificates, where it is a label and no proof. */
export interface Holder {
  readonly id: InstitutionId
  readonly names: Names
}

/** A self-signed CA of an institution, and the key that it signs with. */
export interface Root {
  readonly institution: InstitutionId
  /** Key id in the {@link KeyKeeper}. */
  readonly keyId: string
  /** DER. */
  readonly certificate: Uint8Array
}

/** What the authorities of one gateway work with. */
export interface AuthorityParts {
  readonly store: Store
  readonly keys: KeyKeeper
  readonly clock: Clock
}

interface StoredRoot {
  readonly institution: InstitutionId
  readonly keyId: string
  /** Base64 DER. */
  readonly certificate: string
}

const ROOT_YEARS = 20

/** A serial number of 16 random bytes, positive and of full length (RFC 5280 4.1.2.2). */
export function randomSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16))
  serial[0] = (serial[0] & 0x3f) | 0x40
  return serial
}

/** The time so many whole years later, in UTC. */
export function yearsAfter(at: Date, years: number): Date {
  const later = new Date(at)
  later.setUTCFullYear(at.getUTCFullYear() + years)
  return later
}

/** A Name of the institution and what the certificate is, for people who look at certificates. */
export function nameOf({ names }: Holder, role: string): Uint8Array {
  return distinguishedName([
    { type: 'C', value: 'CN' },
    { type: 'O', value: names.zh },
    { type: 'CN', value: `${names.zh} ${role}` },
  ])
}

/** The root kept under `purpose`, such as `seal-ca`; undefined before {@link establishRoot}. */
export async function findRoot(store: Store, purpose: string, institution: InstitutionId): Promise<Root | undefined> {
  const found = await store.get<StoredRoot>('settings', `${purpose}/${institution}`)
  return found && { ...found.value, certificate: fromBase64(found.value.certificate) }
}

/**
 * The institution's root for the purpose, made at the first call: a fresh key, a certificate of 20 years. Whoever loses a
 * race for it, or comes back after a crash, gets the root that was stored.
 */
export async function establishRoot(
  { store, keys, clock }: AuthorityParts,
  purpose: string,
  holder: Holder,
): Promise<Root> {
  const known = await findRoot(store, purpose, holder.id)
  if (known !== undefined) return known
  const keyId = await keys.create(`${holder.id}/${purpose}`)
  const signer = await keys.signer(keyId)
  const name = nameOf(holder, purpose === 'seal-ca' ? '印章证书 CA' : '时间戳 CA')
  const notBefore = clock.now()
  const certificate = await buildCertificate(
    {
      serial: randomSerial(),
      issuer: name,
      subject: name,
      spki: signer.spki,
      notBefore,
      notAfter: yearsAfter(notBefore, ROOT_YEARS),
      profile: 'ca',
      issuerKeyId: keyIdentifier(signer.spki),
    },
    signer,
  )
  const root: StoredRoot = { institution: holder.id, keyId, certificate: toBase64(certificate) }
  await store.insert('settings', `${purpose}/${holder.id}`, root)
  return (await findRoot(store, purpose, holder.id)) ?? { ...root, certificate }
}
