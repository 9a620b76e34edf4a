import { createHash } from 'node:crypto'
import { type InstitutionId, toHex } from '@cinnabar/core'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'

/** What an Idempotency-Key stands for. */
export interface KeyRecord {
  /** UTC, `YYYY-MM-DD`: when it came first. */
  readonly day: string
  /** The id of what the first request made. */
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

/** A new id: 12 hexadecimal digits of the time in milliseconds, so that ids sort by it, and 20 random ones. */
export function newId({ clock, randomBytes }: Pick<Surroundings, 'clock' | 'randomBytes'>): string {
  return `${clock.now().getTime().toString(16).padStart(12, '0')}${toHex(randomBytes(10))}`
}

/**
 * The id of what an Idempotency-Key stands for: the same user's same key always names the same thing, also while the first
 * request is under way and after a crash, for as long as keys are kept.
 * @throws {@link NotarizeError} `IDEMPOTENCY_KEY_REUSED` when it came with another request before.
 */
export async function idForKey(
  env: Pick<Surroundings, 'store' | 'clock' | 'randomBytes'>,
  { institution, user, key, asked }: Keyed,
): Promise<string> {
  const id = hash(JSON.stringify([institution, user, key]))
  const mine: KeyRecord = { day: dayOf(env.clock.now()), job: newId(env), request: hash(JSON.stringify(asked)) }
  if (await env.store.insert('requestKeys', id, mine)) return mine.job
  const first = await env.store.get<KeyRecord>('requestKeys', id)
  if (first?.value.request === mine.request) return first.value.job
  throw new NotarizeError('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key came with another request')
}

/** The UTC date, `YYYY-MM-DD`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
