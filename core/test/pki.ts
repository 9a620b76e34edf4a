import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Der } from '../src/encode/der'
import { bitString, context, integer, sequence, x509Time } from '../src/encode/der-write'
import { buildCertificate, type CertificateProfile, keyIdentifier } from '../src/x509/build'
import { type Certificate, parseCertificate } from '../src/x509/certificate'
import { ecdsaSignatureFromRaw } from '../src/x509/ecdsa'
import { distinguishedName } from '../src/x509/name'
import { type Signer, signatureAlgorithmIdentifier } from '../src/x509/signer'

/** A key made for one test run. */
export interface TestKey extends Signer {
  readonly privateKey: KeyObject
}

const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }))

export function p256Key(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKey,
    algorithm: 'ecdsa-p256-sha256',
    spki: spkiOf(publicKey),
    sign: async (message) =>
      ecdsaSignatureFromRaw(new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }))),
  }
}

export function rsaKey(modulusLength = 2048): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return {
    privateKey,
    algorithm: 'rsa-pkcs1-sha256',
    spki: spkiOf(publicKey),
    sign: async (message) => new Uint8Array(sign('sha256', message, privateKey)),
  }
}

export const nameOf = (cn: string): Der =>
  distinguishedName([
    { type: 'C', value: 'CN' },
    { type: 'O', value: '示例机构' },
    { type: 'CN', value: cn },
  ])

export interface TestCertificate {
  readonly key: TestKey
  readonly der: Der
  readonly certificate: Certificate
}

export const FROM = new Date('2026-01-01T00:00:00Z')
export const UNTIL = new Date('2036-01-01T00:00:00Z')
/** Within every certificate's validity unless a test says otherwise. */
export const NOW = new Date('2026-11-22T03:04:05Z')

let lastSerial = 0x4000

export interface Issue {
  readonly issuer?: TestCertificate
  readonly key?: TestKey
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly crlUrl?: string
}

/** A certificate of the profile; a self-signed one when no issuer is given. */
export async function issue(cn: string, profile: CertificateProfile, options: Issue = {}): Promise<TestCertificate> {
  const key = options.key ?? p256Key()
  const { issuer, notBefore = FROM, notAfter = UNTIL, crlUrl } = options
  const der = await buildCertificate(
    {
      serial: Uint8Array.of(0x40, ++lastSerial >> 8, lastSerial & 0xff),
      issuer: issuer?.certificate.subject ?? nameOf(cn),
      subject: nameOf(cn),
      spki: key.spki,
      notBefore,
      notAfter,
      profile,
      issuerKeyId: keyIdentifier((issuer?.key ?? key).spki),
      crlUrl,
    },
    issuer?.key ?? key,
  )
  return { key, der, certificate: parseCertificate(der) }
}

/** A certificate with just these extensions. */
export async function certificateWith(
  cn: string,
  extensions: readonly Der[],
  options: Issue & { readonly algorithm?: Der } = {},
): Promise<TestCertificate> {
  const key = options.key ?? p256Key()
  const issuerKey = options.issuer?.key ?? key
  const algorithm = options.algorithm ?? signatureAlgorithmIdentifier(issuerKey.algorithm)
  const tbs = sequence(
    context(0, integer(2)),
    integer(++lastSerial),
    algorithm,
    options.issuer?.certificate.subject ?? nameOf(cn),
    sequence(x509Time(options.notBefore ?? FROM), x509Time(options.notAfter ?? UNTIL)),
    nameOf(cn),
    key.spki,
    ...(extensions.length === 0 ? [] : [context(3, sequence(...extensions))]),
  )
  const der = sequence(tbs, algorithm, bitString(await issuerKey.sign(tbs)))
  return { key, der, certificate: parseCertificate(der) }
}

export const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

/** The error that `act` throws or rejects with; fails the test when there is none. */
export async function refusal(act: () => unknown): Promise<{ readonly code?: string; readonly details?: unknown }> {
  try {
    await act()
  } catch (error) {
    return error as { code?: string }
  }
  throw new Error('nothing was refused')
}
