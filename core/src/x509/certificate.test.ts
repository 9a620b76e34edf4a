import { X509Certificate } from 'node:crypto'
import { FROM, issue, nameOf, p256Key, refusal, rsaKey, type TestKey, UNTIL } from '../../test/pki'
import { toHex } from '../encode/bytes'
import type { Der } from '../encode/der'
import { readDer } from '../encode/der'
import {
  bitString,
  boolean,
  context,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
  utf8String,
  x509Time,
} from '../encode/der-write'
import { buildCertificate, extension, keyIdentifier } from './build'
import { certificateDigest, parseCertificate } from './certificate'
import { commonName, distinguishedName, nameText } from './name'
import { signatureAlgorithmIdentifier } from './signer'

describe('a certificate that we build', () => {
  it('is read by node as it is by us', async () => {
    const ca = await issue('Seal CA', 'ca', { key: rsaKey() })
    const crlUrl = 'http://127.0.0.1:8080/crl/ca.crl'
    const { der, certificate } = await issue('合同专用章', 'seal', { issuer: ca, crlUrl })
    const theirs = new X509Certificate(der)
    expect(theirs.verify(new X509Certificate(ca.der).publicKey)).toBe(true)
    expect(theirs.checkIssued(new X509Certificate(ca.der))).toBe(true)
    expect(theirs.ca).toBe(false)
    expect(theirs.serialNumber.toLowerCase()).toBe(toHex(certificate.serial))
    expect(new Date(theirs.validTo)).toEqual(certificate.notAfter)
    expect(certificateDigest(der)).toBe(`sha256:${theirs.fingerprint256.replace(/:/g, '').toLowerCase()}`)
    expect(certificate).toMatchObject({
      keyUsage: new Set(['digitalSignature', 'nonRepudiation']),
      basicConstraints: { ca: false },
      crlUrls: [crlUrl],
      subjectKeyId: keyIdentifier(certificate.spki),
      authorityKeyId: ca.certificate.subjectKeyId,
      unknownCritical: [],
      policies: [],
      notBefore: FROM,
      notAfter: UNTIL,
      issuer: ca.certificate.subject,
    })
    expect(certificate.extendedKeyUsage).toBeUndefined()
    expect(certificate.der).toEqual(der)
    const given = der.slice()
    parseCertificate(given)
    given.fill(0)
    expect(parseCertificate(der).der).toEqual(der)
  })

  it('says what it is for', async () => {
    const ca = await issue('Root', 'ca')
    expect(ca.certificate.basicConstraints).toEqual({ ca: true, pathLength: 0 })
    expect(ca.certificate.keyUsage).toEqual(new Set(['keyCertSign', 'cRLSign']))
    const tsa = await issue('TSA', 'tsa', { issuer: ca })
    expect(tsa.certificate.extendedKeyUsage).toEqual({ oids: ['1.3.6.1.5.5.7.3.8'], critical: true })
    expect(tsa.certificate.keyUsage).toEqual(new Set(['digitalSignature']))
  })

  it('is refused when the CRL address is not ASCII', async () => {
    expect((await refusal(() => issue('x', 'seal', { crlUrl: 'http://印/' }))).code).toBe('DER_INVALID')
  })
})

describe('names', () => {
  it('are shown most specific first, escaped so that they cannot break or reorder the line', () => {
    const name = distinguishedName([
      { type: 'C', value: 'CN' },
      { type: 'O', value: 'A, "B" + C' },
      { type: 'OU', value: ' #\u202e\n' },
      { type: 'CN', value: '公章' },
    ])
    expect(nameText(name)).toBe('CN=公章,OU=\\ #\\u{202e}\\u{a},O=A\\, \\"B\\" \\+ C,C=CN')
    expect(commonName(name)).toBe('公章')
    expect(commonName(distinguishedName([{ type: 'C', value: 'CN' }]))).toBeUndefined()
  })

  it('of other kinds are still shown', () => {
    const one = (type: string, value: Der) => nameText(sequence(setOf(sequence(oid(type), value))))
    expect(one('2.5.4.3', tlv(0x1e, Uint8Array.of(0x53, 0x70)))).toBe('CN=印')
    expect(one('2.5.4.3', tlv(0x14, Uint8Array.of(0xe9)))).toBe('CN=é')
    expect(one('1.2.3', integer(1))).toBe('1.2.3=\\#020101')
  })

  it('are refused when malformed', async () => {
    const bad = [
      integer(1),
      sequence(integer(1)),
      sequence(setOf(sequence(oid('2.5.4.3')))),
      sequence(setOf(sequence(oid('2.5.4.3'), tlv(0x0c, Uint8Array.of(0xff))))),
    ]
    for (const name of bad) expect((await refusal(() => nameText(name))).code).toBe('DER_INVALID')
    expect((await refusal(() => distinguishedName([{ type: 'C', value: '中国' }]))).code).toBe('DER_INVALID')
  })
})

interface Parts {
  readonly version?: readonly Der[]
  readonly serial?: Der
  readonly inner?: Der
  readonly issuer?: Der
  readonly from?: Der
  readonly rest?: readonly Der[]
}

const key = p256Key()
const EXPLICIT_V3 = [context(0, integer(2))]

async function forged(parts: Parts = {}, signer: TestKey = key): Promise<Uint8Array> {
  const algorithm = signatureAlgorithmIdentifier('ecdsa-p256-sha256')
  const tbs = sequence(
    ...(parts.version ?? EXPLICIT_V3),
    parts.serial ?? integer(7),
    parts.inner ?? algorithm,
    parts.issuer ?? nameOf('Issuer'),
    sequence(parts.from ?? x509Time(FROM), x509Time(UNTIL)),
    nameOf('Subject'),
    signer.spki,
    ...(parts.rest ?? []),
  )
  return sequence(tbs, algorithm, bitString(await signer.sign(tbs)))
}

const extensions = (...all: readonly Der[]) => [context(3, sequence(...all))]

describe('parseCertificate', () => {
  it('takes a version 1 certificate only as a self-signed root', async () => {
    expect(parseCertificate(await forged({ version: [], issuer: nameOf('Subject') })).unknownCritical).toEqual([])
    expect((await refusal(async () => parseCertificate(await forged({ version: [] })))).code).toBe(
      'CERTIFICATE_VERSION_UNSUPPORTED',
    )
  })

  it('names unknown critical extensions and leaves others alone', async () => {
    const rest = extensions(
      extension('2.5.29.99', 'critical', sequence()),
      extension('1.2.3.4', 'non-critical', sequence()),
      extension('2.5.29.32', 'critical', sequence(sequence(oid('1.2.3')), sequence(oid('1.2.4')))),
    )
    const { unknownCritical, policies } = parseCertificate(await forged({ rest }))
    expect(unknownCritical).toEqual(['2.5.29.99'])
    expect(policies).toEqual(['1.2.3', '1.2.4'])
  })

  it('tolerates an explicit FALSE, which many CAs write', async () => {
    const rest = extensions(sequence(oid('2.5.29.19'), boolean(false), octetString(sequence(boolean(false)))))
    expect(parseCertificate(await forged({ rest })).basicConstraints).toEqual({ ca: false })
  })

  const usage = extension('2.5.29.15', 'critical', bitString(Uint8Array.of(0x80)))
  it.each<[string, string, Parts]>([
    ['a duplicate extension', 'EXTENSION_DUPLICATE', { rest: extensions(usage, usage) }],
    ['another algorithm inside', 'ALGORITHM_MISMATCH', { inner: sequence(oid('1.2.840.10045.4.3.3')) }],
    ['version 2', 'CERTIFICATE_VERSION_UNSUPPORTED', { version: [context(0, integer(1))] }],
    ['an explicit version 1', 'CERTIFICATE_VERSION_UNSUPPORTED', { version: [context(0, integer(0))] }],
    ['version 4', 'CERTIFICATE_VERSION_UNSUPPORTED', { version: [context(0, integer(3))] }],
    ['a serial number of 33 bytes', 'CERTIFICATE_INVALID', { serial: integer(new Uint8Array(33).fill(1)) }],
    ['a serial number that is a text', 'CERTIFICATE_INVALID', { serial: utf8String('1') }],
    ['a time that is none', 'CERTIFICATE_INVALID', { from: tlv(0x17, new TextEncoder().encode('269901000000Z')) }],
    ['a malformed name', 'CERTIFICATE_INVALID', { issuer: sequence(sequence()) }],
    [
      'a malformed key usage',
      'CERTIFICATE_INVALID',
      { rest: extensions(extension('2.5.29.15', 'critical', integer(1))) },
    ],
    [
      'an endless path length',
      'CERTIFICATE_INVALID',
      { rest: extensions(extension('2.5.29.19', 'critical', sequence(boolean(true), integer(-1)))) },
    ],
    ['something behind the extensions', 'CERTIFICATE_INVALID', { rest: [...extensions(usage), integer(1)] }],
  ])('refuses %s: %s', async (_, code, parts) => {
    expect((await refusal(async () => parseCertificate(await forged(parts)))).code).toBe(code)
  })

  it('refuses what is no certificate, and a large one unread', async () => {
    for (const bytes of [new Uint8Array(), sequence(), new Uint8Array(70000)]) {
      expect((await refusal(() => parseCertificate(bytes))).code).toBe('CERTIFICATE_INVALID')
    }
  })

  it('reads or refuses by a code, whatever byte is damaged', async () => {
    const der = await forged({ rest: extensions(usage) })
    for (let i = 0; i < der.length; i++) {
      const damaged = der.slice()
      damaged[i] ^= 0x41
      try {
        parseCertificate(damaged)
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^(CERTIFICATE_|EXTENSION_DUPLICATE|ALGORITHM_MISMATCH)/)
      }
    }
  })

  it('gives the bytes that were signed', async () => {
    const der = await forged()
    expect(parseCertificate(der).tbs).toEqual(readDer(der).children[0].der)
  })
})

describe('buildCertificate', () => {
  it('is deterministic but for the signature', async () => {
    const { spki } = key
    const request = {
      serial: Uint8Array.of(0x80),
      issuer: nameOf('a'),
      subject: nameOf('b'),
      spki,
      notBefore: FROM,
      notAfter: UNTIL,
      profile: 'seal',
      issuerKeyId: keyIdentifier(spki),
    } as const
    const [one, two] = await Promise.all([buildCertificate(request, key), buildCertificate(request, key)])
    expect(parseCertificate(one).tbs).toEqual(parseCertificate(two).tbs)
    expect(parseCertificate(one).serial).toEqual(Uint8Array.of(0, 0x80))
  })
})
