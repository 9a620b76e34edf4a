import { fromBase64 } from '@cinnabar/core'
import { findAll } from '../notarize/records'
import type { Store } from '../store/store'
import type { StoredKey } from './file-keeper'

/** A key as it is kept, without its private half. */
export interface KeptKey {
  readonly purpose: string
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array
}

/** The keys kept for an institution, or for `node`. */
export async function keptKeys(store: Store, institution: string): Promise<readonly KeptKey[]> {
  const found = await findAll<StoredKey>(store, 'keys', 'institution', institution)
  return found.map(({ value: { purpose, spki } }) => ({ purpose, spki: fromBase64(spki) }))
}
