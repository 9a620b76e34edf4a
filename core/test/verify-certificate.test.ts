import { concat, toBase64, utf8 } from '../src/encode/bytes'
import { sequence } from '../src/encode/der-write'
import { sha256 } from '../src/encode/sha256'
import { newKey } from '../src/testing/keys'
import type { Holder } from '../src/testing/pki'
import { newHolder, sealCertificate, tokenOf } from '../src/testing/pki'
import { JUDGED_AT, oneSeal, type Sample, type SampleChanges } from '../src/testing/sealed-evidence'
import { SEALED_AT } from '../src/testing/sealed-sample'
import { newWorld } from '../src/testing/sealed-world'
import { buildTimestampRequest } from '../src/timestamp/request'
import { type Authority, respondTo } from '../src/timestamp/respond'
import { readTimestampResponse } from '../src/timestamp/response'
import type { VerifyRequest } from '../src/verify/verify'
import { keyIdentifier } from '../src/x509/build'
import { buildCrl } from '../src/x509/build-crl'
import { parseCertificate } from '../src/x509/certificate'
import type { CrlEntry } from '../src/x509/crl'

import {
  at,
  type Case,
  EARLIER,
  type Faults,
  given,
  judges,
  LATER,
  receipt,
  sample,
  UNANCHORED,
  UNTIMED,
} from './verify-cases'

const revoked = (reason: string, invalidityDate: string, disputedFrom: number, ratified?: object) =>
  ({ revocation: { declaredAt: LATER, disputedFrom, invalidityDate, reason, ...ratified } }) as NonNullable<
    SampleChanges['receipt']
  >['record']

const UNREAD: Faults = { ...UNANCHORED, ...UNTIMED, anchor: 'failed OPENING_MISMATCH' }
const TIMESTAMP: readonly Case[] = [
  [
    'no token',
    { ...UNANCHORED, ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_MISSING', anchor: 'failed OPENING_MISMATCH' },
    sample({ seal: { token: async () => undefined } }),
  ],
  [
    "the institution's own authority",
    { ...UNTIMED, timestamp: 'failed TIMESTAMP_OWN_AUTHORITY' },
    () => oneSeal(given().world, { seal: { tsa: given().world.bureau.pki.tsa } }),
  ],
  [
    "another's authority that is the institution's own as well",
    { ...UNTIMED, timestamp: 'failed TIMESTAMP_OWN_AUTHORITY' },
    () => {
      const [bureau, ...others] = given().one.trust.organisations
      const tsas = [{ certificate: toBase64(given().world.court.pki.tsa.certificate) }]
      return { ...given().one, trust: { ...given().one.trust, organisations: [{ ...bureau, tsas }, ...others] } }
    },
  ],
  [
    'an authority that nobody trusts',
    { ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_UNTRUSTED' },
    async () => oneSeal(given().world, { seal: { tsa: (await newWorld()).court.pki.tsa } }),
  ],
  [
    'an authority whose certificate is none for timestamps',
    { ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_UNTRUSTED' },
    async () => {
      const tsa = await sealCertificate(given().world.court.pki)
      return oneSeal(given().world, { seal: { tsa } })
    },
  ],
  [
    'a token over another signature',
    { ...UNTIMED, timestamp: 'failed TIMESTAMP_IMPRINT_MISMATCH' },
    sample({ seal: { token: () => tokenOf(given().world.court.pki.tsa, sha256(utf8('other')), SEALED_AT) } }),
  ],
  [
    'a token whose own signature is wrong',
    { ...UNTIMED, timestamp: 'failed TIMESTAMP_SIGNATURE_INVALID' },
    sample({
      seal: {
        token: async (signature) => {
          const token = await tokenOf(given().world.court.pki.tsa, sha256(signature), SEALED_AT)
          token[token.length - 1] ^= 1
          return token
        },
      },
    }),
  ],
  [
    'a token that is none',
    { ...UNREAD, timestamp: 'failed TIMESTAMP_INVALID' },
    sample({ seal: { token: async () => sequence() } }),
  ],
  [
    'two tokens',
    { ...UNREAD, timestamp: 'failed TIMESTAMP_INVALID' },
    sample({ seal: { token: async (signature) => concat(await tokenWith(signature), await tokenWith(signature)) } }),
  ],
  [
    'a token accurate to more than a minute',
    { ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_INACCURATE' },
    sample({ seal: { token: (signature) => tokenWith(signature, { accuracyMs: 60_001 }) } }),
  ],
  [
    'a token accurate to a minute, which counts',
    {},
    sample({ seal: { token: (signature) => tokenWith(signature, { accuracyMs: 60_000 }) } }),
  ],
  [
    'a token with an imprint that is not judged',
    { ...UNTIMED, timestamp: 'indeterminate ALGORITHM_UNSUPPORTED' },
    sample({ seal: { token: async (signature) => sha224Imprint(await tokenWith(signature)) } }),
  ],
  [
    'a token from the future',
    { ...UNTIMED, timestamp: 'failed TIMESTAMP_IN_FUTURE' },
    sample({ seal: { at: new Date('2027-01-01T00:00:00Z') } }),
  ],
  [
    'an authority withdrawn before the token',
    { ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_AUTHORITY_WITHDRAWN' },
    () => withdrawnFrom(given().one, SEALED_AT),
  ],
  [
    'an authority withdrawn after the token but before the ledger recorded it',
    { ...UNTIMED, timestamp: 'indeterminate TIMESTAMP_AUTHORITY_WITHDRAWN' },
    () => withdrawnFrom(given().one, new Date(SEALED_AT.getTime() + 1000)),
  ],
  ['an authority withdrawn after all that, which counts', {}, () => withdrawnFrom(given().one, JUDGED_AT)],
]

async function tokenWith(signature: Uint8Array, changes: Partial<Authority> = {}): Promise<Uint8Array> {
  const { certificate, key } = given().world.court.pki.tsa
  const request = buildTimestampRequest({ imprint: sha256(signature), nonce: new Uint8Array(8).fill(7) })
  const authority = {
    signer: key.signer,
    certificate,
    chain: [],
    policy: '2.25.1',
    at: SEALED_AT,
    serial: Uint8Array.of(9),
  }
  return readTimestampResponse(await respondTo(request, { ...authority, ...changes }), request)
}

/** The imprint called one of SHA-224: the second place that names SHA-256, after the CMS's own list. */
function sha224Imprint(token: Uint8Array): Uint8Array {
  const sha256Oid = Buffer.from('608648016503040201', 'hex')
  const bytes = Buffer.from(token)
  bytes[bytes.indexOf(sha256Oid, bytes.indexOf(sha256Oid) + 1) + 8] = 4
  return new Uint8Array(bytes)
}

function withdrawnFrom(of: Sample, from: Date): VerifyRequest {
  const withdrawnAt = at(from.toISOString().replace('.000', ''))
  const organisations = of.trust.organisations.map((each) => ({
    ...each,
    tsas: each.tsas.map(({ certificate }) => ({ certificate, withdrawnAt })),
  }))
  return { ...of, trust: { ...of.trust, organisations } }
}

const CERTIFICATE: readonly Case[] = [
  [
    'a certificate that had expired at the proven time',
    { certificate: 'failed CERTIFICATE_EXPIRED' },
    async () => oneSeal(given().world, { seal: { holder: await validUntil('2026-11-01T00:00:00Z') } }),
  ],
  [
    'a certificate that has expired, and no proven time',
    { ...UNTIMED, certificate: 'indeterminate CERTIFICATE_EXPIRED', timestamp: 'indeterminate TIMESTAMP_UNTRUSTED' },
    async () => {
      const [holder, other] = await Promise.all([validUntil('2026-11-25T00:00:00Z'), newWorld()])
      return oneSeal(given().world, { seal: { holder, tsa: other.court.pki.tsa } })
    },
  ],
  [
    'a certificate that was not valid yet',
    { certificate: 'failed CERTIFICATE_NOT_YET_VALID' },
    async () => {
      const holder = await sealCertificate(given().world.bureau.pki, { notBefore: new Date('2026-11-23T00:00:00Z') })
      return oneSeal(given().world, { seal: { holder } })
    },
  ],
  [
    "a certificate by another institution's seal CA",
    { certificate: 'indeterminate PATH_NOT_FOUND' },
    async () => oneSeal(given().world, { seal: { holder: await sealCertificate(given().world.company.pki) } }),
  ],
  [
    'a certificate for timestamps',
    { certificate: 'failed LEAF_EXTENDED_KEY_USAGE' },
    async () => {
      const { sealCa } = given().world.bureau.pki
      const validity = { notBefore: new Date('2021-01-01T00:00:00Z'), notAfter: new Date('2039-01-01T00:00:00Z') }
      const holder = await newHolder({ profile: 'tsa', commonName: 'wrong', issuer: sealCa, ...validity })
      return oneSeal(given().world, { seal: { holder } })
    },
  ],
  [
    'the seal CA itself as the signer',
    { certificate: 'failed LEAF_IS_CA' },
    () => oneSeal(given().world, { seal: { holder: given().world.bureau.pki.sealCa } }),
  ],
  [
    'a certificate superseded before the use',
    { certificate: 'failed CERTIFICATE_REVOKED' },
    receipt({ record: revoked('superseded', EARLIER, 0) }),
  ],
  [
    'a certificate superseded at the very time of the use',
    { certificate: 'failed CERTIFICATE_REVOKED' },
    receipt({ record: revoked('superseded', '2026-11-22T03:04:05Z', 0) }),
  ],
  ['a certificate superseded after the use, which counts', {}, receipt({ record: revoked('superseded', LATER, 0) })],
  [
    'a key compromised before the use',
    { certificate: 'failed SEAL_DISPUTED' },
    receipt({ record: revoked('keyCompromise', EARLIER, 8) }),
  ],
  [
    'a key compromised after the token by date, but before the entry by the order of the log',
    { certificate: 'failed SEAL_DISPUTED' },
    receipt({ record: revoked('keyCompromise', LATER, 5) }),
  ],
  [
    'a key compromised for reasons unspecified',
    { certificate: 'failed SEAL_DISPUTED' },
    receipt({ record: revoked('unspecified', LATER, 5) }),
  ],
  [
    'a key compromised later by date and order, which counts',
    {},
    receipt({ record: revoked('keyCompromise', LATER, 6) }),
  ],
  [
    'a key compromised before, but the entry ratified, which counts',
    {},
    receipt({ record: revoked('keyCompromise', EARLIER, 2, { ratified: [{ from: 5, to: 6 }] }) }),
  ],
  [
    'a key compromised before, and others ratified',
    { certificate: 'failed SEAL_DISPUTED' },
    receipt({ record: revoked('keyCompromise', EARLIER, 2, { ratified: [{ from: 2, to: 5 }] }) }),
  ],
  [
    'a revoked certificate, and no proven time',
    { ...UNTIMED, certificate: 'indeterminate REVOKED', timestamp: 'indeterminate TIMESTAMP_UNTRUSTED' },
    async () => {
      const tsa = (await newWorld()).court.pki.tsa
      return oneSeal(given().world, { seal: { tsa }, receipt: { record: revoked('superseded', LATER, 9) } })
    },
  ],
]

const crl = async (changes: Partial<CrlEntry>, by: Holder = given().world.bureau.pki.sealCa): Promise<Uint8Array> => {
  const { certificate, key } = by
  const { serial } = parseCertificate(given().world.bureau.holder.certificate)
  return buildCrl(
    {
      issuer: parseCertificate(certificate).subject,
      thisUpdate: SEALED_AT,
      nextUpdate: JUDGED_AT,
      number: 1,
      revoked: [{ serial, at: new Date('2026-11-30T00:00:00Z'), ...changes }],
      issuerKeyId: keyIdentifier(key.spki),
    },
    key.signer,
  )
}
const DISPUTED: Faults = { certificate: 'failed SEAL_DISPUTED' }

const CRLS: readonly Case[] = [
  [
    'that lists the certificate, of which the register knows nothing',
    DISPUTED,
    async () => oneSeal(given().world, { crls: [await crl({ reason: 'superseded' })] }),
  ],
  [
    'that lists the certificate, where nothing is attested',
    { ...UNANCHORED, certificate: 'failed SEAL_DISPUTED', anchor: 'indeterminate ATTESTER_NOT_TRUSTED' },
    async () => oneSeal(given().world, { crls: [await crl({})], receipt: { attester: await newKey() } }),
  ],
  [
    'with an earlier date than the register',
    { certificate: 'failed CERTIFICATE_REVOKED' },
    async () => {
      const list = await crl({ reason: 'superseded', invalidityDate: new Date('2026-11-01T00:00:00Z') })
      return oneSeal(given().world, { crls: [list], receipt: { record: revoked('superseded', LATER, 9) } })
    },
  ],
  [
    'with a worse reason than the register',
    DISPUTED,
    async () => {
      const list = await crl({ reason: 'keyCompromise' })
      return oneSeal(given().world, { crls: [list], receipt: { record: revoked('superseded', LATER, 5) } })
    },
  ],
  [
    'that says what the register says, which counts',
    {},
    async () => {
      const list = await crl({ reason: 'superseded', invalidityDate: new Date(LATER) })
      return oneSeal(given().world, { crls: [list], receipt: { record: revoked('superseded', LATER, 9) } })
    },
  ],
  [
    'by another CA, which is nothing',
    {},
    async () => oneSeal(given().world, { crls: [await crl({}, given().world.company.pki.sealCa)] }),
  ],
  [
    "in the CA's name by another key, which is nothing",
    {},
    async () => {
      const { certificate } = given().world.bureau.pki.sealCa
      const forger = { ...given().world.company.pki.sealCa, certificate }
      return oneSeal(given().world, { crls: [await crl({}, forger)] })
    },
  ],
  ['that is none', {}, sample({ crls: [utf8('no CRL')] })],
]

const validUntil = (notAfter: string) => sealCertificate(given().world.bureau.pki, { notAfter: new Date(notAfter) })

judges('the timestamp', TIMESTAMP)
judges('the certificate', CERTIFICATE)
judges('a CRL', CRLS)
