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

interface Platform {
  readonly crypto?: { readonly subtle?: Subtle }
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
