import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issue, NOW, nameOf, p256Key, pem, refusal } from '../../test/pki'
import type { Der } from '../encode/der'
import { bitString, context, enumerated, generalizedTime, integer, sequence, x509Time } from '../encode/der-write'
import { extension, keyIdentifier } from './build'
import { buildCrl } from './build-crl'
import { type CrlEntry, parseCrl, revocationOf } from './crl'
import { verifySignature } from './signature'
import { signatureAlgorithmIdentifier } from './signer'

const key = p256Key()
const LATER = new Date('2026-12-22T00:00:00Z')

const crlOf = (revoked: readonly CrlEntry[]) =>
  buildCrl(
    {
      issuer: nameOf('CA'),
      thisUpdate: NOW,
      nextUpdate: LATER,
      number: 5,
      revoked,
      issuerKeyId: keyIdentifier(key.spki),
    },
    key,
  )

describe('a CRL that we build', () => {
  const entry: CrlEntry = {
    serial: Uint8Array.of(0x41, 7),
    at: NOW,
    reason: 'keyCompromise',
    invalidityDate: new Date('2026-10-01T00:00:00Z'),
  }

  it('says of a certificate what was put in', async () => {
    const crl = parseCrl(await crlOf([{ serial: Uint8Array.of(1), at: NOW }, entry]))
    expect(crl).toMatchObject({ thisUpdate: NOW, nextUpdate: LATER, number: 5n, issuer: nameOf('CA') })
    expect(crl.authorityKeyId).toEqual(keyIdentifier(key.spki))
    expect(revocationOf(crl, { issuer: nameOf('CA'), serial: entry.serial })).toEqual(entry)
    expect(revocationOf(crl, { issuer: nameOf('CA'), serial: Uint8Array.of(1) })).toEqual({
      serial: Uint8Array.of(1),
      at: NOW,
    })
    expect(revocationOf(crl, { issuer: nameOf('CA'), serial: Uint8Array.of(2) })).toBeUndefined()
    expect(await verifySignature(crl.signatureAlgorithm, key.spki, crl.tbs, crl.signature)).toBe(true)
  })

  it('may be empty', async () => {
    expect(parseCrl(await crlOf([])).revoked).toEqual([])
  })

  it('is what openssl reads, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cinnabar-crl-'))
    try {
      const ca = await issue('CA', 'ca', { key })
      const leaf = await issue('Seal', 'seal', { issuer: ca })
      const revoked = [{ ...entry, serial: leaf.certificate.serial }]
      writeFileSync(join(folder, 'ca.pem'), pem('CERTIFICATE', ca.der))
      writeFileSync(join(folder, 'leaf.pem'), pem('CERTIFICATE', leaf.der))
      writeFileSync(join(folder, 'crl.pem'), pem('X509 CRL', await crlOf(revoked)))
      const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString()
      const text = openssl('crl', '-in', 'crl.pem', '-text', '-noout', '-CAfile', 'ca.pem')
      expect(text).toMatch(/Key Compromise/)
      expect(text).toMatch(/Oct {2}1 00:00:00 2026 GMT/)
      const at = String(NOW.getTime() / 1000)
      const verify = ['verify', '-crl_check', '-attime', at, '-CAfile', 'ca.pem', '-CRLfile', 'crl.pem', 'leaf.pem']
      expect(() => openssl(...verify)).toThrow(/certificate revoked/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a CRL says nothing', () => {
  it('of a certificate of another issuer', async () => {
    const crl = parseCrl(await crlOf([]))
    expect((await refusal(() => revocationOf(crl, { issuer: nameOf('Other'), serial: Uint8Array.of(1) }))).code).toBe(
      'CRL_INVALID',
    )
  })

  it('against a certificate that a later entry removed', async () => {
    const crl = parseCrl(await crlOf([{ serial: Uint8Array.of(1), at: NOW, reason: 'removeFromCRL' }]))
    expect(revocationOf(crl, { issuer: nameOf('CA'), serial: Uint8Array.of(1) })).toBeUndefined()
  })
})

interface Parts {
  readonly version?: Der
  readonly inner?: Der
  readonly entries?: readonly Der[]
  readonly extensions?: readonly Der[]
}

async function forged({ version = integer(1), inner, entries = [], extensions = [] }: Parts): Promise<Uint8Array> {
  const algorithm = signatureAlgorithmIdentifier('ecdsa-p256-sha256')
  const list = entries.length === 0 ? [] : [sequence(...entries)]
  const tail = extensions.length === 0 ? [] : [context(0, sequence(...extensions))]
  const tbs = sequence(version, inner ?? algorithm, nameOf('CA'), x509Time(NOW), x509Time(LATER), ...list, ...tail)
  return sequence(tbs, algorithm, bitString(await key.sign(tbs)))
}

const entryWith = (...all: readonly Der[]) => sequence(integer(1), x509Time(NOW), sequence(...all))

describe('parseCrl refuses', () => {
  it.each<[string, string, Parts]>([
    [
      'an extension that is not known and critical',
      'CRL_EXTENSION_UNSUPPORTED',
      { extensions: [extension('2.5.29.99', 'critical', sequence())] },
    ],
    [
      'an issuing distribution point that is none',
      'CRL_INVALID',
      { extensions: [extension('2.5.29.28', 'critical', integer(1))] },
    ],
    ['a delta CRL', 'CRL_EXTENSION_UNSUPPORTED', { extensions: [extension('2.5.29.27', 'critical', integer(1))] }],
    [
      'an unknown critical entry extension',
      'CRL_EXTENSION_UNSUPPORTED',
      { entries: [entryWith(extension('2.5.29.98', 'critical', sequence()))] },
    ],
    [
      'an entry of another issuer where the list is not an indirect one',
      'CRL_INVALID',
      { entries: [entryWith(extension('2.5.29.29', 'critical', sequence(context(4, nameOf('Other')))))] },
    ],
    [
      'a duplicate extension',
      'EXTENSION_DUPLICATE',
      { extensions: [extension('1.2.3', 'non-critical', integer(1)), extension('1.2.3', 'non-critical', integer(1))] },
    ],
    ['another algorithm inside', 'ALGORITHM_MISMATCH', { inner: sequence(integer(1)) }],
    ['version 1 written out', 'CRL_INVALID', { version: integer(0) }],
    [
      'a reason that does not exist',
      'CRL_INVALID',
      { entries: [entryWith(extension('2.5.29.21', 'non-critical', enumerated(7)))] },
    ],
    [
      'a reason that is no ENUMERATED',
      'CRL_INVALID',
      { entries: [entryWith(extension('2.5.29.21', 'non-critical', integer(1)))] },
    ],
    [
      'an invalidity date that is none',
      'CRL_INVALID',
      { entries: [entryWith(extension('2.5.29.24', 'non-critical', x509Time(NOW)))] },
    ],
    ['an entry that is none', 'CRL_INVALID', { entries: [generalizedTime(NOW)] }],
  ])('%s: %s', async (_, code, parts) => {
    expect((await refusal(async () => parseCrl(await forged(parts)))).code).toBe(code)
  })

  it('what is no CRL', async () => {
    for (const bytes of [
      new Uint8Array(),
      sequence(),
      sequence(sequence(), sequence(), bitString(new Uint8Array(1))),
    ]) {
      expect((await refusal(() => parseCrl(bytes))).code).toBe('CRL_INVALID')
    }
  })

  it('naming the extension', async () => {
    const crl = await forged({ extensions: [extension('2.5.29.27', 'critical', integer(1))] })
    expect((await refusal(() => parseCrl(crl))).details).toMatchObject({ oid: '2.5.29.27' })
  })
})
