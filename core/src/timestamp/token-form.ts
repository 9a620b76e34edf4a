import { essMatches } from '../cms/ess'
import { namesCertificate } from '../cms/verify-signer'
import { type DerNode, readDer, TAG } from '../encode/der'
import { fieldsOf, onlyChild } from '../encode/der-fields'
import { readCount } from '../encode/der-values'
import { readDigestOid } from '../x509/algorithm'
import { parseCrl } from '../x509/crl'
import { readable, readableCertificates } from '../x509/readable'
import { MAX_TOKEN_BYTES, type TimestampToken } from './token'

interface Outside {
  readonly version: number
  /** By the certificates and CRLs that came along, and the content's type. */
  readonly versionDue: number
  readonly digestAlgorithms: readonly (string | undefined)[]
  readonly signerVersion: number
}

/** RFC 5652 5.1: 5 with certificates or revocation information of other formats, 4 with attribute certificates, else 3. */
function versionDue(certificates: DerNode | undefined, crls: DerNode | undefined): number {
  const has = (set: DerNode | undefined, tag: number) => set?.children.some((one) => one.tag === tag) === true
  if (has(certificates, 0xa3) || has(crls, 0xa1)) return 5
  return has(certificates, 0xa2) ? 4 : 3
}

function readOutside(token: TimestampToken): Outside {
  const info = fieldsOf(readDer(token.der, { maxBytes: MAX_TOKEN_BYTES }))
  info.take()
  const fields = fieldsOf(onlyChild(info.take()))
  const version = readCount(fields.take(), 255)
  const digests = fields.take(TAG.set).children
  fields.take()
  const due = versionDue(fields.optional(0xa0), fields.optional(0xa1))
  const signer = fieldsOf(onlyChild(fields.take(TAG.set)))
  return {
    version,
    versionDue: due,
    digestAlgorithms: digests.map((one) => readable(() => readDigestOid(one))),
    signerVersion: readCount(signer.take(), 255),
  }
}

/**
 * What in a token that was read is not as its authority must have issued it, though no signature covers it: versions, digest
 * algorithms (RFC 5652 5.1 and 5.3), and the signer's certificate, which is there if any is (RFC 3161 2.4.1).
 * @returns undefined when nothing is.
 */
export async function tokenFormFault(token: TimestampToken): Promise<string | undefined> {
  const { version, versionDue: due, digestAlgorithms, signerVersion } = readOutside(token)
  const { signer, certificates, crls } = token
  if (version !== due) return `its CMS is of version ${version}, not ${due}`
  if (signerVersion !== (signer.keyId === undefined ? 1 : 3)) return `its SignerInfo is of version ${signerVersion}`
  if (!digestAlgorithms.includes(signer.digestAlgorithm)) return 'it does not list the digest algorithm that it uses'
  if (crls.some((crl) => readable(() => parseCrl(crl)) === undefined)) return 'it carries what is no CRL among its CRLs'
  if (certificates.length === 0) return undefined
  for (const certificate of readableCertificates(certificates)) {
    if (namesCertificate(signer, certificate) && (await essMatches(signer.attributes, certificate))) return undefined
  }
  return "it carries certificates, and its signer's is not among them"
}
