import {
  buildCertificate,
  type Digest,
  digestOf,
  distinguishedName,
  fromBase64,
  type InstitutionId,
  keyIdentifier,
  parseCertificate,
  type RevocationReason,
  type SealId,
  toBase64,
} from '@cinnabar/core'
import { AuthorityError } from './authority-error'
import { addRevocation, currentCrl, ownerOf, serialText, startCrl } from './revocations'
import { type AuthorityParts, establishRoot, findRoot, type Holder, type Root, randomSerial } from './root'

/** An institution's seal CA: its root, and the name that its CRL is served under. */
export interface SealCa {
  readonly institution: InstitutionId
  /** `INSTITUTION-` and the first 8 hexadecimal digits of the certificate's digest. */
  readonly ca: string
  /** DER, self-signed. */
  readonly certificate: Uint8Array
}

/** What a seal certificate is asked for. */
export interface SealCertificateRequest {
  readonly institution: InstitutionId
  readonly seal: SealId
  /** For people: the institution's and the seal's name. */
  readonly commonName: string
  /** DER SubjectPublicKeyInfo of the seal's key. */
  readonly spki: Uint8Array
  /** The key's id, when the keeper has it: then the seal can be used here. */
  readonly keyId?: string
  /** Whole days from now. */
  readonly days: number
}

/** A seal certificate as the store keeps it, under its digest. */
export interface IssuedCertificate {
  readonly institution: InstitutionId
  /** Name of the CA, as in {@link SealCa}. */
  readonly authority: string
  readonly seal: SealId
  /** ISO 8601. */
  readonly issuedAt: string
  /** Base64 DER. */
  readonly certificate: string
  readonly keyId?: string
}

/** Why and from when a seal certificate is not to be relied on. */
export interface SealRevocation {
  readonly institution: InstitutionId
  readonly certificate: Digest
  readonly reason: RevocationReason
  readonly invalidityDate: Date
}

/** Issues and revokes seal certificates. What the ledger's register says of them is the caller's to change. */
export interface SealAuthority {
  /** The institution's seal CA, made at the first call. */
  establish(holder: Holder): Promise<SealCa>
  find(institution: InstitutionId): Promise<SealCa | undefined>
  /**
   * A seal certificate with the address of its CRL, kept in the store.
   * @returns DER.
   * @throws {@link AuthorityError} `CA_UNKNOWN`; `VALIDITY_INVALID`.
   */
  issue(request: SealCertificateRequest): Promise<Uint8Array>
  /** The CRL served at `/crl/{ca}.crl`, DER; undefined when there is no such CA. */
  crl(ca: string): Promise<Uint8Array | undefined>
  /**
   * Puts a certificate on its CA's CRL, durably; again with the same words changes nothing.
   * @throws {@link AuthorityError} `CA_UNKNOWN`; `CERTIFICATE_UNKNOWN`.
   */
  revoke(revocation: SealRevocation): Promise<void>
}

const PURPOSE = 'seal-ca'
const DAY_MS = 24 * 3600 * 1000

/** What certificates say that a CA of this gateway issues. */
export interface SealAuthorityParts extends AuthorityParts {
  /** Where the gateway is reached from outside, without a final slash. */
  readonly publicUrl: string
  /** Policies that they assert (RFC 5280 4.2.1.4), object identifiers; none unless given. */
  readonly policies?: readonly string[]
}

export function sealAuthority(parts: SealAuthorityParts): SealAuthority {
  const { store, clock, publicUrl } = parts
  const rootOf = async (institution: InstitutionId): Promise<Root> => {
    const root = await findRoot(store, PURPOSE, institution)
    if (root === undefined) throw new AuthorityError('CA_UNKNOWN', `${institution} has no seal CA`, { institution })
    return root
  }
  return {
    async establish(holder) {
      const ca = sealCaOf(await establishRoot(parts, PURPOSE, holder))
      await startCrl(store, ca.ca, ca.institution)
      return ca
    },
    async find(institution) {
      const root = await findRoot(store, PURPOSE, institution)
      return root && sealCaOf(root)
    },
    async issue(request) {
      const root = await rootOf(request.institution)
      const { ca } = sealCaOf(root)
      const certificate = await issue(parts, { root, request, crlUrl: `${publicUrl}/crl/${ca}.crl` })
      const issued: IssuedCertificate = {
        institution: request.institution,
        authority: ca,
        seal: request.seal,
        issuedAt: clock.now().toISOString(),
        certificate: toBase64(certificate),
        ...(request.keyId === undefined ? {} : { keyId: request.keyId }),
      }
      await store.insert('certificates', digestOf(certificate), issued)
      return certificate
    },
    async crl(ca) {
      const owner = await ownerOf(store, ca)
      return owner === undefined ? undefined : currentCrl(parts, ca, await rootOf(owner as InstitutionId))
    },
    async revoke({ institution, certificate, reason, invalidityDate }) {
      const { ca } = sealCaOf(await rootOf(institution))
      const issued = await store.get<IssuedCertificate>('certificates', certificate)
      if (issued?.value.authority !== ca) {
        throw new AuthorityError('CERTIFICATE_UNKNOWN', `${ca} did not issue ${certificate}`, { ca, certificate })
      }
      await addRevocation(store, ca, {
        serial: serialText(fromBase64(issued.value.certificate)),
        at: clock.now().toISOString(),
        reason,
        invalidityDate: invalidityDate.toISOString(),
      })
    },
  }
}

function sealCaOf({ institution, certificate }: Root): SealCa {
  const digest = digestOf(certificate).slice('sha256:'.length)
  return { institution, ca: `${institution}-${digest.slice(0, 8)}`, certificate }
}

interface Issue {
  readonly root: Root
  readonly request: SealCertificateRequest
  readonly crlUrl: string
}

async function issue(
  { keys, clock, policies }: SealAuthorityParts,
  { root, request, crlUrl }: Issue,
): Promise<Uint8Array> {
  const { subject: issuer, notAfter: caNotAfter } = parseCertificate(root.certificate)
  const { days } = request
  const notBefore = clock.now()
  const notAfter = new Date(notBefore.getTime() + days * DAY_MS)
  if (!Number.isInteger(days) || days < 1 || notAfter > caNotAfter) {
    throw new AuthorityError('VALIDITY_INVALID', 'expected whole days, at most until the CA expires', { days })
  }
  const signer = await keys.signer(root.keyId)
  return buildCertificate(
    {
      serial: randomSerial(),
      issuer,
      subject: distinguishedName([
        { type: 'C', value: 'CN' },
        { type: 'OU', value: request.seal },
        { type: 'CN', value: request.commonName },
      ]),
      spki: request.spki,
      notBefore,
      notAfter,
      profile: 'seal',
      issuerKeyId: keyIdentifier(signer.spki),
      crlUrl,
      ...(policies && { policies }),
    },
    signer,
  )
}
