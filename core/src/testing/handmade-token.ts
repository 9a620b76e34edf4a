import { CMS_OID } from '../cms/cms-oids'
import { signingCertificateV2 } from '../cms/ess'
import { concat, equal } from '../encode/bytes'
import { TAG } from '../encode/der'
import {
  boolean,
  context,
  contextPrimitive,
  generalizedTime,
  integer,
  octetString,
  oid,
  retag,
  sequence,
  setOf,
  tlv,
} from '../encode/der-write'
import { digestOfRecord } from '../encode/sha256'
import { parseCertificate } from '../x509/certificate'
import { randomBytes, signBy } from './keys'
import type { Holder } from './pki'

/** What a token made by hand is to say, which no authority of ours says. */
export interface HandmadeToken {
  readonly imprint: Uint8Array
  readonly at: Date
  /** Of the imprint; SHA-256 unless given. */
  readonly imprintDigest?: TokenDigest
  /** By which the authority signs; SHA-256 unless given. */
  readonly digest?: TokenDigest
  /** Seconds, thousandths and millionths of a second. */
  readonly accuracy?: readonly [seconds: number, millis: number, micros: number]
  readonly ordering?: boolean
  readonly policy?: string
  /** The signed attributes stand, and are signed, in an order that is not DER's. */
  readonly unordered?: boolean
}

/** The digests that a token can be made by. */
export type TokenDigest = 'SHA-1' | 'SHA-256'

const DIGEST_OIDS: Readonly<Record<TokenDigest, string>> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
}
const ECDSA_OIDS: Readonly<Record<TokenDigest, string>> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-256': '1.2.840.10045.4.3.2',
}

function accuracyOf([seconds, millis, micros]: NonNullable<HandmadeToken['accuracy']>): Uint8Array {
  const part = (tag: number, value: number) => (value === 0 ? [] : [contextPrimitive(tag, integer(value).subarray(2))])
  return sequence(...(seconds === 0 ? [] : [integer(seconds)]), ...part(0, millis), ...part(1, micros))
}

function infoOf({ imprint, at, imprintDigest = 'SHA-256', accuracy, ordering, policy = '2.25.1' }: HandmadeToken) {
  return sequence(
    integer(1),
    oid(policy),
    sequence(sequence(oid(DIGEST_OIDS[imprintDigest])), octetString(imprint)),
    integer(concat(Uint8Array.of(1), randomBytes(8))),
    generalizedTime(at),
    ...(accuracy === undefined ? [] : [accuracyOf(accuracy)]),
    ...(ordering === undefined ? [] : [boolean(ordering)]),
  )
}

/** An RFC 3161 token by this authority, whose key is an ECDSA key on P-256. */
export async function handmadeToken(tsa: Holder, wanted: HandmadeToken): Promise<Uint8Array> {
  const { digest = 'SHA-256', unordered = false } = wanted
  const info = infoOf(wanted)
  const attribute = (type: string, value: Uint8Array) => sequence(oid(type), setOf(value))
  const certificate = parseCertificate(tsa.certificate)
  const attributes = [
    attribute(CMS_OID.contentType, oid(CMS_OID.timestampInfo)),
    attribute(CMS_OID.messageDigest, octetString(await digestOfRecord(digest, info))),
    attribute(CMS_OID.signingCertificateV2, signingCertificateV2(certificate)),
  ]
  const ordered = setOf(...attributes)
  const reversed = tlv(TAG.set, concat(...[...attributes].reverse()))
  if (unordered && equal(ordered, reversed)) throw new RangeError('the reversed order is DER order')
  const signed = unordered ? reversed : ordered
  const algorithm = sequence(oid(DIGEST_OIDS[digest]))
  const signer = sequence(
    integer(1),
    sequence(certificate.issuer, tlv(TAG.integer, certificate.serial)),
    algorithm,
    retag(0xa0, signed),
    sequence(oid(ECDSA_OIDS[digest])),
    octetString(await signBy(tsa.key, digest, signed)),
  )
  const content = sequence(oid(CMS_OID.timestampInfo), context(0, octetString(info)))
  const body = sequence(integer(3), setOf(algorithm), content, retag(0xa0, setOf(tsa.certificate)), setOf(signer))
  return sequence(oid(CMS_OID.signedData), context(0, body))
}
