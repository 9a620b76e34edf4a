import { createHash } from 'node:crypto'
import { type InstitutionId, toHex } from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'

interface KeyRecord {
  readonly job: string
  /** SHA-256 of what was asked for. */
  readonly request: string
}

/** Who sent which Idempotency-Key with what. */
export interface Keyed {
  readonly institution: InstitutionId
  readonly user: string
  readonly key: string
  /** All that was asked for, in an order that never changes. */
  readonly asked: readonly unknown[]
}

/**
 * The job that an Idempotency-Key stands for: the same user's same key always names the same job.
 * @throws {@link NotarizeError} `IDEMPOTENCY_KEY_REUSED` when it came with another request before.
 */
export async function jobIdOf(
  { store, randomBytes }: Pick<Surroundings, 'store' | 'randomBytes'>,
  { institution, user, key, asked }: Keyed,
): Promise<string> {
  const id = `idempotency/${hash(JSON.stringify([institution, user, key]))}`
  const mine: KeyRecord = { job: toHex(randomBytes(16)), request: hash(JSON.stringify(asked)) }
  if (await store.insert('settings', id, mine)) return mine.job
  const first = await store.get<KeyRecord>('settings', id)
  if (first?.value.request === mine.request) return first.value.job
  throw new NotarizeError('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key came with another request')
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
