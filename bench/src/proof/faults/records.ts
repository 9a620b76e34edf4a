import {
  type InstitutionId,
  type LogEntry,
  OpeningFormat,
  type Receipt,
  type SealSignatureOpening,
} from '@cinnabar/core'
import { createLogger, type Node, openNode, readConfig, systemClock } from '@cinnabar/gateway'
import type { LoggedUse, StoredUse } from './reckoning'

/** What a stopped service left: its store's uses, and the logs of the institutions as a peer has them. */
export interface Records {
  readonly stored: readonly StoredUse[]
  readonly logged: readonly LoggedUse[]
}

/** What of the store's records is looked at. */
interface UseRecord {
  readonly job: string
  readonly use: { readonly opening: SealSignatureOpening }
  readonly receipts: readonly Receipt[]
}

const PAGE = 500

/** Opens a stopped service's data folder, and reads store and ledger through the service's own ports. */
export async function readRecords(env: Readonly<Record<string, string>>): Promise<Records> {
  const log = createLogger('error', systemClock, () => undefined)
  const node = await openNode(readConfig(env), { clock: systemClock, log, publicUrl: 'http://127.0.0.1:8080' })
  try {
    const institutions = (await node.env.ledger.institutions()).map(({ id }) => id)
    const stored: StoredUse[] = []
    const logged: LoggedUse[] = []
    for (const id of institutions) {
      stored.push(...(await storedUses(node, id)))
      logged.push(...(await loggedUses(node, id)))
    }
    return { stored, logged }
  } finally {
    await node.close()
  }
}

async function storedUses({ env: { store } }: Node, institution: InstitutionId): Promise<readonly StoredUse[]> {
  const uses: StoredUse[] = []
  for (let after = ''; ; ) {
    const query = { field: 'institution', equals: institution, after, limit: PAGE }
    const page = await store.find<UseRecord>('sealSignatures', query)
    uses.push(...page.map(({ value }) => storedUse(institution, value)))
    if (page.length < PAGE) return uses
    after = page[page.length - 1].id
  }
}

function storedUse(institution: string, { job, use, receipts }: UseRecord): StoredUse {
  const [receipt] = receipts
  const commitment = OpeningFormat.digest(use.opening)
  return { institution, job, commitment, ...(receipt === undefined ? {} : { index: receipt.index }) }
}

async function loggedUses({ env: { ledger } }: Node, institution: InstitutionId): Promise<readonly LoggedUse[]> {
  const { size } = await ledger.head(institution)
  const uses: LoggedUse[] = []
  for (let from = 0; from < size; from += PAGE) {
    const entries = await ledger.entries(institution, from, Math.min(from + PAGE, size))
    uses.push(...entries.flatMap((entry, i) => loggedUse(entry, from + i)))
  }
  return uses
}

function loggedUse(entry: LogEntry, index: number): readonly LoggedUse[] {
  if (entry.kind !== 'sealSignature') return []
  const { institution, seal, useNumber, commitment } = entry
  return [{ institution, index, seal, useNumber, commitment }]
}
