import { CodedError, type Signer } from '@cinnabar/core'

export class KeyError extends CodedError<'KEY_UNKNOWN' | 'KEY_UNREADABLE'> {}

/** Holds private keys; they never leave it. */
export interface KeyKeeper {
  /** Makes an ECDSA P-256 key for the purpose, for instance `agency/seal/official`. @returns its id. */
  create(purpose: string): Promise<string>
  /** @throws {@link KeyError} `KEY_UNKNOWN`; `KEY_UNREADABLE` when the key-encryption key is another. */
  signer(keyId: string): Promise<Signer>
}
