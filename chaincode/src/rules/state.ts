import type { Digest, InstitutionId, SealId } from '@cinnabar/core'

/**
 * The world state as the rules see it during one transaction: what was committed before it. A write is not visible to
 * reads of the same transaction (as on Fabric), so the rules never read what they wrote.
 */
export interface State {
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, value: Uint8Array): Promise<void>
  /** Keys from `start` (inclusive) to `end` (exclusive), ascending. */
  range(start: string, end: string): AsyncIterable<readonly [key: string, value: Uint8Array]>
}

/** Sizes in keys have 16 digits, so that keys sort as numbers do; 2^53 - 1 has 16. */
export function padSize(size: number): string {
  return String(size).padStart(16, '0')
}

/** FORMAT.md section 5: one function for each kind of key. Ids hold no `/`, so keys cannot run into each other. */
export const KEY = {
  institution: (id: InstitutionId) => `institution/${id}`,
  institutionAt: (id: InstitutionId, size: number) => `institution-at/${id}/${padSize(size)}`,
  certificate: (id: InstitutionId, certificate: Digest) => `certificate/${id}/${certificate}`,
  certificateAt: (id: InstitutionId, certificate: Digest, size: number) =>
    `certificate-at/${id}/${certificate}/${padSize(size)}`,
  /** Of a registered seal certificate: SHA-256 of its SubjectPublicKeyInfo. */
  sealKey: (id: InstitutionId, spki: Digest) => `seal-key/${id}/${spki}`,
  seal: (id: InstitutionId, seal: SealId) => `seal/${id}/${seal}`,
  sealAt: (id: InstitutionId, seal: SealId, size: number) => `seal-at/${id}/${seal}/${padSize(size)}`,
  tsa: (id: InstitutionId, certificate: Digest) => `tsa/${id}/${certificate}`,
  der: (certificate: Digest) => `der/${certificate}`,
  uses: (id: InstitutionId, seal: SealId) => `uses/${id}/${seal}`,
  use: (hex: string) => `use/${hex}`,
  log: (id: InstitutionId) => `log/${id}`,
  append: (id: InstitutionId, size: number) => `append/${id}/${padSize(size)}`,
} as const

/** The ledger's event of every append, where it has events; its payload is the append's record. */
export const APPEND_EVENT = 'append'

/** All values whose keys begin with `prefix`, which ends in `/`. */
export async function valuesUnder(state: State, prefix: string): Promise<readonly Uint8Array[]> {
  const values: Uint8Array[] = []
  for await (const [, value] of state.range(prefix, afterPrefix(prefix))) values.push(value)
  return values
}

/** The first value whose key is `start` or more and begins with `prefix`, which ends in `/`. */
export async function firstFrom(state: State, start: string, prefix: string): Promise<Uint8Array | undefined> {
  for await (const [, value] of state.range(start, afterPrefix(prefix))) return value
  return undefined
}

/** The last value of the records kept for each size under `prefix`, of those written at `size` or before. */
export async function lastUpTo(state: State, prefix: string, size: number): Promise<Uint8Array | undefined> {
  let last: Uint8Array | undefined
  for await (const [, value] of state.range(prefix, `${prefix}${padSize(size + 1)}`)) last = value
  return last
}

/** `0` is the character after `/`. */
function afterPrefix(prefix: string): string {
  return `${prefix.slice(0, -1)}0`
}
