import { CodedError, type Signer } from '@cinnabar/core'

/**
 * `KEY_UNSUPPORTED`: not ECDSA P-256 or RSA of 2048 to 8192 bits. `KEY_PUBLISHED`: a key of `fixtures/`, which anybody
 * has. `KEK_INVALID`: the file with the key-encryption key is missing, malformed or readable by others.
 */
export class KeyError extends CodedError<
  'KEY_UNKNOWN' | 'KEY_UNREADABLE' | 'KEY_UNSUPPORTED' | 'KEY_PUBLISHED' | 'KEK_INVALID'
> {}

/** Holds private keys; they never leave it. */
export interface KeyKeeper {
  /** Makes an ECDSA P-256 key for the purpose, for instance `agency/seal/official`. @returns its id. */
  create(purpose: string): Promise<string>
  /**
   * Takes over a key made elsewhere.
   * @param pkcs8 - DER PrivateKeyInfo of an ECDSA P-256 or RSA key.
   * @returns its id.
   * @throws {@link KeyError} `KEY_UNSUPPORTED`, `KEY_PUBLISHED`.
   */
  import(purpose: string, pkcs8: Uint8Array): Promise<string>
  /** @throws {@link KeyError} `KEY_UNKNOWN`; `KEY_UNREADABLE` when the key-encryption key is another; `KEY_PUBLISHED`. */
  signer(keyId: string): Promise<Signer>
}
