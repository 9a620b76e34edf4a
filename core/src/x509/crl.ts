import { equal } from '../encode/bytes'
import { type Der, DerError, type DerNode, readDer, TAG } from '../encode/der'
import { expectTag, fieldsOf, onlyChild } from '../encode/der-fields'
import { readGeneralizedTime, readX509Time } from '../encode/der-time'
import { readBitStringBytes, readCount, readInteger } from '../encode/der-values'
import { readOnce } from '../encode/read-once'
import type { Certificate } from './certificate'
import { type IssuingPoint, readIssuingPoint } from './distribution-point'
import { EXTENSION, type Extension, readAuthorityKeyId, readExtensions } from './extensions'
import { readGeneralNames } from './general-name'
import { checkName } from './name'
import { sameName } from './name-compare'
import { X509Error } from './x509-error'

/** RFC 5280 5.3.1, by number; 7 is unused. */
export const CRL_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

/** Why a certificate was revoked. */
export type CrlReason = Exclude<(typeof CRL_REASONS)[number], undefined>

/** One revoked certificate. */
export interface CrlEntry {
  /** Content bytes of the serial number INTEGER, as in {@link Certificate}. */
  readonly serial: Uint8Array
  /** When the CA processed the revocation. */
  readonly at: Date
  /** Absent when the CA gave none; a cautious reader then assumes compromise. */
  readonly reason?: CrlReason
  /** Since when the key is to be mistrusted, by the CA's word. */
  readonly invalidityDate?: Date
  /** DER Name of the certificate's issuer, in an indirect CRL; the CRL's own issuer when absent. */
  readonly certificateIssuer?: Der
}

/** What a complete CRL says (RFC 5280 5.1). Parsing checks form only: neither signature nor freshness. */
export interface Crl {
  readonly der: Der
  readonly tbs: Der
  readonly issuer: Der
  readonly thisUpdate: Date
  /** Absent on CRLs that break RFC 5280 5.1.2.5; their freshness is unknown. */
  readonly nextUpdate?: Date
  readonly number?: bigint
  readonly authorityKeyId?: Uint8Array
  /** How far the CRL reaches; to all certificates of its issuer when absent. */
  readonly issuingPoint?: IssuingPoint
  /** ISO/IEC 9594-8, expiredCertsOnCRL: certificates that expired since then stay listed. */
  readonly keptSince?: Date
  readonly signatureAlgorithm: Der
  readonly signature: Uint8Array
  readonly revoked: readonly CrlEntry[]
}

/** About 200,000 revoked certificates. */
const MAX_CRL_BYTES = 16 << 20

const KNOWN_IN_CRL: ReadonlySet<string> = new Set([
  EXTENSION.crlNumber,
  EXTENSION.authorityKeyId,
  EXTENSION.issuingDistributionPoint,
  EXTENSION.expiredCertsOnCrl,
])
const KNOWN_IN_ENTRY: ReadonlySet<string> = new Set([
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
  EXTENSION.certificateIssuer,
])

function refuseUnknownCritical(extensions: ReadonlyMap<string, Extension>, known: ReadonlySet<string>): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !known.has(oid)) {
      throw new X509Error('CRL_EXTENSION_UNSUPPORTED', `critical CRL extension ${oid} is not supported`, { oid })
    }
  }
}

function readReason(value: Uint8Array): CrlReason {
  const { content } = expectTag(readDer(value), TAG.enumerated)
  const reason = content.length === 1 ? CRL_REASONS[content[0]] : undefined
  if (reason === undefined) throw new X509Error('CRL_INVALID', 'no such revocation reason')
  return reason
}

function readRevocation(node: DerNode): CrlEntry {
  const fields = fieldsOf(node)
  const serial = fields.take(TAG.integer).content
  const at = readX509Time(fields.take())
  const extensionsNode = fields.optional(TAG.sequence)
  fields.end()
  if (extensionsNode === undefined) return { serial, at }
  const extensions = readExtensions(extensionsNode)
  refuseUnknownCritical(extensions, KNOWN_IN_ENTRY)
  const reason = extensions.get(EXTENSION.reasonCode)
  const invalidity = extensions.get(EXTENSION.invalidityDate)
  const issuer = extensions.get(EXTENSION.certificateIssuer)
  return {
    serial,
    at,
    ...(issuer === undefined ? {} : { certificateIssuer: readIssuerName(issuer.value) }),
    ...(reason === undefined ? {} : { reason: readReason(reason.value) }),
    ...(invalidity === undefined ? {} : { invalidityDate: readGeneralizedTime(readDer(invalidity.value)).date }),
  }
}

/** RFC 5280 5.3.3.  CertificateIssuer ::= GeneralNames, with the issuer's directory name. */
function readIssuerName(value: Uint8Array): Der {
  const name = readGeneralNames(expectTag(readDer(value), TAG.sequence)).find((one) => one.name !== undefined)?.name
  if (name === undefined) throw new X509Error('CRL_INVALID', 'a certificate issuer without a directory name')
  return name
}

/** RFC 5280 5.3.3: in an indirect CRL an entry that names no issuer is of the same one as the entry before it. */
function withIssuers(entries: readonly CrlEntry[], point: IssuingPoint | undefined): readonly CrlEntry[] {
  const named = entries.some(({ certificateIssuer }) => certificateIssuer !== undefined)
  if (!named) return entries
  if (point?.indirect !== true) throw new X509Error('CRL_INVALID', 'an entry of another issuer in a CRL of one issuer')
  let issuer: Der | undefined
  return entries.map((entry) => {
    issuer = entry.certificateIssuer ?? issuer
    return issuer === undefined ? entry : { ...entry, certificateIssuer: issuer }
  })
}

/**
 * TBSCertList ::= SEQUENCE { version INTEGER { v2(1) } OPTIONAL, signature AlgorithmIdentifier, issuer Name,
 *   thisUpdate Time, nextUpdate Time OPTIONAL, revokedCertificates SEQUENCE OF SEQUENCE { userCertificate INTEGER,
 *   revocationDate Time, crlEntryExtensions Extensions OPTIONAL } OPTIONAL, crlExtensions [0] EXPLICIT OPTIONAL }
 */
function readTbs(tbs: DerNode) {
  const fields = fieldsOf(tbs)
  const version = fields.optional(TAG.integer)
  if (version !== undefined && readCount(version, 255) !== 1) throw new X509Error('CRL_INVALID', 'not a version 2 CRL')
  const innerAlgorithm = fields.take(TAG.sequence).der
  const issuer = fields.take(TAG.sequence).der
  checkName(issuer)
  const thisUpdate = readX509Time(fields.take())
  const next = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime)
  const list = fields.optional(TAG.sequence)
  const wrapped = fields.optional(0xa0)
  fields.end()
  const extensions = wrapped === undefined ? new Map<string, Extension>() : readExtensions(onlyChild(wrapped))
  // Among them the delta indicator: such a list is not the whole list.
  refuseUnknownCritical(extensions, KNOWN_IN_CRL)
  const number = extensions.get(EXTENSION.crlNumber)
  const keyId = extensions.get(EXTENSION.authorityKeyId)
  const point = extensions.get(EXTENSION.issuingDistributionPoint)
  const issuingPoint = point && readIssuingPoint(point.value)
  const kept = extensions.get(EXTENSION.expiredCertsOnCrl)
  return {
    innerAlgorithm,
    issuer,
    thisUpdate,
    ...(next === undefined ? {} : { nextUpdate: readX509Time(next) }),
    ...(number === undefined ? {} : { number: readInteger(readDer(number.value)) }),
    ...(keyId === undefined ? {} : { authorityKeyId: readAuthorityKeyId(keyId.value) }),
    ...(issuingPoint === undefined ? {} : { issuingPoint }),
    ...(kept === undefined ? {} : { keptSince: readGeneralizedTime(readDer(kept.value)).date }),
    revoked: withIssuers((list?.children ?? []).map(readRevocation), issuingPoint),
  }
}

/**
 * Reads one complete CRL.
 * @throws {@link X509Error} `CRL_INVALID` for what is not DER of a CRL of at most 16 MiB; `CRL_EXTENSION_UNSUPPORTED`
 * for an unknown critical extension (`details.oid`), among them deltas;
 * `EXTENSION_DUPLICATE`; `ALGORITHM_MISMATCH`.
 */
export const parseCrl: (der: Uint8Array) => Crl = readOnce(readCrl, { values: 64, maxBytes: 16_384 })

function readCrl(der: Uint8Array): Crl {
  try {
    const fields = fieldsOf(readDer(der, { maxBytes: MAX_CRL_BYTES }))
    const tbs = fields.take(TAG.sequence)
    const signatureAlgorithm = fields.take(TAG.sequence).der
    const signature = readBitStringBytes(fields.take())
    fields.end()
    const { innerAlgorithm, ...facts } = readTbs(tbs)
    if (!equal(innerAlgorithm, signatureAlgorithm)) {
      throw new X509Error('ALGORITHM_MISMATCH', 'signature algorithms inside and outside differ')
    }
    return { der, tbs: tbs.der, signatureAlgorithm, signature, ...facts }
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new X509Error('CRL_INVALID', `not a CRL: ${cause.message}`, {}, cause)
  }
}

/**
 * What a CRL says of a certificate: `undefined` when it does not list it. How far the CRL reaches is not looked at.
 * @throws {@link X509Error} `CRL_INVALID` when the CRL is another issuer's, and not an indirect one, and so says nothing of it.
 */
export function revocationOf(crl: Crl, certificate: Pick<Certificate, 'issuer' | 'serial'>): CrlEntry | undefined {
  const indirect = crl.issuingPoint?.indirect === true
  if (!indirect && !sameName(crl.issuer, certificate.issuer)) {
    throw new X509Error('CRL_INVALID', 'CRL is of another issuer')
  }
  const found = crl.revoked.find(
    ({ serial, certificateIssuer = crl.issuer }) =>
      equal(serial, certificate.serial) && sameName(certificateIssuer, certificate.issuer),
  )
  return found?.reason === 'removeFromCRL' ? undefined : found
}

const ORDERLY: readonly (string | undefined)[] = [
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
]

/** Whether the reason says that the key was in good hands all the time; none, or an unknown one, does not. */
export function isOrderly(reason: string | undefined): boolean {
  return ORDERLY.includes(reason)
}
