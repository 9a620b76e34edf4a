import {
  type Digest,
  digestOf,
  type EvidenceContents,
  fromBase64,
  type InstitutionId,
  prepareEvidence,
  type Receipt,
  type Time,
  timeOf,
  toBase64,
  writeEvidence,
} from '@cinnabar/core'
import type { Stored } from '../store/store'
import type { Surroundings } from './ports'
import { timestamp } from './timestamp'

/**
 * How a container of evidence was closed: with it the same bytes are made again, so that a record that is unchanged since costs
 * one timestamp and one round of attestations, however often and by whomever it is asked for. A few kilobytes, one for each
 * record and choice of members; the next one takes its place.
 */
export interface ClosingRecord {
  readonly institution: InstitutionId
  readonly created: Time
  /** Of a use: as they stood, with the register's word as of the last one's size of the log. */
  readonly receipts: readonly Receipt[]
  /** Of the manifest that the token is over. */
  readonly manifest: Digest
  /** RFC 3161 TimeStampToken, DER, base64. */
  readonly token: string
}

/** What a container is closed with. */
export interface Closing {
  readonly key: string
  readonly institution: InstitutionId
  readonly kept: Stored<ClosingRecord> | undefined
  readonly receipts: readonly Receipt[]
  /** All that goes in, but for the moment that the container says it was made. */
  readonly contents: (created: Time) => EvidenceContents
}

/** The closing kept of a record. */
export function keptClosing(
  { store }: Pick<Surroundings, 'store'>,
  key: string,
): Promise<Stored<ClosingRecord> | undefined> {
  return store.get<ClosingRecord>('closings', key)
}

/**
 * The container, an ASiC-E: by the kept token where everything in it is as it was, else by a new one, which is kept.
 * Where no authority answers it goes without an assertion, since every fact in it stands by itself.
 * @throws EvidenceError as `writeEvidence` does.
 */
export async function closedOnce(env: Surroundings, closing: Closing): Promise<Uint8Array> {
  const { institution, kept, contents } = closing
  if (kept !== undefined) {
    const again = prepareEvidence(contents(kept.value.created))
    if (digestOf(again.manifest) === kept.value.manifest) return again.close(fromBase64(kept.value.token))
  }
  const created = timeOf(env.clock.now())
  const prepared = prepareEvidence(contents(created))
  let token: Uint8Array
  try {
    token = await timestamp(env, institution, prepared.manifest)
  } catch (error) {
    env.report({ step: 'preserve', institution, error })
    return writeEvidence(contents(created))
  }
  await keep(env, closing, { created, manifest: digestOf(prepared.manifest), token: toBase64(token) })
  return prepared.close(token)
}

/** The container is good without being kept: then the next one who asks has it closed again. */
async function keep(
  env: Surroundings,
  { key, institution, kept, receipts }: Closing,
  made: Pick<ClosingRecord, 'created' | 'manifest' | 'token'>,
): Promise<void> {
  const record: ClosingRecord = { institution, receipts, ...made }
  try {
    // Whoever closed the same record meanwhile did it as well.
    if (kept === undefined) await env.store.insert('closings', key, record)
    else await env.store.replace('closings', key, kept.version, record)
  } catch (error) {
    env.report({ step: 'preserve', institution, error })
  }
}
