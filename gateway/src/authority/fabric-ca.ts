import { randomBytes } from 'node:crypto'
import {
  buildCertificateRequest,
  digestOf,
  distinguishedName,
  equal,
  fromBase64,
  type InstitutionId,
  parseCertificate,
  toBase64,
  toHex,
  validatePath,
} from '@cinnabar/core'
import { AuthorityError } from './authority-error'
import { enrol, register, revoke } from './fabric-ca-client'
import type { FabricSealCa } from './fabric-ca-config'
import { type CrlParts, FabricCrls } from './fabric-ca-crl'
import { registrarOf } from './fabric-ca-registrar'
import { serialText } from './revocations'
import type { IssuedCertificate, SealAuthority, SealCa, SealCertificateRequest } from './seal-authority'

/** RFC 5280 appendix A: ub-organization-name, which Fabric CA counts in bytes. */
const MAX_ORGANISATION_BYTES = 64

/**
 * Seal CAs on Fabric CA servers. A certificate is enrolled over a key of this gateway's keeper: the key never leaves it, the
 * request is signed by it. Each gets an identity of its own that can enrol once, so a seal is renewed by another one.
 * How long it is valid is the CA's profile's to say; `days` is not.
 */
export function fabricSealAuthority(parts: CrlParts, cas: readonly FabricSealCa[]): SealAuthority {
  const crls = new FabricCrls(parts)
  const caOf = (institution: InstitutionId): FabricSealCa => {
    const found = cas.find((ca) => ca.institution === institution)
    if (found !== undefined) return found
    throw new AuthorityError('CA_UNKNOWN', `the connection file names no seal CA of ${institution}`, { institution })
  }
  return {
    establish: async ({ id }) => sealCaOf(caOf(id)),
    async find(institution) {
      const ca = cas.find((one) => one.institution === institution)
      return ca && sealCaOf(ca)
    },
    async issue(request) {
      const ca = caOf(request.institution)
      const certificate = await issue(parts, ca, request)
      const issued: IssuedCertificate = {
        institution: ca.institution,
        authority: ca.crlName,
        seal: request.seal,
        issuedAt: parts.clock.now().toISOString(),
        certificate: toBase64(certificate),
        keyId: request.keyId,
      }
      await parts.store.insert('certificates', digestOf(certificate), issued)
      return certificate
    },
    async crl(name) {
      const ca = cas.find(({ crlName }) => crlName === name)
      return ca && crls.current(ca)
    },
    async revoke({ institution, certificate, reason }) {
      const ca = caOf(institution)
      const issued = (await parts.store.get<IssuedCertificate>('certificates', certificate))?.value
      if (issued?.authority !== ca.crlName) {
        const details = { ca: ca.crlName, certificate }
        throw new AuthorityError('CERTIFICATE_UNKNOWN', `${ca.crlName} did not issue ${certificate}`, details)
      }
      const der = fromBase64(issued.certificate)
      const aki = toHex(parseCertificate(der).authorityKeyId ?? new Uint8Array())
      await revoke(ca, await registrarOf(parts, ca), { serial: serialText(der), aki, reason })
      await crls.fetch(ca)
    },
  }
}

function sealCaOf({ institution, crlName, certificate }: FabricSealCa): SealCa {
  return { institution, ca: crlName, certificate }
}

async function issue(
  parts: CrlParts,
  ca: FabricSealCa,
  { seal, commonName, keyId, spki }: SealCertificateRequest,
): Promise<Uint8Array> {
  if (keyId === undefined) {
    throw new AuthorityError('KEY_NOT_HERE', 'the request must be signed by a key that this gateway keeps', { seal })
  }
  const id = `${seal.slice(0, 40)}-${randomBytes(8).toString('hex')}`
  const secret = randomBytes(24).toString('base64url')
  const subject = distinguishedName([
    { type: 'C', value: 'CN' },
    { type: 'O', value: cut(commonName, MAX_ORGANISATION_BYTES) },
    // Fabric CA wants the identity's name here.
    { type: 'CN', value: id },
  ])
  const request = await buildCertificateRequest(subject, await parts.keys.signer(keyId))
  await register(ca, await registrarOf(parts, ca), { id, secret })
  const certificate = await enrol(ca, { id, secret, request, profile: ca.profile })
  await requireUsable(ca, certificate, spki)
  return certificate
}

/** @throws {@link AuthorityError} `CA_INVALID` for what the ledger would refuse, or what is over another key. */
async function requireUsable(ca: FabricSealCa, der: Uint8Array, spki: Uint8Array): Promise<void> {
  const leaf = parseCertificate(der)
  const anchors = [parseCertificate(ca.certificate)]
  const path = await validatePath({ leaf, others: [], anchors, at: leaf.notBefore, purpose: 'seal' })
  if (path.ok && equal(leaf.spki, spki)) return
  const why = path.ok ? 'it is over another key' : path.detail
  throw new AuthorityError('CA_INVALID', `the CA ${ca.name} of ${ca.institution} issued no seal certificate: ${why}`)
}

/** As many whole characters as fit. */
function cut(text: string, maxBytes: number): string {
  let shown = ''
  for (const character of text) {
    if (Buffer.byteLength(shown + character) > maxBytes) break
    shown += character
  }
  return shown
}
