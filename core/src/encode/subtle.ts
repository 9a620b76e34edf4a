/**
 * WebCrypto as core uses it. The same object exists in Node, in browsers and in the chaincode's process;
 * it is typed here so that core needs neither the DOM's nor Node's types.
 */
export interface PublicKey {
  readonly type: string
}

type Algorithm = Readonly<Record<string, unknown>>

export interface Subtle {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>
  importKey(
    format: 'spki',
    key: Uint8Array,
    algorithm: Algorithm,
    extractable: boolean,
    uses: readonly string[],
  ): Promise<PublicKey>
  verify(algorithm: Algorithm, key: PublicKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>
}

/** Node's one-shot digest: at once, and by the processor's own instructions. */
export interface HashAtOnce {
  (algorithm: string, bytes: Uint8Array, encoding: 'buffer'): Uint8Array
  (algorithm: string, bytes: Uint8Array, encoding: 'hex'): string
}

/** Node's digest in steps. */
export interface RunningHash {
  update(bytes: Uint8Array): RunningHash
  /** As it stands; the two go on apart. */
  copy(): RunningHash
  digest(encoding: 'buffer'): Uint8Array
  digest(encoding: 'hex'): string
}

/** Node's key object of a {@link PublicKey}. */
export interface KeyObject {
  readonly asymmetricKeyType?: string
}

interface NodeCrypto {
  readonly hash?: HashAtOnce
  createHash(algorithm: string): RunningHash
  readonly KeyObject: { from(key: PublicKey): KeyObject }
  verify(digest: string, bytes: Uint8Array, key: NodeVerifyKey, signature: Uint8Array): boolean
  verify(digest: string, bytes: Uint8Array, key: NodeVerifyKey, signature: Uint8Array, answer: Answer<boolean>): void
}

type Answer<T> = (error: Error | null, found: T) => void

interface NodeVerifyKey {
  readonly key: KeyObject
  readonly dsaEncoding: 'ieee-p1363'
}

interface NodeZlib {
  /** From Node 20.15. */
  readonly crc32?: (bytes: Uint8Array) => number
}

interface NodeModules {
  readonly 'node:crypto': NodeCrypto
  readonly 'node:zlib': NodeZlib
}

interface Platform {
  readonly crypto?: { readonly subtle?: Subtle }
  readonly process?: { getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined }
}

/**
 * The platform's WebCrypto.
 * @throws Error when there is none: a page has WebCrypto only over HTTPS, on localhost or from disk.
 */
export function subtle(): Subtle {
  const found = (globalThis as unknown as Platform).crypto?.subtle
  if (found === undefined) throw new Error('WebCrypto is missing: open the page over HTTPS, on localhost or from disk')
  return found
}

/** The platform's digest that needs no waiting, where there is one: browsers have none. */
export function hashAtOnce(): HashAtOnce | undefined {
  return nodeCrypto()?.hash
}

/**
 * A hash that takes its input in steps, where the platform has one: browsers have none.
 * @param algorithm - as WebCrypto names it: `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`.
 */
export function runningHash(algorithm: string): RunningHash | undefined {
  return nodeCrypto()?.createHash(algorithm.replace('-', '').toLowerCase())
}

let verifiesAtOnce = false

/**
 * For a process that only verifies, and many at a time, as a chaincode server does: there handing an ECDSA signature to
 * another thread costs as much as verifying it, so that from now on this process verifies them where it stands. Others
 * do better to go on meanwhile. Without effect where the platform is not Node.
 */
export function verifySignaturesAtOnce(): void {
  verifiesAtOnce = true
}

const node = nodeCrypto()
const nodeKeys = new WeakMap<PublicKey, KeyObject>()

function nodeKeyOf(publicKey: PublicKey, { KeyObject }: NodeCrypto): KeyObject {
  const key = nodeKeys.get(publicKey) ?? KeyObject.from(publicKey)
  nodeKeys.set(publicKey, key)
  return key
}

/**
 * Verifies ECDSA; `signature` is r and s, as in IEEE P1363. By WebCrypto in browsers; in Node by its own call, which is handed
 * to another thread with less ado, or at once where {@link verifySignaturesAtOnce} was said.
 * @param digest - as WebCrypto and OpenSSL both call it: `SHA-256`, `SHA-384` or `SHA-512`.
 */
export function verifyEcdsaSignature(
  digest: string,
  bytes: Uint8Array,
  publicKey: PublicKey,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  if (node === undefined) return subtle().verify({ name: 'ECDSA', hash: digest }, publicKey, signature, bytes)
  const key: NodeVerifyKey = { key: nodeKeyOf(publicKey, node), dsaEncoding: 'ieee-p1363' }
  if (verifiesAtOnce) return node.verify(digest, bytes, key, signature)
  return new Promise((resolve, reject) => {
    node.verify(digest, bytes, key, signature, (error, valid) => (error === null ? resolve(valid) : reject(error)))
  })
}

/** The platform's CRC-32, where it has one: browsers have none. */
export function platformCrc32(): ((bytes: Uint8Array) => number) | undefined {
  return (globalThis as unknown as Platform).process?.getBuiltinModule?.('node:zlib')?.crc32
}

function nodeCrypto(): NodeCrypto | undefined {
  return (globalThis as unknown as Platform).process?.getBuiltinModule?.('node:crypto')
}
