import {
  type Digest,
  digestFromBytes,
  digestOf,
  EntryFormat,
  equal,
  FormatError,
  fromBase64,
  type InstitutionId,
  inclusionProof,
  type LogEntry,
  OpeningFormat,
  peerWordOf,
  type RebuiltLedger,
  type RebuiltLog,
  type Receipt,
  ReceiptFormat,
  SealFormat,
  type Statement,
  type Trust,
  type Where,
} from '@cinnabar/core'
import { type BatchRecord, findAll, type SealSignatureRecord } from '../notarize/records'
import type { Collection, Store } from '../store/store'
import type { Findings } from './findings'
import { checkMirror } from './mirror-check'

/** What a store is compared with. */
export interface StoreCheckOptions {
  readonly ledger: RebuiltLedger
  readonly trust: Trust
  readonly findings: Findings
  /** Attesting peers' certificates are judged then, unless a receipt has a token. */
  readonly at: Date
  /** Entries in later blocks may have come after the store was copied. */
  readonly settledBlocks: number
}

/** What was compared. */
export interface StoreChecked {
  readonly institutions: readonly InstitutionId[]
  readonly uses: number
  readonly receipts: number
}

/** A store that holds any of these of an institution is expected to know all its uses. */
const SERVED: readonly Collection[] = ['keys', 'documents', 'sealSignatures', 'batches']

/** Compares a gateway's store with the rebuilt logs, in both directions, for the institutions that it serves. */
export async function checkStore(store: Store, options: StoreCheckOptions): Promise<StoreChecked> {
  const institutions: InstitutionId[] = []
  let uses = 0
  let receipts = 0
  for (const log of options.ledger.logs) {
    if (!(await isServed(store, log.institution))) continue
    institutions.push(log.institution)
    const records = await findAll<SealSignatureRecord>(store, 'sealSignatures', 'institution', log.institution)
    const known = new Set<Digest>()
    for (const { id, value } of records) {
      known.add(OpeningFormat.digest(value.use.opening))
      checkUse({ ...value, id }, options)
      for (const receipt of value.receipts) {
        await checkReceipt({ ...value, id }, receipt, log, options)
        receipts++
      }
    }
    uses += records.length
    const deposits = await checkBatches(store, log, options)
    checkCompleteness(log, known, deposits, options)
    await checkMirror(store, log, options.findings.note)
  }
  return { institutions, uses, receipts }
}

async function isServed(store: Store, institution: InstitutionId): Promise<boolean> {
  const found = await Promise.all(
    SERVED.map((collection) => store.find(collection, { field: 'institution', equals: institution, limit: 1 })),
  )
  return found.some((documents) => documents.length > 0)
}

type Use = SealSignatureRecord & { readonly id: string }

/** The opening is that of the signature, token and file beside it. */
function checkUse({ id, use, fileSha256, institution }: Use, { findings }: StoreCheckOptions): void {
  const { opening } = use
  const digests = [
    [opening.id, id],
    [opening.institution, institution],
    [opening.revisionDigest, `sha256:${fileSha256}`],
    [opening.signature, digestOf(fromBase64(use.signature))],
    [opening.signedAttributes, digestOf(fromBase64(use.signedAttributes))],
    [opening.token, digestOf(fromBase64(use.token))],
  ] as const
  const wrong = digests.find(([said, is]) => said !== is)
  if (wrong === undefined) return
  findings.note('OPENING_DIFFERS', { institution, sealSignature: id, expected: wrong[1], found: wrong[0] })
}

async function checkReceipt(use: Use, receipt: Receipt, log: RebuiltLog, options: StoreCheckOptions): Promise<void> {
  const { note } = options.findings
  const { institution } = log
  const { index, size } = receipt
  const where: Where = { institution, sealSignature: use.id, index }
  if (!isReceipt(receipt) || receipt.entry.institution !== institution) return note('RECEIPT_DIFFERS', where)
  if (!checkEntry(receipt.entry, index, { log, where, options })) return
  if (!equal(OpeningFormat.encode(receipt.opening), OpeningFormat.encode(use.use.opening)))
    note('OPENING_DIFFERS', where)
  if (OpeningFormat.digest(receipt.opening) !== commitmentOf(receipt.entry)) note('OPENING_DIFFERS', where)
  const { entry, seal } = receipt
  if (entry.kind === 'sealSignature' && seal && SealFormat.digest(seal) !== entry.sealRecord)
    note('RECEIPT_DIFFERS', where)
  if (size > log.size || size <= index) return note('RECEIPT_DIFFERS', { ...where, size, expected: log.size })
  const path = inclusionProof(log.tree.node, index, size).map(digestFromBytes)
  if (path.join() !== receipt.proof.join()) note('RECEIPT_DIFFERS', { ...where, size })
  for (const statement of await statementsIn(receipt, options)) {
    const root = log.root(size)
    if (statement.institution === institution && statement.size === size && statement.root === root) continue
    note('RECEIPT_DIFFERS', { ...where, size, expected: root, found: statement.root })
  }
}

function isReceipt(receipt: Receipt): boolean {
  try {
    ReceiptFormat.encode(receipt)
    return true
  } catch (refusal) {
    if (refusal instanceof FormatError) return false
    throw refusal
  }
}

/** Statements that are authentic; those of a node are compared whoever signed them. */
async function statementsIn(
  { attestations }: Receipt,
  { trust, at }: StoreCheckOptions,
): Promise<readonly Statement[]> {
  const found = await Promise.all(
    attestations.map(async (one) =>
      one.kind === 'node' ? one.statement : (await peerWordOf(one, trust, at))?.statement,
    ),
  )
  return found.filter((statement) => statement !== undefined)
}

interface EntryPlace {
  readonly log: RebuiltLog
  readonly where: Where
  readonly options: StoreCheckOptions
}

/** Whether the ledger has exactly this entry at that index. */
function checkEntry(entry: LogEntry, index: number, { log, where, options }: EntryPlace): boolean {
  const recorded = log.entryBytes(index)
  if (recorded === undefined) options.findings.note('ENTRY_NOT_ON_LEDGER', { ...where, expected: log.size })
  else if (!equal(recorded, EntryFormat.encode(entry))) options.findings.note('ENTRY_DIFFERS', where)
  else return true
  return false
}

/** @returns commitments of the deposits that landed. */
async function checkBatches(store: Store, log: RebuiltLog, options: StoreCheckOptions): Promise<ReadonlySet<Digest>> {
  const { institution } = log
  const deposits = new Set<Digest>()
  for (const { id, value } of await findAll<BatchRecord>(store, 'batches', 'institution', institution)) {
    for (const [i, entry] of value.entries.entries()) {
      if (entry.kind === 'deposit') deposits.add(entry.commitment)
      const index = value.expectedSize + i
      const where = { institution, batch: id, index }
      if (value.state === 'landed') checkEntry(entry, index, { log, where, options })
    }
    const head = value.head
    if (value.state !== 'landed' || head === undefined || head.size > log.size) continue
    const expected = log.root(head.size)
    if (head.root !== expected) {
      options.findings.note('ENTRY_DIFFERS', { institution, batch: id, size: head.size, expected, found: head.root })
    }
  }
  return deposits
}

/** A use of a seal that the institution's own gateway knows nothing of is the one that it must hear of. */
function checkCompleteness(
  log: RebuiltLog,
  uses: ReadonlySet<Digest>,
  deposits: ReadonlySet<Digest>,
  { findings, settledBlocks }: StoreCheckOptions,
): void {
  for (const { from, size, block } of log.appends) {
    if (block >= settledBlocks) continue
    for (let index = from; index < size; index++) {
      const entry = log.entry(index)
      if (entry === undefined || entry.kind === 'register') continue
      if (uses.has(entry.commitment) || (entry.kind === 'deposit' && deposits.has(entry.commitment))) continue
      findings.note('USE_NOT_IN_STORE', { institution: log.institution, index, block, kind: entry.kind })
    }
  }
}

function commitmentOf(entry: LogEntry): Digest | undefined {
  return entry.kind === 'register' ? undefined : entry.commitment
}
