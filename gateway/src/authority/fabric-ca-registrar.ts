import {
  buildCertificateRequest,
  distinguishedName,
  equal,
  fromBase64,
  type InstitutionId,
  parseCertificate,
  toBase64,
} from '@cinnabar/core'
import { type EnrolledCaller, enrol } from './fabric-ca-client'
import type { FabricSealCa } from './fabric-ca-config'
import type { AuthorityParts } from './root'

interface StoredRegistrar {
  readonly institution: InstitutionId
  readonly keyId: string
  /** Base64 DER. */
  readonly certificate: string
}

/** A registrar's certificate that ends sooner is not used any more. */
const MARGIN_MS = 24 * 3600 * 1000

/**
 * The registrar of a seal CA, enrolled at the first call and again before its certificate ends. Its key is made in the
 * keeper; only this gateway's calls to that CA are signed by it.
 * @throws {@link AuthorityError} `CA_UNAVAILABLE`, `CA_REFUSED`, `CA_INVALID`.
 */
export async function registrarOf(parts: AuthorityParts, ca: FabricSealCa): Promise<EnrolledCaller> {
  const { store, keys } = parts
  const id = `fabric-ca/${ca.institution}`
  const known = await store.get<StoredRegistrar>('settings', id)
  if (known !== undefined && isUsable(parts, ca, known.value)) return callerOf(parts, known.value)
  const keyId = known?.value.keyId ?? (await keys.create(`${ca.institution}/ca-registrar`))
  const request = await buildCertificateRequest(
    distinguishedName([{ type: 'CN', value: ca.registrar.id }]),
    await keys.signer(keyId),
  )
  const certificate = await enrol(ca, { ...ca.registrar, request })
  const made: StoredRegistrar = { institution: ca.institution, keyId, certificate: toBase64(certificate) }
  // Two at once enrol twice, and either certificate serves.
  if (known === undefined) await store.insert('settings', id, made)
  else await store.replace('settings', id, known.version, made)
  return callerOf(parts, made)
}

function isUsable({ clock }: AuthorityParts, ca: FabricSealCa, { certificate }: StoredRegistrar): boolean {
  const { issuer, authorityKeyId, notAfter } = parseCertificate(fromBase64(certificate))
  const root = parseCertificate(ca.certificate)
  const issued =
    equal(issuer, root.subject) && equal(authorityKeyId ?? new Uint8Array(), root.subjectKeyId ?? new Uint8Array())
  return issued && notAfter.getTime() - clock.now().getTime() > MARGIN_MS
}

async function callerOf({ keys }: AuthorityParts, { keyId, certificate }: StoredRegistrar): Promise<EnrolledCaller> {
  return { certificate: fromBase64(certificate), signer: await keys.signer(keyId) }
}
