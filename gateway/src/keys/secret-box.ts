import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { fromBase64, toBase64, utf8 } from '@cinnabar/core'
import { KeyError } from './keeper'

/** Something secret at rest, under AES-256-GCM. */
export interface Boxed {
  /** Base64, 12 bytes, drawn for this secret alone. */
  readonly nonce: string
  /** Base64: the ciphertext, then the 16 bytes of the tag. */
  readonly sealed: string
}

/** Encrypts what is kept in the store under the key-encryption key. */
export interface SecretBox {
  /** @param boundTo - what the secret is of: it opens under the same text alone, so that none can be put in another's place. */
  seal(boundTo: string, plain: Uint8Array): Boxed
  /** @throws {@link KeyError} `KEY_UNREADABLE` when it was sealed under another key or for something else, or changed. */
  open(boundTo: string, boxed: Boxed): Uint8Array
}

const TAG_BYTES = 16

/** @param kek - 32 bytes. */
export function secretBox(kek: Uint8Array): SecretBox {
  return {
    seal(boundTo, plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', kek, nonce)
      cipher.setAAD(utf8(boundTo))
      const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      return { nonce: toBase64(nonce), sealed: toBase64(sealed) }
    },
    open(boundTo, { nonce, sealed }) {
      try {
        const bytes = fromBase64(sealed)
        const decipher = createDecipheriv('aes-256-gcm', kek, fromBase64(nonce), { authTagLength: TAG_BYTES })
        decipher.setAAD(utf8(boundTo))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]))
      } catch (cause) {
        throw new KeyError('KEY_UNREADABLE', 'a secret was encrypted under another key, or changed', {}, cause)
      }
    },
  }
}
