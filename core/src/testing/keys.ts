import { ecdsaSignatureFromRaw } from '../x509/ecdsa'
import type { Signer } from '../x509/signer'

/** WebCrypto as the tests use it: it makes keys and signs, which core itself never does. */
interface TestSubtle {
  generateKey(algorithm: object, extractable: boolean, uses: readonly string[]): Promise<KeyPair>
  exportKey(format: 'spki' | 'pkcs8', key: object): Promise<ArrayBuffer>
  importKey(
    format: string,
    key: Uint8Array,
    algorithm: object,
    extractable: boolean,
    uses: readonly string[],
  ): Promise<object>
  sign(algorithm: object, key: object, data: Uint8Array): Promise<ArrayBuffer>
}
interface KeyPair {
  readonly publicKey: object
  readonly privateKey: object
}
interface TestCrypto {
  readonly subtle: TestSubtle
  getRandomValues(bytes: Uint8Array): Uint8Array
}
const { crypto } = globalThis as unknown as { readonly crypto: TestCrypto }

const P256 = { name: 'ECDSA', namedCurve: 'P-256' }

/** A private key that can be kept, so that a long-lived network meets the same authorities in each run. */
export interface TestKey {
  readonly signer: Signer
  readonly spki: Uint8Array
  readonly pkcs8: Uint8Array
}

/** A fresh ECDSA P-256 key. */
export async function newKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  return { signer: signerOf(spki, pair.privateKey), spki, pkcs8 }
}

/**
 * A fresh RSA-2048 key.
 * @param padding - of its signatures: PKCS #1 v1.5, or PSS with MGF1 of SHA-256 and 32 bytes of salt.
 */
export async function newRsaKey(padding: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS'): Promise<TestKey> {
  const algorithm = { name: padding, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  const sign = async (message: Uint8Array) =>
    new Uint8Array(await crypto.subtle.sign({ name: padding, saltLength: 32 }, pair.privateKey, message))
  return { signer: { algorithm: 'rsa-pkcs1-sha256', spki, sign }, spki, pkcs8 }
}

/** A key that was kept. */
export async function savedKey(spki: Uint8Array, pkcs8: Uint8Array): Promise<TestKey> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, P256, true, ['sign'])
  return { signer: signerOf(spki, key), spki, pkcs8 }
}

/** Random bytes, for ids, salts and serial numbers. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}

function signerOf(spki: Uint8Array, key: object): Signer {
  return { algorithm: 'ecdsa-p256-sha256', spki, sign: (message) => signWith(key, 'SHA-256', message) }
}

async function signWith(key: object, hash: string, message: Uint8Array): Promise<Uint8Array> {
  return ecdsaSignatureFromRaw(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash }, key, message)))
}

/** A signature by an ECDSA key and a digest of one's choice, such as SHA-1, by which nothing of ours signs. */
export async function signBy({ pkcs8 }: TestKey, hash: string, message: Uint8Array): Promise<Uint8Array> {
  return signWith(await crypto.subtle.importKey('pkcs8', pkcs8, P256, true, ['sign']), hash, message)
}
