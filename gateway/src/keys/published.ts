import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '@cinnabar/core'
import { KeyError } from './keeper'

const LIST = join(__dirname, '../../../fixtures/published-keys.json')

/** Digests of the public keys (SubjectPublicKeyInfo) of `fixtures/`: everybody has their private halves. */
export async function publishedKeys(): Promise<ReadonlySet<string>> {
  return new Set<string>(JSON.parse(await readFile(LIST, 'utf8')))
}

/** @throws {@link KeyError} `KEY_PUBLISHED` when everybody has the private half. */
export function requireUnpublished(spki: Uint8Array, published: ReadonlySet<string>): void {
  const digest = digestOf(spki)
  if (!published.has(digest)) return
  throw new KeyError('KEY_PUBLISHED', 'this private key is published in fixtures/', { key: digest })
}
