import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { ecdsaSignatureFromRaw, type Signer, toBase64 } from '@cinnabar/core'
import type { Store } from '../store/store'
import { KeyError, type KeyKeeper } from './keeper'
import { requireUnpublished } from './published'
import { type Boxed, secretBox } from './secret-box'

/** A key at rest: its PKCS #8, encrypted. */
export interface StoredKey extends Boxed {
  /** First part of the purpose. */
  readonly institution: string
  readonly purpose: string
  readonly algorithm: Signer['algorithm']
  /** Base64, DER SubjectPublicKeyInfo. */
  readonly spki: string
}

/** What a {@link KeyKeeper} in the store needs. */
export interface KeeperOptions {
  readonly store: Store
  /** Key-encryption key, 32 bytes. */
  readonly kek: Uint8Array
  /** Digests of public keys (SubjectPublicKeyInfo) whose private halves are public. */
  readonly published: ReadonlySet<string>
}

/**
 * Keeps keys in the store, encrypted; the ciphertext is bound to the key's id and purpose, so that no key can be put in
 * another's place. Decrypted keys live in this process's memory only.
 */
export function openKeyKeeper({ store, kek, published }: KeeperOptions): KeyKeeper {
  const signers = new Map<string, Promise<Signer>>()
  const keep = async (purpose: string, key: KeyObject): Promise<string> => {
    const id = randomBytes(16).toString('hex')
    const record = encrypt({ id, purpose, key, kek, published })
    if (!(await store.insert('keys', id, record))) throw new KeyError('KEY_UNREADABLE', `key id ${id} is taken`)
    return id
  }
  const load = async (id: string): Promise<Signer> => {
    const found = await store.get<StoredKey>('keys', id)
    if (found === undefined) throw new KeyError('KEY_UNKNOWN', `no key ${id}`, { id })
    const key = decrypt(id, found.value, kek)
    return signerOf(key, spkiOf(key, published))
  }
  return {
    async create(purpose) {
      const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
      return keep(purpose, privateKey)
    },
    import: async (purpose, pkcs8) => keep(purpose, importable(pkcs8)),
    signer(id) {
      const known = signers.get(id)
      if (known !== undefined) return known
      const loading = load(id)
      signers.set(id, loading)
      loading.catch(() => signers.delete(id))
      return loading
    },
  }
}

/** @throws {@link KeyError} `KEY_UNSUPPORTED` unless it is a key that {@link signerOf} signs with. */
function importable(pkcs8: Uint8Array): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    algorithmOf(key)
    return key
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    throw new KeyError('KEY_UNSUPPORTED', 'not a private key in PKCS #8', {}, cause)
  }
}

function algorithmOf(key: KeyObject): Signer['algorithm'] {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ecdsa-p256-sha256'
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192) return 'rsa-pkcs1-sha256'
  throw new KeyError('KEY_UNSUPPORTED', 'expected ECDSA P-256, or RSA of 2048 to 8192 bits', { modulusLength })
}

function spkiOf(key: KeyObject, published: ReadonlySet<string>): Uint8Array {
  const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }))
  requireUnpublished(spki, published)
  return spki
}

function boundTo(id: string, purpose: string): string {
  return `cinnabar.key.v1\n${id}\n${purpose}`
}

interface NewKey extends Omit<KeeperOptions, 'store'> {
  readonly id: string
  readonly purpose: string
  readonly key: KeyObject
}

function encrypt({ id, purpose, key, kek, published }: NewKey): StoredKey {
  const spki = toBase64(spkiOf(key, published))
  const plain = key.export({ format: 'der', type: 'pkcs8' })
  const boxed = secretBox(kek).seal(boundTo(id, purpose), plain)
  plain.fill(0)
  return { institution: purpose.split('/')[0], purpose, algorithm: algorithmOf(key), spki, ...boxed }
}

function decrypt(id: string, { purpose, ...boxed }: StoredKey, kek: Uint8Array): KeyObject {
  try {
    const plain = Buffer.from(secretBox(kek).open(boundTo(id, purpose), boxed))
    const key = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' })
    plain.fill(0)
    return key
  } catch (cause) {
    throw new KeyError('KEY_UNREADABLE', `key ${id} was encrypted under another key, or changed`, { id }, cause)
  }
}

/**
 * A P-256 signature takes 33 µs: a hand-over to another thread costs a lone request more than it spares the event loop.
 * An RSA signature takes milliseconds and is always handed over.
 */
function signerOf(key: KeyObject, spki: Uint8Array): Signer {
  const algorithm = algorithmOf(key)
  if (algorithm === 'ecdsa-p256-sha256') {
    return {
      algorithm,
      spki,
      sign: async (message) => ecdsaSignatureFromRaw(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })),
    }
  }
  return {
    algorithm,
    spki,
    sign: (message) =>
      new Promise((resolve, reject) =>
        sign('sha256', message, key, (error, signature) =>
          error === null ? resolve(new Uint8Array(signature)) : reject(error),
        ),
      ),
  }
}
