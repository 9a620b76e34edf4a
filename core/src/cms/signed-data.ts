import { type Der, DerError, type DerNode, derLength, isSetOfOrdered, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { readCount, readOctets, readOid } from '../encode/der-values'
import { retag } from '../encode/der-write'
import { readDigestOid } from '../x509/algorithm'
import { CmsError } from './cms-error'
import { CMS_OID } from './cms-oids'

/** The DER values of each attribute, by its object identifier. */
export type Attributes = ReadonlyMap<string, readonly Der[]>

/** One signature of a SignedData (RFC 5652 5.3). Parsing checks form only. */
export interface SignerInfo {
  /** DER Name and serial number content of the signer's certificate; or `keyId` instead of both. */
  readonly issuer?: Der
  readonly serial?: Uint8Array
  /** The signer's subject key identifier. */
  readonly keyId?: Uint8Array
  /** Object identifier of the digest algorithm. */
  readonly digestAlgorithm: string
  /** The signed attributes as a DER SET OF: exactly the bytes that are signed. Absent when the content is signed directly. */
  readonly signedAttributes?: Der
  /** The signed attributes; each stands once. */
  readonly attributes: Attributes
  /** DER AlgorithmIdentifier. */
  readonly signatureAlgorithm: Der
  readonly signature: Uint8Array
  /** The unsigned attributes, several of a kind taken together. The signature does not cover them. */
  readonly unsigned: Attributes
}

/** A CMS SignedData (RFC 5652 5.1). */
export interface SignedData {
  /** Object identifier of the content's type. */
  readonly contentType: string
  /** The content; absent when detached. */
  readonly content?: Uint8Array
  /** DER of each X.509 certificate that came along; attribute certificates are left out. Unverified. */
  readonly certificates: readonly Der[]
  /** DER of each CRL that came along; other revocation information is left out. Unverified. */
  readonly crls: readonly Der[]
  readonly signers: readonly SignerInfo[]
}

/**
 * How a CMS is written. `strict`: as our seals are. `foreign`: signed attributes in any order, which the signature covers as
 * they stand, and unknown ones several times, as other signers write them.
 */
export type CmsForm = 'strict' | 'foreign'

/** A CMS with a timestamp and chains takes 6 KB, one with years of validation data a few hundred. */
export const MAX_CMS_BYTES = 4 << 20
const MAX_SIGNERS = 16

/** RFC 5652 5.3.  Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue } */
function readAttribute(node: DerNode): { readonly oid: string; readonly values: DerNode } {
  const fields = fieldsOf(node)
  const oid = readOid(fields.take())
  const values = fields.take(TAG.set)
  fields.end()
  return { oid, values }
}

/** Attributes that decide something: of two of a kind readers would take either (RFC 5652 11, RFC 5035 5.4). */
const RELIED_ON: ReadonlySet<string> = new Set([
  CMS_OID.contentType,
  CMS_OID.messageDigest,
  CMS_OID.signingCertificate,
  CMS_OID.signingCertificateV2,
])

function attributesOf(set: DerNode, form: CmsForm): Attributes {
  if (form === 'strict' && !isSetOfOrdered(set)) {
    throw new CmsError('SIGNED_ATTRIBUTES_NOT_DER', 'signed attributes are not in DER order')
  }
  requireFew(set)
  const attributes = new Map<string, readonly Der[]>()
  for (const child of set.children) {
    const { oid, values } = readAttribute(child)
    requireFew(values)
    if (attributes.has(oid) && (form === 'strict' || RELIED_ON.has(oid))) {
      throw new CmsError('CMS_ATTRIBUTE_DUPLICATE', `attribute ${oid} stands twice`, { oid })
    }
    if (!isSetOfOrdered(values))
      throw new CmsError('SIGNED_ATTRIBUTES_NOT_DER', 'attribute values are not in DER order')
    attributes.set(
      oid,
      values.children.map(({ der }) => der),
    )
  }
  return attributes
}

function asCmsError(cause: unknown): unknown {
  return cause instanceof DerError ? new CmsError('CMS_INVALID', `not DER of CMS: ${cause.message}`, {}, cause) : cause
}

/**
 * The signed attributes of a signature from the bytes that were signed: a DER SET OF Attribute.
 * @throws {@link CmsError} `CMS_INVALID`; `CMS_ATTRIBUTE_DUPLICATE` (RFC 5652 5.3); `SIGNED_ATTRIBUTES_NOT_DER` when
 * not in DER's order: signature and meaning could then differ between readers.
 */
export function parseSignedAttributes(signedAttributes: Der): Attributes {
  try {
    return attributesOf(expectTag(readDer(signedAttributes), TAG.set), 'strict')
  } catch (cause) {
    throw asCmsError(cause)
  }
}

function unsignedOf(node: DerNode | undefined): Attributes {
  const attributes = new Map<string, readonly Der[]>()
  for (const child of node?.children ?? []) {
    const { oid, values } = readAttribute(child)
    attributes.set(oid, [...(attributes.get(oid) ?? []), ...values.children.map(({ der }) => der)])
  }
  return attributes
}

/** SignerIdentifier ::= CHOICE { issuerAndSerialNumber SEQUENCE { issuer, serialNumber }, subjectKeyIdentifier [0] } */
function readSignerId(node: DerNode): Pick<SignerInfo, 'issuer' | 'serial' | 'keyId'> {
  if (node.tag === 0x80) return { keyId: node.content }
  const fields = fieldsOf(node)
  const issuer = fields.take(TAG.sequence).der
  const serial = fields.take(TAG.integer).content
  fields.end()
  return { issuer, serial }
}

/**
 * SignerInfo ::= SEQUENCE { version INTEGER, sid SignerIdentifier, digestAlgorithm AlgorithmIdentifier,
 *   signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL, signatureAlgorithm AlgorithmIdentifier,
 *   signature OCTET STRING, unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
 */
function readSigner(node: DerNode, form: CmsForm): SignerInfo {
  const fields = fieldsOf(node)
  const version = readCount(fields.take(), 255)
  if (version !== 1 && version !== 3) throw new CmsError('CMS_UNSUPPORTED', 'SignerInfo version', { version })
  const id = readSignerId(fields.take())
  const digestAlgorithm = readDigestOid(fields.take())
  const signed = fields.optional(0xa0)
  const signatureAlgorithm = fields.take(TAG.sequence).der
  const signature = readOctets(fields.take())
  const unsigned = unsignedOf(fields.optional(0xa1))
  fields.end()
  const common = { ...id, digestAlgorithm, signatureAlgorithm, signature, unsigned }
  if (signed === undefined) return { ...common, attributes: new Map() }
  return { ...common, signedAttributes: retag(TAG.set, signed.der), attributes: attributesOf(signed, form) }
}

/** EncapsulatedContentInfo ::= SEQUENCE { eContentType OBJECT IDENTIFIER, eContent [0] EXPLICIT OCTET STRING OPTIONAL } */
function readContent(node: DerNode): Pick<SignedData, 'contentType' | 'content'> {
  const fields = fieldsOf(node)
  const contentType = readOid(fields.take())
  const content = fields.optional(0xa0)
  fields.end()
  return { contentType, ...(content === undefined ? {} : { content: readOctets(onlyChild(content)) }) }
}

/** A certificate takes some hundred bytes; more values than this in one list are there to fill memory. */
const MAX_LISTED = 4096

/** @throws CmsError `CMS_UNSUPPORTED` for more values than a CMS has, before they are made objects of. */
function requireFew({ content }: DerNode): void {
  let at = 0
  for (let count = 0; at < content.length; count++) {
    if (count === MAX_LISTED) throw new CmsError('CMS_UNSUPPORTED', 'more values than a CMS has', { max: MAX_LISTED })
    at += derLength(content.subarray(at))
  }
}

function sequencesIn(node: DerNode | undefined): readonly Der[] {
  if (node !== undefined) requireFew(node)
  return (node?.children ?? []).filter(({ tag }) => tag === TAG.sequence).map(({ der }) => der)
}

/**
 * SignedData ::= SEQUENCE { version INTEGER, digestAlgorithms SET OF AlgorithmIdentifier, encapContentInfo,
 *   certificates [0] IMPLICIT SET OF OPTIONAL, crls [1] IMPLICIT SET OF OPTIONAL, signerInfos SET OF SignerInfo }
 */
function readSignedData(node: DerNode, form: CmsForm): SignedData {
  const fields = fieldsOf(node)
  readCount(fields.take(), 5)
  fields.take(TAG.set)
  const content = readContent(fields.take())
  const certificates = sequencesIn(fields.optional(0xa0))
  const crls = sequencesIn(fields.optional(0xa1))
  const signerInfos = fields.take(TAG.set)
  requireFew(signerInfos)
  const signers = signerInfos.children
  fields.end()
  if (signers.length > MAX_SIGNERS) throw new CmsError('CMS_UNSUPPORTED', 'too many signers', { got: signers.length })
  return { ...content, certificates, crls, signers: signers.map((signer) => readSigner(signer, form)) }
}

/**
 * Reads a CMS SignedData of at most 4 MiB. Byte arrays are views of `der`, but for `signedAttributes`.
 * @param form - `strict` unless given.
 * RFC 5652 3.  ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
 * @throws {@link CmsError} `CMS_INVALID` for what is not DER of CMS, BER's indefinite lengths and bytes behind
 * it included; `CMS_UNSUPPORTED` for other content than SignedData; `CMS_ATTRIBUTE_DUPLICATE` and
 * `SIGNED_ATTRIBUTES_NOT_DER` as {@link parseSignedAttributes}.
 */
export function parseSignedData(der: Uint8Array, form: CmsForm = 'strict'): SignedData {
  try {
    const fields = fieldsOf(readDer(der, { maxBytes: MAX_CMS_BYTES }))
    const type = readOid(fields.take())
    if (type !== CMS_OID.signedData) throw new CmsError('CMS_UNSUPPORTED', 'CMS is not SignedData', { type })
    const content = onlyChild(fields.take(0xa0))
    fields.end()
    return readSignedData(content, form)
  } catch (cause) {
    throw asCmsError(cause)
  }
}
