import {
  type Digest,
  type InstitutionId,
  type Salt,
  type SealSignatureId,
  type Time,
  timeOf,
  toHex,
} from '@cinnabar/core'
import {
  type DepositJobRecord,
  type DepositPartRecord,
  type DepositRecord,
  fileKey,
  PART_DEPOSITS,
} from './deposit-records'
import { idForKey, newId } from './idempotency'
import type { Surroundings } from './ports'
import type { Identified } from './receive'

/** At most so many files in one request. */
export const MAX_DEPOSITS = 10_000

/** Files to be deposited, by digest: the files themselves stay where they are. */
export interface DepositRequest {
  readonly institution: InstitutionId
  readonly user: string
  /** 1 to {@link MAX_DEPOSITS}. */
  readonly files: readonly { readonly digest: Digest; readonly name?: string }[]
}

/** @throws as {@link idForKey} does. */
export async function depositJobIdFor(env: Surroundings, request: DepositRequest, key?: string): Promise<string> {
  if (key === undefined) return newId(env)
  const { institution, user, files } = request
  const asked = ['deposit', ...files.map(({ digest, name }) => [digest, name ?? ''])]
  return idForKey(env, { institution, user, key, asked })
}

/**
 * Writes a request down: its deposits and parts first, under random ids that nothing names, and last the job that names
 * them. From that moment on it is acknowledged and will be carried out.
 * @returns the job in force: an earlier one, if the same request had come before.
 */
export async function takeDeposits(
  { store, clock, randomBytes }: Surroundings,
  { institution, user, files }: DepositRequest,
  job: string,
): Promise<{ readonly job: Identified<DepositJobRecord>; readonly isNew: boolean }> {
  const receivedAt = timeOf(clock.now()) as Time
  const parts: Identified<DepositPartRecord>[] = []
  const deposits: Identified<DepositRecord>[] = []
  for (let at = 0; at < files.length; at += PART_DEPOSITS) {
    const some = files.slice(at, at + PART_DEPOSITS)
    const part = toHex(randomBytes(16))
    // One call for all: each has a cost of its own.
    const random = randomBytes(some.length * 48)
    const mine = some.map(({ digest, name }, position): Identified<DepositRecord> & { readonly salt: Salt } => ({
      id: toHex(random.subarray(position * 48, position * 48 + 16)),
      salt: toHex(random.subarray(position * 48 + 16, position * 48 + 48)) as Salt,
      value: { institution, job, part, position, digest, file: fileKey(institution, digest), ...(name && { name }) },
    }))
    deposits.push(...mine.map(({ id, value }) => ({ id, value })))
    const items = mine.map(({ id, salt, value }) => ({ id: id as SealSignatureId, digest: value.digest, salt }))
    const times = { received: receivedAt }
    parts.push({ id: part, value: { institution, job, state: 'received', deposits: items, batches: [], times } })
  }
  await Promise.all([store.insertMany('deposits', deposits), store.insertMany('depositParts', parts)])
  const value: DepositJobRecord = {
    institution,
    requestedBy: user,
    receivedAt,
    count: files.length,
    parts: parts.map(({ id }) => id),
  }
  if (await store.insert('depositJobs', job, value)) return { job: { id: job, value }, isNew: true }
  const first = await store.get<DepositJobRecord>('depositJobs', job)
  return { job: { id: job, value: first?.value ?? value }, isNew: false }
}
