import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { CMS_OID } from '../src/cms/cms-oids'
import { concat } from '../src/encode/bytes'
import { TAG } from '../src/encode/der'
import { context, integer, nullValue, octetString, oid, retag, sequence, setOf, tlv } from '../src/encode/der-write'
import { readPdf } from '../src/pdf/document'
import { dict } from '../src/pdf/objects'
import { addSignatureField, embedContents } from '../src/pdf/sign-placeholder'
import { issue, type TestCertificate, type TestKey } from './pki'

const SHA1 = sequence(oid('1.3.14.3.2.26'), nullValue())
const RSA = sequence(oid('1.2.840.113549.1.1.1'), nullValue())

/** An RSA-1024 key, good for nothing but signatures of the past. */
function smallKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  return {
    privateKey,
    algorithm: 'rsa-pkcs1-sha256',
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: async (message) => new Uint8Array(sign('sha1', message, privateKey)),
  }
}

const attribute = (type: string, value: Uint8Array) => sequence(oid(type), setOf(value))

/** Of a signature of the past. */
export interface OldSignature {
  readonly notBefore: Date
  readonly notAfter: Date
  /** `adbe.pkcs7.sha1`: the CMS encapsulates the SHA-1 of the file and signs that; else it is detached. */
  readonly subFilter?: 'adbe.pkcs7.sha1'
}

const sha1 = (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest())

/** A signature as they were made around 2010: RSA-1024 with SHA-1, no ESS attribute. */
export async function oldSignature(
  pdf: Uint8Array,
  issuer: TestCertificate,
  { subFilter, ...validity }: OldSignature,
): Promise<Uint8Array> {
  const signer = await issue('Old signer', 'seal', { issuer, key: smallKey(), ...validity })
  const placeholder = addSignatureField(readPdf(pdf), {
    page: 0,
    rect: [50, 50, 150, 100],
    fieldName: 'Old',
    subFilter: subFilter ?? 'adbe.pkcs7.detached',
    appearance: { content: new Uint8Array(), bbox: [0, 0, 100, 50], resources: dict({}) },
  })
  const digest = sha1(concat(...placeholder.digestRanges))
  const isDetached = subFilter === undefined
  const attributes = setOf(
    attribute(CMS_OID.contentType, oid(CMS_OID.data)),
    attribute(CMS_OID.messageDigest, octetString(isDetached ? digest : sha1(digest))),
  )
  const { serial, issuer: name } = signer.certificate
  const signerInfo = sequence(
    integer(1),
    sequence(name, tlv(TAG.integer, serial)),
    SHA1,
    retag(0xa0, attributes),
    RSA,
    octetString(await signer.key.sign(attributes)),
  )
  const signed = sequence(
    integer(1),
    setOf(SHA1),
    sequence(oid(CMS_OID.data), ...(isDetached ? [] : [context(0, octetString(digest))])),
    retag(0xa0, setOf(signer.der)),
    setOf(signerInfo),
  )
  return embedContents(placeholder, sequence(oid(CMS_OID.signedData), context(0, signed)))
}
