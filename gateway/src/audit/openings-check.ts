import {
  type Digest,
  type LogEntry,
  OpeningFormat,
  parseToken,
  type RebuiltLedger,
  type RebuiltLog,
  type SealSignatureEntry,
  type Time,
  TimestampError,
} from '@cinnabar/core'
import { findAll, type SealSignatureRecord } from '../notarize/records'
import type { Store } from '../store/store'
import type { Findings } from './findings'

/** How many entries could be opened: what they commit to was at hand. */
export interface OpeningsChecked {
  readonly opened: number
  readonly unopened: number
}

/** A use with its id, as stores keep it. */
export interface KeptUse {
  readonly id: string
  readonly record: SealSignatureRecord
}

/** Every use in these stores, by its commitment. */
export async function openingsIn(
  stores: readonly Store[],
  { logs }: RebuiltLedger,
): Promise<ReadonlyMap<Digest, KeptUse>> {
  const found = new Map<Digest, KeptUse>()
  for (const store of stores) {
    for (const { institution } of logs) {
      const kept = await findAll<SealSignatureRecord>(store, 'sealSignatures', 'institution', institution)
      for (const { id, value } of kept) found.set(OpeningFormat.digest(value.use.opening), { id, record: value })
    }
  }
  return found
}

/** Compares each entry of a seal's use with what it commits to, where that is at hand. */
export function checkOpenings(
  openings: ReadonlyMap<Digest, KeptUse>,
  { logs }: RebuiltLedger,
  findings: Findings,
): OpeningsChecked {
  let opened = 0
  let unopened = 0
  for (const [log, index, entry] of usesIn(logs)) {
    const kept = openings.get(entry.commitment)
    if (kept === undefined) unopened++
    else {
      opened++
      if (!isOpenedBy(entry, kept)) {
        const where = { institution: log.institution, index, sealSignature: kept.id }
        findings.note('OPENING_DIFFERS', where)
      }
    }
  }
  return { opened, unopened }
}

/** Every entry of a seal's use, with its place. */
export function* usesIn(logs: readonly RebuiltLog[]): Generator<readonly [RebuiltLog, number, SealSignatureEntry]> {
  for (const log of logs) {
    for (let index = 0; index < log.size; index++) {
      const entry: LogEntry | undefined = log.entry(index)
      if (entry?.kind === 'sealSignature') yield [log, index, entry]
    }
  }
}

/** The commitment's preimage says what the public entry says, and the token is of that time. */
function isOpenedBy(entry: SealSignatureEntry, { record: { use } }: KeptUse): boolean {
  const { certificate, institution, seal } = use.opening
  const same = certificate === entry.certificate && institution === entry.institution && seal === entry.seal
  return same && tokenTimeOf(use.token) === entry.tokenTime
}

function tokenTimeOf(token: string): Time | undefined {
  try {
    return parseToken(Buffer.from(token, 'base64')).genTimeText as Time
  } catch (refusal) {
    if (refusal instanceof TimestampError) return undefined
    throw refusal
  }
}
