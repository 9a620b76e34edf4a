import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { p256Key, refusal, rsaKey } from '../../test/pki'
import { concat, fromHex } from '../encode/bytes'
import { bitString, context, integer, nullValue, octetString, oid, sequence } from '../encode/der-write'
import { ecdsaSignatureFromRaw, ecdsaSignatureToRaw, isLowS, normaliseLowS } from './ecdsa'
import { verifySignature } from './signature'
import { signatureAlgorithmIdentifier } from './signer'

const message = new TextEncoder().encode('the bytes that were signed')
const SHA = { 'SHA-1': '1.3.14.3.2.26', 'SHA-256': '2.16.840.1.101.3.4.2.1', 'SHA-512': '2.16.840.1.101.3.4.2.3' }
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const RSA_SHA256 = signatureAlgorithmIdentifier('rsa-pkcs1-sha256')
const PLAIN_RSA = sequence(oid('1.2.840.113549.1.1.1'), nullValue())

const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const pss = (hash: string, mask: string, salt: number) => {
  const digest = (id: string) => sequence(oid(id), nullValue())
  const mgf = sequence(oid('1.2.840.113549.1.1.8'), digest(mask))
  return sequence(
    oid('1.2.840.113549.1.1.10'),
    sequence(context(0, digest(hash)), context(1, mgf), context(2, integer(salt))),
  )
}

describe('ECDSA', () => {
  it.each([
    ['P-256', 'sha256', '1.2.840.10045.4.3.2'],
    ['P-384', 'sha384', '1.2.840.10045.4.3.3'],
    ['P-521', 'sha512', '1.2.840.10045.4.3.4'],
    ['P-256', 'sha512', '1.2.840.10045.4.3.4'],
  ] as const)('on %s with %s verifies, and not for another message or key', async (namedCurve, digest, algorithm) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    const other = generateKeyPairSync('ec', { namedCurve }).publicKey
    const signature = new Uint8Array(sign(digest, message, privateKey))
    const id = sequence(oid(algorithm))
    expect(await verifySignature(id, spkiOf(publicKey), message, signature)).toBe(true)
    expect(await verifySignature(id, spkiOf(publicKey), message.slice(1), signature)).toBe(false)
    expect(await verifySignature(id, spkiOf(other), message, signature)).toBe(false)
    const raw = ecdsaSignatureToRaw(signature, namedCurve)
    expect(normaliseLowS(signature, namedCurve)).toEqual(ecdsaSignatureFromRaw(raw, namedCurve))
    expect(await verifySignature(id, spkiOf(publicKey), message, ecdsaSignatureFromRaw(raw, namedCurve))).toBe(true)
  })

  it('has two spellings that verify, of which low s is ours', async () => {
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const key = p256Key()
    const low = await key.sign(message)
    const raw = ecdsaSignatureToRaw(low, 'P-256')
    const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString('hex')}`)
    const high = sequence(integer(raw.subarray(0, 32)), integer(n - s))
    expect(isLowS(low)).toBe(true)
    expect(isLowS(high)).toBe(false)
    expect(normaliseLowS(high)).toEqual(low)
    expect(await verifySignature(ECDSA_SHA256, key.spki, message, high)).toBe(true)
  })

  it('refuses every flipped bit and every cut of a signature', async () => {
    const key = p256Key()
    const signature = await key.sign(message)
    for (let i = 0; i < signature.length; i++) {
      const flipped = signature.slice()
      flipped[i] ^= 1 << (i % 8)
      expect(await verifySignature(ECDSA_SHA256, key.spki, message, flipped)).toBe(false)
      expect(await verifySignature(ECDSA_SHA256, key.spki, message, signature.subarray(0, i))).toBe(false)
    }
    expect(await verifySignature(ECDSA_SHA256, key.spki, message, concat(signature, Uint8Array.of(0)))).toBe(false)
  })

  it.each([
    ['r of zero', new Uint8Array(64).fill(1, 32)],
    ['s of zero', new Uint8Array(64).fill(1, 0, 32)],
    ['r of n and more', new Uint8Array(64).fill(255)],
    ['63 bytes', new Uint8Array(63).fill(1)],
    ['65 bytes', new Uint8Array(65).fill(1)],
    ['nothing', new Uint8Array(0)],
  ])('refuses a raw signature with %s', async (_, raw) => {
    expect((await refusal(() => ecdsaSignatureFromRaw(raw))).code).toBe('SIGNATURE_INVALID')
  })

  it('refuses to normalise what is not a signature', async () => {
    for (const bytes of [new Uint8Array(), sequence(integer(1)), sequence(integer(1), integer(1), integer(1))]) {
      expect((await refusal(() => normaliseLowS(bytes))).code).toBe('SIGNATURE_INVALID')
      expect((await refusal(() => isLowS(bytes))).code).toBe('SIGNATURE_INVALID')
    }
  })
})

describe('RSA', () => {
  const key = rsaKey()

  it('PKCS #1 v1.5 verifies, by its own identifier and by the plain one with a digest', async () => {
    const signature = await key.sign(message)
    expect(await verifySignature(RSA_SHA256, key.spki, message, signature)).toBe(true)
    expect(await verifySignature(PLAIN_RSA, key.spki, message, signature, SHA['SHA-256'])).toBe(true)
    expect(await verifySignature(PLAIN_RSA, key.spki, message, signature, SHA['SHA-512'])).toBe(false)
    expect(await verifySignature(RSA_SHA256, key.spki, message.slice(1), signature)).toBe(false)
    expect(await verifySignature(RSA_SHA256, key.spki, message, concat(Uint8Array.of(0), signature))).toBe(false)
    expect(await verifySignature(RSA_SHA256, key.spki, message, signature.subarray(1))).toBe(false)
    expect(await verifySignature(RSA_SHA256, key.spki, message, new Uint8Array(256))).toBe(false)
  })

  it('PSS verifies with the digest and the salt that it names', async () => {
    const options = { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    const signature = new Uint8Array(sign('sha256', message, options))
    const algorithm = pss(SHA['SHA-256'], SHA['SHA-256'], 32)
    expect(await verifySignature(algorithm, key.spki, message, signature)).toBe(true)
    expect(await verifySignature(algorithm, key.spki, message, signature, SHA['SHA-256'])).toBe(true)
    expect(await verifySignature(pss(SHA['SHA-256'], SHA['SHA-256'], 20), key.spki, message, signature)).toBe(false)
    expect(await verifySignature(pss(SHA['SHA-512'], SHA['SHA-512'], 32), key.spki, message, signature)).toBe(false)
  })
})

describe('verifySignature does not judge, but refuses', () => {
  const rsa = rsaKey()
  const ec = p256Key()
  const ecSpki = (curve: string, point: Uint8Array) =>
    sequence(sequence(oid('1.2.840.10045.2.1'), oid(curve)), bitString(point))
  const point = ec.spki.subarray(26)
  const rsaSpki = (modulus: Uint8Array, exponent: number) =>
    sequence(PLAIN_RSA, bitString(sequence(integer(modulus), integer(exponent))))
  const modulus = (bytes: number) => new Uint8Array(bytes).fill(0xab)
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey

  it.each<[string, string, Uint8Array, Uint8Array, string?]>([
    ['SHA-1 with RSA', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.113549.1.1.5'), nullValue()), rsa.spki],
    ['SHA-1 with ECDSA', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.10045.4.1')), ec.spki],
    ['SHA-1 beside plain RSA', 'ALGORITHM_UNSUPPORTED', PLAIN_RSA, rsa.spki, SHA['SHA-1']],
    ['plain RSA without a digest', 'ALGORITHM_UNSUPPORTED', PLAIN_RSA, rsa.spki],
    ['PSS without parameters', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.113549.1.1.10')), rsa.spki],
    ['PSS by default', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.113549.1.1.10'), sequence()), rsa.spki],
    ['PSS with SHA-1', 'ALGORITHM_UNSUPPORTED', pss(SHA['SHA-1'], SHA['SHA-1'], 20), rsa.spki],
    ['PSS with two digests', 'ALGORITHM_UNSUPPORTED', pss(SHA['SHA-256'], SHA['SHA-512'], 32), rsa.spki],
    ['Ed25519', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.3.101.112')), ec.spki],
    ['ECDSA with parameters', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.10045.4.3.2'), nullValue()), ec.spki],
    ['RSA with parameters', 'ALGORITHM_UNSUPPORTED', sequence(oid('1.2.840.113549.1.1.11'), integer(1)), rsa.spki],
    ['RSA of 1024 bits', 'ALGORITHM_UNSUPPORTED', RSA_SHA256, spkiOf(small)],
    ['RSA of 2040 bits', 'ALGORITHM_UNSUPPORTED', RSA_SHA256, rsaSpki(modulus(255), 65537)],
    ['RSA of 8200 bits', 'ALGORITHM_UNSUPPORTED', RSA_SHA256, rsaSpki(modulus(1025), 65537)],
    ['RSA with exponent 1', 'ALGORITHM_UNSUPPORTED', RSA_SHA256, rsaSpki(modulus(256), 1)],
    ['RSA with exponent 4', 'ALGORITHM_UNSUPPORTED', RSA_SHA256, rsaSpki(modulus(256), 4)],
    ['secp256k1', 'ALGORITHM_UNSUPPORTED', ECDSA_SHA256, ecSpki('1.3.132.0.10', point)],
    [
      'a compressed point',
      'ALGORITHM_UNSUPPORTED',
      ECDSA_SHA256,
      ecSpki('1.2.840.10045.3.1.7', concat(Uint8Array.of(2), point.subarray(1, 33))),
    ],
    [
      'a point off its curve',
      'KEY_INVALID',
      ECDSA_SHA256,
      ecSpki('1.2.840.10045.3.1.7', concat(Uint8Array.of(4), modulus(64))),
    ],
    ['ECDSA by an RSA key', 'ALGORITHM_MISMATCH', ECDSA_SHA256, rsa.spki],
    ['RSA by an EC key', 'ALGORITHM_MISMATCH', RSA_SHA256, ec.spki],
    ['SHA-512 beside ECDSA with SHA-256', 'ALGORITHM_MISMATCH', ECDSA_SHA256, ec.spki, SHA['SHA-512']],
    ['a key that is not DER', 'DER_INVALID', ECDSA_SHA256, new Uint8Array(3)],
    ['an algorithm that is not DER', 'DER_INVALID', octetString(fromHex('00')), ec.spki],
  ])('%s: %s', async (...[, code, algorithm, spki, digestOid]) => {
    expect((await refusal(() => verifySignature(algorithm, spki, message, new Uint8Array(256), digestOid))).code).toBe(
      code,
    )
  })

  it('and refuses a bad key again when asked again', async () => {
    const spki = ecSpki('1.2.840.10045.3.1.7', concat(Uint8Array.of(4), modulus(64)))
    for (let i = 0; i < 2; i++) {
      const refused = await refusal(() => verifySignature(ECDSA_SHA256, spki, message, new Uint8Array(70)))
      expect(refused.code).toBe('KEY_INVALID')
    }
  })

  it('and keeps keys apart when there are more of them than it remembers', async () => {
    const keys = Array.from({ length: 70 }, p256Key)
    const signatures = await Promise.all(keys.map((key) => key.sign(message)))
    for (const round of [0, 1]) {
      const results = await Promise.all(
        keys.map((key, i) => verifySignature(ECDSA_SHA256, key.spki, message, signatures[(i + round) % keys.length])),
      )
      expect(results).toEqual(keys.map(() => round === 0))
    }
  })
})
