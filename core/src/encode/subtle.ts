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

interface NodeCrypto {
  readonly hash?: HashAtOnce
  createHash(algorithm: string): RunningHash
}

interface Platform {
  readonly crypto?: { readonly subtle?: Subtle }
  readonly process?: { getBuiltinModule?(name: string): NodeCrypto | undefined }
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

/** A SHA-256 that takes its input in steps, where the platform has one: browsers have none. */
export function runningSha256(): RunningHash | undefined {
  return nodeCrypto()?.createHash('sha256')
}

function nodeCrypto(): NodeCrypto | undefined {
  return (globalThis as unknown as Platform).process?.getBuiltinModule?.('node:crypto')
}
