import {
  type InstitutionId,
  type LedgerError,
  OpeningFormat,
  type Seal,
  SealFormat,
  type SealSignatureEntry,
  type Use,
} from '@cinnabar/core'
import type { Place } from './batch'
import type { Surroundings } from './ports'
import { type BatchRecord, findAll } from './records'

/**
 * Where a use stands that the ledger calls `ALREADY_RECORDED`, if it is the very same use of ours: an earlier append of it
 * landed after all.
 * @returns undefined when the refusal stands.
 */
export async function findRecorded(
  env: Pick<Surroundings, 'ledger' | 'store'>,
  institution: InstitutionId,
  { use, error }: { readonly use: Use; readonly error: LedgerError },
): Promise<Place | undefined> {
  const match = /^(.+)\/(\d+)$/.exec(String(error.details.entry ?? ''))
  if (error.code !== 'ALREADY_RECORDED' || match?.[1] !== institution) return undefined
  const index = Number(match[2])
  const [entry] = await env.ledger.entries(institution, index, index + 1)
  const append = await env.ledger.appendOf(institution, index)
  if (append === undefined || entry === undefined || entry.kind === 'register') return undefined
  if (entry.commitment !== OpeningFormat.digest(use.opening)) return undefined
  const { size, root } = append
  const place = { landing: { institution, size, root }, index, entry }
  if (entry.kind === 'deposit') return place
  const seal = await sealInForce(env, institution, entry)
  return seal && { ...place, seal }
}

/** The record whose digest the entry holds: today's, or that of a batch of ours. */
async function sealInForce(
  { ledger, store }: Pick<Surroundings, 'ledger' | 'store'>,
  institution: InstitutionId,
  entry: SealSignatureEntry,
): Promise<Seal | undefined> {
  const now = (await ledger.seal(institution, entry.seal))?.seal
  const batches = await findAll<BatchRecord>(store, 'batches', 'institution', institution)
  const known = [...(now === undefined ? [] : [now]), ...batches.flatMap(({ value }) => value.seals)]
  return known.find((seal) => SealFormat.digest(seal) === entry.sealRecord)
}
