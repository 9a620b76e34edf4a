import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { integerValue, readBitStringBytes, readCount, readOid } from '../encode/der-values'
import { readOnce } from '../encode/read-once'
import { type EcCurve, FIELD_BYTES } from './ecdsa'
import { X509Error } from './x509-error'

/** The digests in use, by their WebCrypto names; SHA-1 in what is judged as `past` only. */
export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/**
 * Which algorithms are accepted: `current` ones for everything that is made or decides now; `past` besides, SHA-1 and RSA from 1024 bits,
 * for who goes on to judge whether they were good when the signature was made.
 */
export type Acceptance = 'current' | 'past'

/** How a signature was made, apart from the key. */
export type SignatureScheme =
  | { readonly kind: 'ecdsa'; readonly digest: DigestName }
  | { readonly kind: 'rsa-pkcs1'; readonly digest: DigestName }
  | { readonly kind: 'rsa-pss'; readonly digest: DigestName; readonly saltBytes: number }

/** A public key of a supported kind. */
export type KeyKind =
  | { readonly kind: 'ec'; readonly curve: EcCurve }
  | { readonly kind: 'rsa'; readonly modulusBytes: number }

/** RFC 5754 2: the digest algorithms, by object identifier. */
export const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])

const PAST_DIGESTS: ReadonlyMap<string, DigestName> = new Map([...DIGESTS, ['1.3.14.3.2.26', 'SHA-1'] as const])

/** The accepted digests, by object identifier. */
export function digestsIn(acceptance: Acceptance): ReadonlyMap<string, DigestName> {
  return acceptance === 'past' ? PAST_DIGESTS : DIGESTS
}

/** Bytes of each digest. */
export const DIGEST_BYTES: Readonly<Record<DigestName, number>> = {
  'SHA-1': 20,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  ['1.2.840.10045.4.3.2', { kind: 'ecdsa', digest: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { kind: 'ecdsa', digest: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { kind: 'ecdsa', digest: 'SHA-512' }],
  ['1.2.840.113549.1.1.11', { kind: 'rsa-pkcs1', digest: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { kind: 'rsa-pkcs1', digest: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { kind: 'rsa-pkcs1', digest: 'SHA-512' }],
])
const PAST_SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  ...SCHEMES,
  ['1.2.840.10045.4.1', { kind: 'ecdsa', digest: 'SHA-1' }],
  ['1.2.840.113549.1.1.5', { kind: 'rsa-pkcs1', digest: 'SHA-1' }],
])
const RSA = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const CURVES: ReadonlyMap<string, EcCurve> = new Map<string, EcCurve>([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
])

/** Smaller moduli are too weak (NIST SP 800-131A), larger ones only burn a verifier's time. */
const MIN_RSA_BYTES: Readonly<Record<Acceptance, number>> = { current: 256, past: 128 }
const MAX_RSA_BYTES = 1024

function unsupported(text: string, details: Readonly<Record<string, string | number>> = {}): X509Error {
  return new X509Error('ALGORITHM_UNSUPPORTED', text, details)
}

interface Identifier {
  readonly oid: string
  readonly parameters?: DerNode
}

/** RFC 5280 4.1.1.2.  AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
function readIdentifier(node: DerNode): Identifier {
  const fields = fieldsOf(node)
  const oid = readOid(fields.take())
  const parameters = node.children.length > 1 ? fields.take() : undefined
  fields.end()
  return { oid, parameters }
}

/** The same few are asked for with every signature. */
const identifierOf = readOnce((der) => readIdentifier(readDer(der, { maxBytes: 512 })), { values: 64, maxBytes: 128 })

function isAbsentOrNull(parameters: DerNode | undefined): boolean {
  return parameters === undefined || parameters.tag === TAG.null
}

/**
 * The object identifier of a digest's AlgorithmIdentifier, supported or not; parameters absent or NULL (RFC 5754 2).
 * @throws {@link DerError} `DER_INVALID` when it is no such structure.
 */
export function readDigestOid(node: DerNode): string {
  const { oid, parameters } = readIdentifier(node)
  if (!isAbsentOrNull(parameters)) throw new DerError('DER_INVALID', 'a digest algorithm has no parameters', { oid })
  return oid
}

/**
 * The digest of an object identifier.
 * @throws {@link X509Error} `ALGORITHM_UNSUPPORTED` unless it is SHA-256, SHA-384 or SHA-512, or SHA-1 of the past.
 */
export function digestName(oid: string, acceptance: Acceptance = 'current'): DigestName {
  const digest = digestsIn(acceptance).get(oid)
  if (digest === undefined) throw unsupported(`digest algorithm ${oid} is not supported`, { oid })
  return digest
}

/**
 * RFC 4055 3.1.  RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0], maskGenAlgorithm [1],
 *   saltLength [2] INTEGER DEFAULT 20, trailerField [3] INTEGER DEFAULT 1 }
 * The defaults of the first two are SHA-1, so both must be there.
 */
function readPss(parameters: DerNode | undefined): SignatureScheme {
  if (parameters === undefined) throw unsupported('RSASSA-PSS without parameters means SHA-1')
  const fields = fieldsOf(parameters)
  const hash = fields.optional(0xa0)
  const mask = fields.optional(0xa1)
  const salt = fields.optional(0xa2)
  const trailer = fields.optional(0xa3)
  fields.end()
  if (hash === undefined || mask === undefined) throw unsupported('RSASSA-PSS with SHA-1')
  const digest = digestName(readDigestOid(onlyChild(hash)))
  const mgf = readIdentifier(onlyChild(mask))
  if (mgf.oid !== MGF1 || mgf.parameters === undefined || digestName(readDigestOid(mgf.parameters)) !== digest) {
    throw unsupported('RSASSA-PSS with another mask than MGF1 of the same digest')
  }
  if (trailer !== undefined && readCount(onlyChild(trailer), 255) !== 1) throw unsupported('RSASSA-PSS trailer')
  return { kind: 'rsa-pss', digest, saltBytes: salt === undefined ? 20 : readCount(onlyChild(salt), 512) }
}

/**
 * The scheme that an AlgorithmIdentifier names.
 * @param digestOid - the digest that stands beside it in CMS: needed where the identifier names only the key's kind.
 * @throws {@link X509Error} `ALGORITHM_UNSUPPORTED`; `ALGORITHM_MISMATCH` when `digestOid` contradicts the identifier.
 * @throws {@link DerError} when it is no AlgorithmIdentifier.
 */
export function readSignatureScheme(
  algorithmIdentifier: Der,
  digestOid?: string,
  acceptance: Acceptance = 'current',
): SignatureScheme {
  const { oid, parameters } = identifierOf(algorithmIdentifier)
  const scheme = oid === RSA_PSS ? readPss(parameters) : (acceptance === 'past' ? PAST_SCHEMES : SCHEMES).get(oid)
  if (oid === RSA && digestOid !== undefined && isAbsentOrNull(parameters)) {
    return { kind: 'rsa-pkcs1', digest: digestName(digestOid, acceptance) }
  }
  if (scheme === undefined) throw unsupported(`signature algorithm ${oid} is not supported`, { oid })
  const fits = scheme.kind === 'ecdsa' ? parameters === undefined : oid === RSA_PSS || isAbsentOrNull(parameters)
  if (!fits) throw unsupported(`signature algorithm ${oid} has parameters`, { oid })
  if (digestOid !== undefined && digestName(digestOid, acceptance) !== scheme.digest) {
    throw new X509Error('ALGORITHM_MISMATCH', 'digest and signature algorithm disagree', { oid, digestOid })
  }
  return scheme
}

function ecKey(parameters: DerNode | undefined, point: Uint8Array): KeyKind {
  const curve = parameters?.tag === TAG.oid ? CURVES.get(readOid(parameters)) : undefined
  if (curve === undefined) throw unsupported('elliptic curve is not P-256, P-384 or P-521')
  if (point.length !== 1 + 2 * FIELD_BYTES[curve] || point[0] !== 4) {
    throw unsupported('public key is not an uncompressed point of its curve')
  }
  return { kind: 'ec', curve }
}

/** RFC 8017 A.1.1.  RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
function rsaKey(key: Uint8Array, acceptance: Acceptance): KeyKind {
  const fields = fieldsOf(readDer(key, { maxBytes: 2 * MAX_RSA_BYTES }))
  const modulus = expectTag(fields.take(), TAG.integer).content
  const exponent = expectTag(fields.take(), TAG.integer).content
  fields.end()
  const digits = modulus[0] === 0 ? modulus.subarray(1) : modulus
  const bits = digits.length * 8 - (Math.clz32(digits[0] ?? 0) - 24)
  if (modulus[0] >= 0x80 || bits < MIN_RSA_BYTES[acceptance] * 8 || bits > MAX_RSA_BYTES * 8) {
    throw unsupported(`RSA modulus of ${bits} bits is not supported`, { bits })
  }
  const e = integerValue(exponent)
  if (exponent.length > 5 || e < 3n || (e & 1n) === 0n) throw unsupported('RSA public exponent is not supported')
  return { kind: 'rsa', modulusBytes: digits.length }
}

/**
 * RFC 5280 4.1.2.7.  SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
 * @throws {@link X509Error} `ALGORITHM_UNSUPPORTED` unless it is an uncompressed point of P-256, P-384 or P-521,
 * or RSA of 2048 (of the past: 1024) to 8192 bits with an odd exponent of at most 39 bits.
 * @throws {@link DerError} when it is no SubjectPublicKeyInfo.
 */
export function readKeyKind(spki: Der, acceptance: Acceptance = 'current'): KeyKind {
  return keyKinds[acceptance](spki)
}

const keyKinds: Readonly<Record<Acceptance, (spki: Der) => KeyKind>> = {
  current: readOnce((spki) => keyKindOf(spki, 'current'), { values: 64, maxBytes: 1024 }),
  past: readOnce((spki) => keyKindOf(spki, 'past'), { values: 64, maxBytes: 1024 }),
}

function keyKindOf(spki: Der, acceptance: Acceptance): KeyKind {
  const fields = fieldsOf(readDer(spki, { maxBytes: 4096 }))
  const { oid, parameters } = readIdentifier(fields.take())
  const key = readBitStringBytes(fields.take())
  fields.end()
  if (oid === EC_PUBLIC_KEY) return ecKey(parameters, key)
  if (oid === RSA && parameters?.tag === TAG.null) return rsaKey(key, acceptance)
  throw unsupported(`public key algorithm ${oid} is not supported`, { oid })
}
