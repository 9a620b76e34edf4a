import { type Call, RuleError } from '@cinnabar/chaincode'
import {
  type Append,
  AppendFormat,
  CertificateFormat,
  type Digest,
  digestFromBytes,
  EntryFormat,
  entrySchema,
  type Format,
  HeadFormat,
  InstitutionFormat,
  type InstitutionId,
  integer,
  type Json,
  type Ledger,
  LedgerError,
  type LogEntry,
  leafHash,
  list,
  object,
  parseCanonical,
  type Schema,
  type SealId,
  sealSchema,
  TsaFormat,
  utf8,
} from '@cinnabar/core'

/** What an adapter gives so that {@link ledgerReads} can do the rest. */
export interface ReadSource {
  /** Runs a query of the chaincode. */
  query(call: Call): Promise<Uint8Array>
  /** The arguments of a committed transaction, from its block. */
  argumentsOf(transaction: string): Promise<readonly string[]>
}

type Reads = Pick<
  Ledger,
  | 'head'
  | 'appendOf'
  | 'entries'
  | 'institution'
  | 'institutions'
  | 'seal'
  | 'seals'
  | 'certificate'
  | 'certificates'
  | 'tsas'
>

const MAX_RESULT_BYTES = 16 << 20
/** Entries that one call of `entries` gives. */
const MAX_ENTRIES = 1000

const sealState = object({ seal: sealSchema, uses: integer() })

/** The reads of a {@link Ledger}, the same for every adapter. */
export function ledgerReads(source: ReadSource): Reads {
  const ask = async (name: string, ...args: readonly string[]) =>
    parseCanonical(await source.query({ name, args }), MAX_RESULT_BYTES)
  const all = async <T>(schema: Schema<T>, name: string, ...args: readonly string[]) =>
    list(schema, Number.MAX_SAFE_INTEGER)(await ask(name, ...args), name)
  const one = async <T>(schema: Schema<T>, name: string, ...args: readonly string[]) =>
    (await all(schema, name, ...args)).at(0)
  const appendOf = (institution: InstitutionId, index: number) =>
    one(schemaOf(AppendFormat), 'appendOf', institution, String(index))
  return {
    head: async (institution) => HeadFormat.check(await ask('head', institution)),
    appendOf,
    entries: (institution, from, to) => readEntries(source, appendOf, institution, from, to),
    institution: (institution) => one(schemaOf(InstitutionFormat), 'institution', institution),
    institutions: () => all(schemaOf(InstitutionFormat), 'institutions'),
    seal: (institution: InstitutionId, seal: SealId) => one(sealState, 'seal', institution, seal),
    seals: (institution) => all(sealState, 'seals', institution),
    certificate: (institution: InstitutionId, certificate: Digest) =>
      one(schemaOf(CertificateFormat), 'certificate', institution, certificate),
    certificates: (institution) => all(schemaOf(CertificateFormat), 'certificates', institution),
    tsas: () => all(schemaOf(TsaFormat), 'tsas'),
  }
}

/** The entries of an append: from its own record, or from the arguments of its transaction. */
export async function entriesOf(source: Pick<ReadSource, 'argumentsOf'>, append: Append): Promise<readonly LogEntry[]> {
  const entries = append.entries ?? parseEntries(await source.argumentsOf(append.transaction))
  const found = entries.map((entry) => digestFromBytes(leafHash(EntryFormat.encode(entry))))
  if (found.length === append.leaves.length && found.every((leaf, i) => leaf === append.leaves[i])) return entries
  const { institution, size } = append
  throw new LedgerError('LEDGER_DAMAGED', "a transaction's entries are not its leaves", { institution, size })
}

/** As chaincode's `appendCall` put them there. */
function parseEntries(args: readonly string[]): readonly LogEntry[] {
  return list(entrySchema, MAX_ENTRIES)(parseCanonical(utf8(args[2] ?? ''), MAX_RESULT_BYTES), 'entries')
}

async function readEntries(
  source: ReadSource,
  appendOf: Ledger['appendOf'],
  institution: InstitutionId,
  from: number,
  to: number,
): Promise<readonly LogEntry[]> {
  if (to - from > MAX_ENTRIES) {
    throw new LedgerError('ARGUMENT_INVALID', `at most ${MAX_ENTRIES} entries at once`, { from, to })
  }
  const found: LogEntry[] = []
  for (let next = from; next < to; ) {
    const append = await appendOf(institution, next)
    if (append === undefined) break
    const entries = await entriesOf(source, append)
    found.push(...entries.slice(next - append.from, to - append.from))
    next = append.size
  }
  return found
}

function schemaOf<T>(format: Format<T>): Schema<T> {
  return (value) => format.check(value as Json)
}

/** The rules' refusal as the port's error, with the same code; any other error as it is. */
export function asLedgerError(cause: unknown): unknown {
  return cause instanceof RuleError ? new LedgerError(cause.code, cause.message, cause.details, cause) : cause
}
