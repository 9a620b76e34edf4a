import { utf8 } from '../encode/bytes'
import { FormatError, parseCanonical } from '../encode/canonical'
import type { Statement } from '../model/attestation'
import { CertificateFormat } from '../model/certificate'
import type { Digest } from '../model/digest'
import { entrySchema, type LogEntry } from '../model/entry'
import { type Append, AppendFormat } from '../model/head'
import type { InstitutionId, SealId } from '../model/identifiers'
import { InstitutionFormat } from '../model/institution'
import { list } from '../model/schema'
import { SealFormat } from '../model/seal'
import type { KeyWrite } from '../verify/fabric-messages'
import type { DifferenceCode, Note, Where } from './difference'
import { readable } from './readable'
import { RebuiltLog } from './rebuilt-log'
import { Register, type TakenAppend } from './register'

/** A committed transaction of the chaincode, from whichever ledger's block. */
export interface LedgerTransaction {
  readonly block: number
  readonly id: string
  readonly function: string
  /** Without the function's name. */
  readonly arguments: readonly string[]
  readonly writes: readonly KeyWrite[]
}

/** An append has at most 1,000 entries of 2 KiB. */
const MAX_ENTRIES_BYTES = 16 << 20
const MAX_ENTRIES = 1000

/**
 * Logs and registers, made again from what blocks hold in the open: arguments and writes. Everything that the chaincode
 * writes from public facts is computed again and compared; what it wrote from secret ones (commitments, replay keys) cannot be.
 */
export class RebuiltLedger {
  readonly #note: Note
  readonly #logs = new Map<InstitutionId, RebuiltLog>()
  readonly register: Register
  #transactions = 0

  constructor(note: Note) {
    this.#note = note
    this.register = new Register(note)
  }

  /** In the order in which they were founded. */
  get logs(): readonly RebuiltLog[] {
    return [...this.#logs.values()]
  }

  get transactions(): number {
    return this.#transactions
  }

  log(institution: InstitutionId): RebuiltLog | undefined {
    return this.#logs.get(institution)
  }

  /**
   * Takes the next transaction in. What is wrong with it is noted; the rest of it is taken. One that wrote nothing changed
   * nothing, whoever had a query ordered.
   */
  take(transaction: LedgerTransaction): void {
    this.#transactions++
    if (transaction.writes.length === 0) return
    const where = { block: transaction.block, transaction: transaction.id }
    const writes = this.#valuesOf(transaction, where)
    const appends = [...writes].filter(([key]) => key.startsWith('append/'))
    if (appends.length === 0) this.#note('WRITE_UNEXPECTED', { ...where, key: [...writes.keys()][0] ?? '' })
    const taken = appends.flatMap(([key, value]) => this.#takeAppend(transaction, { key, value }, writes) ?? [])
    this.register.take(writes, taken, where)
  }

  /**
   * What every peer must state of the log's present head; undefined for a log without entries, and of a seal or certificate that
   * is not registered.
   */
  statement(
    institution: InstitutionId,
    channel: string,
    asked: { readonly seal?: SealId; readonly certificate?: Digest } = {},
  ): Statement | undefined {
    const last = this.#logs.get(institution)?.appends.at(-1)?.append
    const registered = this.register.record(`institution/${institution}`, InstitutionFormat)
    const seal = asked.seal && this.register.record(`seal/${institution}/${asked.seal}`, SealFormat)
    const named = asked.certificate ?? (seal || undefined)?.certificate
    const certificate = named && this.register.record(`certificate/${institution}/${named}`, CertificateFormat)
    const isUnknown = (asked.seal && !seal) || (named && !certificate)
    if (last === undefined || registered === undefined || isUnknown) return undefined
    const { from, root, recordedAt, size } = last
    return {
      ...(certificate && { certificate }),
      channel,
      from,
      institution,
      recordedAt,
      registered,
      root,
      ...(seal && { seal }),
      size,
      type: 'cinnabar.attest.v1',
    }
  }

  #valuesOf({ writes }: LedgerTransaction, where: Where): ReadonlyMap<string, Uint8Array> {
    const values = new Map<string, Uint8Array>()
    for (const { key, value } of writes) {
      if (value === undefined) this.#note('RECORD_REWRITTEN', { ...where, key })
      else values.set(key, value)
    }
    return values
  }

  #takeAppend(
    transaction: LedgerTransaction,
    { key, value }: { readonly key: string; readonly value: Uint8Array },
    writes: ReadonlyMap<string, Uint8Array>,
  ): TakenAppend | undefined {
    const where = { block: transaction.block, transaction: transaction.id, key }
    const unreadable = (code: DifferenceCode) => this.#note(code, where)
    const append = readable(() => AppendFormat.parse(value))
    if (append === undefined) return void unreadable('TRANSACTION_UNREADABLE')
    const entries = readable(() => entriesOf(append, transaction))
    if (entries === undefined) return void unreadable('TRANSACTION_UNREADABLE')
    const { institution, size } = append
    if (key !== appendKey(append) || append.transaction !== transaction.id) unreadable('RECORD_DIFFERS')
    if (entries.some((entry) => entry.institution !== institution)) unreadable('ENTRIES_NOT_LEAVES')
    const log = this.#logs.get(institution) ?? new RebuiltLog(institution)
    this.#logs.set(institution, log)
    const place = { ...where, institution, size }
    log.take(
      { append, entries, range: writes.get(`log/${institution}`), block: transaction.block, where: place },
      this.#note,
    )
    return { append, entries }
  }
}

function appendKey({ institution, size }: Append): string {
  return `append/${institution}/${String(size).padStart(16, '0')}`
}

/** Register entries are in the record that the chaincode made; uses' entries are the third argument of `append`. */
function entriesOf(append: Append, { function: name, arguments: args }: LedgerTransaction): readonly LogEntry[] {
  if (name !== 'append') return append.entries ?? []
  if (append.entries !== undefined) throw new FormatError('FORMAT_INVALID', 'uses are in the arguments')
  return list(entrySchema, MAX_ENTRIES)(parseCanonical(utf8(args[2] ?? ''), MAX_ENTRIES_BYTES), 'entries')
}
