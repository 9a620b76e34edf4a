import { createDecipheriv, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Something that must be in no log. */
export interface Secret {
  /** For people. */
  readonly what: string
  readonly text: string
}

/** A key as the gateway's store keeps it: AES-256-GCM under the key-encryption key. */
export interface KeptKey {
  readonly id: string
  readonly purpose: string
  readonly nonce: string
  readonly sealed: string
}

/** The secrets that stand in for every text in which one could slip out: as it is, hexadecimal, base64 and base64url. */
export function spellings(what: string, bytes: Uint8Array): readonly Secret[] {
  const buffer = Buffer.from(bytes)
  return (['hex', 'base64', 'base64url'] as const).map((encoding) => ({
    what: `${what}, ${encoding}`,
    text: buffer.toString(encoding).replace(/=+$/, ''),
  }))
}

/** The private halves of the kept keys: the scalar of each, as only this data folder's key-encryption key opens it. */
export async function privateKeys(data: string, keys: readonly KeptKey[]): Promise<readonly Secret[]> {
  const kek = Buffer.from((await readFile(join(data, 'kek'), 'utf8')).trim(), 'hex')
  return keys.flatMap(({ id, purpose, nonce, sealed }) => {
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', kek, Buffer.from(nonce, 'base64'))
    decipher.setAAD(Buffer.from(`cinnabar.key.v1\n${id}\n${purpose}`))
    decipher.setAuthTag(bytes.subarray(-16))
    const der = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
    const { d = '' } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
    return spellings(`private key ${purpose}`, Buffer.from(d, 'base64url'))
  })
}

/** The secrets that are in the text, by what they are. A secret too short to be told from chance is a fault of the caller's. */
export function foundIn(text: string, secrets: readonly Secret[]): readonly string[] {
  const short = secrets.find((one) => one.text.length < 10)
  if (short !== undefined) throw new RangeError(`${short.what} is too short to search for`)
  return secrets.filter((one) => text.includes(one.text)).map(({ what }) => what)
}
