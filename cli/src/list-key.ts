import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { ecdsaSignatureFromRaw, type Signer } from '@cinnabar/core'
import { CliError } from './cli-error'
import { readInput } from './input-file'
import type { Surroundings } from './surroundings'

/** A private key of an operator of trust lists, at rest and at work. */
export interface ListKey {
  /** PKCS #8 under PBES2 (AES-256-CBC), PEM. */
  readonly pem: string
  readonly signer: Signer
}

const MAX_KEY_BYTES = 16_384

/** A new key on P-256, under a passphrase. */
export function newListKey(passphrase: string): ListKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  return { pem: String(pem), signer: signerOf(privateKey) }
}

/** The file's text, once it is known to need a passphrase. @throws {@link CliError} `LIST_KEY_NOT_ENCRYPTED`, `LIST_KEY_INVALID`. */
export async function readListKey(path: string, surroundings: Surroundings): Promise<string> {
  const text = Buffer.from(await readInput(path, MAX_KEY_BYTES, surroundings)).toString('latin1')
  if (/-----BEGIN (?:EC )?PRIVATE KEY-----/.test(text)) throw new CliError('LIST_KEY_NOT_ENCRYPTED', { path })
  if (!text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) throw new CliError('LIST_KEY_INVALID', { path })
  return text
}

/** Opens what {@link readListKey} read. @throws {@link CliError} `PASSPHRASE_WRONG`; `LIST_KEY_INVALID` for a key of another kind. */
export function openListKey(pem: string, passphrase: string, path: string): Signer {
  const key = opened(pem, passphrase, path)
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new CliError('LIST_KEY_INVALID', { path })
  }
  return signerOf(key)
}

function opened(pem: string, passphrase: string, path: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase })
  } catch (cause) {
    throw new CliError('PASSPHRASE_WRONG', { path }, cause)
  }
}

function signerOf(key: KeyObject): Signer {
  return {
    algorithm: 'ecdsa-p256-sha256',
    spki: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' })),
    sign: async (message) => ecdsaSignatureFromRaw(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })),
  }
}
