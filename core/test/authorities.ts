import { boolean, context, ia5String, namedBits, octetString, oid, retag, sequence } from '../src/encode/der-write'
import { digestOf } from '../src/model/digest'
import { ocspAnswer } from '../src/testing/ocsp'
import type { Holder } from '../src/testing/pki'
import { day } from '../src/testing/preserved'
import { extension, keyIdentifier } from '../src/x509/build'
import { buildCrl, type CrlRequest } from '../src/x509/build-crl'
import { EXTENSION, KEY_USAGES, type KeyUsage } from '../src/x509/extensions'
import { certificateWith, type Issue, p256Key, type TestCertificate } from './pki'

/** Keys and certificates of every kind, for what no authority of ours would issue. */

const usage = (...uses: readonly KeyUsage[]) =>
  extension(EXTENSION.keyUsage, 'critical', namedBits(uses.map((use) => KEY_USAGES.indexOf(use))))
const extendedUsage = (...oids: readonly string[]) =>
  extension(EXTENSION.extendedKeyUsage, 'critical', sequence(...oids.map((one) => oid(one))))

type Options = Issue & { readonly extensions?: readonly Uint8Array[] }

const VALID = { notBefore: day('2005-01-01'), notAfter: day('2060-01-01') }

/** A CA that may have others below it; a root without `issuer`. */
export function newCa(name: string, { extensions = [], ...options }: Options = {}): Promise<TestCertificate> {
  const key = options.key ?? p256Key()
  const all = [
    extension(EXTENSION.basicConstraints, 'critical', sequence(boolean(true))),
    usage('keyCertSign', 'cRLSign'),
    extension(EXTENSION.subjectKeyId, 'non-critical', octetString(keyIdentifier(key.spki))),
    ...extensions,
  ]
  return certificateWith(name, all, { ...VALID, ...options, key })
}

/** Whose key signs documents. */
export function newSigner(
  name: string,
  issuer: TestCertificate,
  { extensions = [], ...options }: Options = {},
): Promise<TestCertificate> {
  return certificateWith(name, [usage('digitalSignature'), ...extensions], { ...VALID, ...options, issuer })
}

/** A timestamp authority. */
export function newTsa(name: string, issuer: TestCertificate, { extensions = [], ...options }: Options = {}) {
  const all = [usage('digitalSignature'), extendedUsage('1.3.6.1.5.5.7.3.8'), ...extensions]
  return certificateWith(name, all, { ...VALID, ...options, issuer })
}

/** Where CRLs about a certificate are said to be. */
export const crlPoint = (url: string) =>
  extension(
    EXTENSION.crlDistributionPoints,
    'non-critical',
    sequence(sequence(context(0, context(0, retag(0x86, ia5String(url)))))),
  )

/** RFC 6960 4.2.2.2.1: nobody is to ask whether this responder was revoked. */
export const NO_CHECK = extension(EXTENSION.ocspNoCheck, 'non-critical', Uint8Array.of(5, 0))

/** An OCSP responder. */
export function newResponder(name: string, issuer: TestCertificate, { extensions = [], ...options }: Options = {}) {
  const all = [usage('digitalSignature'), extendedUsage('1.3.6.1.5.5.7.3.9'), ...extensions]
  return certificateWith(name, all, { ...VALID, ...options, issuer })
}

/** As those who seal and stamp hold it. */
export function holderOf({ key, der }: TestCertificate): Holder {
  return { key: { ...key, signer: key, pkcs8: new Uint8Array() }, certificate: der, digest: digestOf(der) }
}

/** A CRL of this CA, current for a week; entries name what they revoke. */
export function listOf(
  ca: TestCertificate,
  thisUpdate: Date,
  revoked: readonly (Omit<CrlRequest['revoked'][number], 'serial'> & { readonly of: TestCertificate })[] = [],
): Promise<Uint8Array> {
  const { subject: issuer } = ca.certificate
  const nextUpdate = new Date(thisUpdate.getTime() + 7 * 24 * 3600 * 1000)
  const entries = revoked.map(({ of, ...entry }) => ({ ...entry, serial: of.certificate.serial }))
  const issuerKeyId = keyIdentifier(ca.key.spki)
  return buildCrl({ issuer, thisUpdate, nextUpdate, number: 1, revoked: entries, issuerKeyId }, ca.key)
}

type Answer = Partial<Omit<Parameters<typeof ocspAnswer>[0], 'certificate' | 'issuer' | 'responder'>>

/** What this responder says of a certificate, current for a week. */
export function answerOf(
  { certificate }: TestCertificate,
  issuer: TestCertificate,
  responder: TestCertificate,
  more: Answer & { readonly producedAt: Date },
): Promise<Uint8Array> {
  const nextUpdate = new Date(more.producedAt.getTime() + 7 * 24 * 3600 * 1000)
  const by = { certificate: responder.certificate, signer: responder.key }
  return ocspAnswer({ certificate, issuer: issuer.certificate, responder: by, nextUpdate, ...more })
}
