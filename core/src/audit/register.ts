import { equal, fromUtf8 } from '../encode/bytes'
import { type Digest, digestOf } from '../model/digest'
import type { LogEntry } from '../model/entry'
import type { Append } from '../model/head'
import type { Format } from '../model/schema'
import { parseCertificate } from '../x509/certificate'
import type { Note, Where } from './difference'
import { readable } from './readable'

/** An append with its entries. */
export interface TakenAppend {
  readonly append: Append
  readonly entries: readonly LogEntry[]
}

/** One transaction's writes with what it appended. */
interface Batch {
  readonly writes: ReadonlyMap<string, Uint8Array>
  readonly appends: readonly TakenAppend[]
  readonly where: Where
}

type Judge = (register: Register, parts: readonly string[], value: Uint8Array, batch: Batch) => void

/** FORMAT.md section 5: records of the register now, kept by key; what stands beside them is compared and let go. */
export class Register {
  readonly #note: Note
  readonly #records = new Map<string, Uint8Array>()
  /** Every version that there ever was, by its digest. */
  readonly #versions = new Map<Digest, Uint8Array>()
  /** Keys that are written once. */
  readonly #once = new Set<string>()
  readonly #uses = new Map<string, number>()
  readonly #unjudged = new Set<string>()

  constructor(note: Note) {
    this.#note = note
  }

  /** Kinds of keys that this auditor does not know. */
  get unjudged(): readonly string[] {
    return [...this.#unjudged]
  }

  /** The record at a key of the register; undefined when there is none or it cannot be read. */
  record<T>(key: string, format: Format<T>): T | undefined {
    const bytes = this.#records.get(key)
    return bytes && readable(() => format.parse(bytes))
  }

  /** Records whose keys begin with `prefix`, in the order of keys. */
  records<T>(prefix: string, format: Format<T>): readonly T[] {
    const keys = [...this.#records.keys()].filter((key) => key.startsWith(prefix)).sort()
    return keys.flatMap((key) => this.record(key, format) ?? [])
  }

  /** Takes in what one transaction wrote. */
  take(writes: ReadonlyMap<string, Uint8Array>, appends: readonly TakenAppend[], where: Where): void {
    const batch = { writes, appends, where }
    this.#countUses(batch)
    for (const [key, value] of writes) {
      const parts = key.split('/')
      const judge = JUDGES.get(parts[0])
      if (judge === undefined) this.#unjudged.add(parts[0])
      else judge(this, parts, value, batch)
    }
    for (const { append, entries } of appends) this.#requireRecords(append, entries, batch)
  }

  /** A record as it once was. */
  version<T>(digest: Digest, format: Format<T>): T | undefined {
    const bytes = this.#versions.get(digest)
    return bytes && readable(() => format.parse(bytes))
  }

  keep(key: string, value: Uint8Array): void {
    this.#records.set(key, value)
    this.#versions.set(digestOf(value), value)
  }

  keepOnce(key: string, where: Where): void {
    if (this.#once.has(key)) this.#note('RECORD_REWRITTEN', { ...where, key })
    this.#once.add(key)
  }

  wrong(key: string, where: Where): void {
    this.#note('RECORD_DIFFERS', { ...where, key })
  }

  unexpected(key: string, where: Where): void {
    this.#note('WRITE_UNEXPECTED', { ...where, key })
  }

  usesOf(institution: string, seal: string): number {
    return this.#uses.get(`${institution}/${seal}`) ?? 0
  }

  /** Numbers of uses go on from one to the next; each names the record of its seal that is in force. */
  #countUses({ appends, where }: Batch): void {
    for (const { append, entries } of appends) {
      for (const [i, entry] of entries.entries()) {
        if (entry.kind !== 'sealSignature') continue
        const { institution, seal, sealRecord, useNumber } = entry
        const expected = this.usesOf(institution, seal) + 1
        const place = { ...where, institution, index: append.from + i }
        if (useNumber !== expected) this.#note('USE_NUMBER_DIFFERS', { ...place, seal, expected, found: useNumber })
        this.#uses.set(`${institution}/${seal}`, useNumber)
        const record = this.#records.get(`seal/${institution}/${seal}`)
        if (record === undefined || digestOf(record) !== sealRecord) this.wrong(`seal/${institution}/${seal}`, place)
      }
    }
  }

  /** Each register entry names a record that the same transaction wrote. */
  #requireRecords({ institution }: Append, entries: readonly LogEntry[], { writes, where }: Batch): void {
    const written = new Set(
      [...writes].filter(([key]) => isRecordOf(key, institution)).map(([, value]) => digestOf(value)),
    )
    for (const entry of entries) {
      if (entry.kind === 'register' && !written.has(entry.record)) this.wrong(entry.subject, where)
    }
  }
}

const isRecordOf = (key: string, institution: string) =>
  ['institution', 'certificate', 'seal', 'tsa'].some(
    (kind) => key === `${kind}/${institution}` || key.startsWith(`${kind}/${institution}/`),
  )

/** A record of the register: its log has an entry that names its digest. */
const record: Judge = (register, parts, value, { appends, where }) => {
  const key = parts.join('/')
  const digest = digestOf(value)
  const named = appends.some(
    ({ append, entries }) =>
      append.institution === parts[1] && entries.some((entry) => entry.kind === 'register' && entry.record === digest),
  )
  if (!named) register.wrong(key, where)
  register.keep(key, value)
}

/** The same record, kept for the size that the log then had. */
const recordAt: Judge = (register, parts, value, { writes, appends, where }) => {
  const key = parts.join('/')
  const now = writes.get([parts[0].slice(0, -'-at'.length), ...parts.slice(1, -1)].join('/'))
  const size = Number(parts.at(-1))
  const reached = appends.some(({ append }) => append.institution === parts[1] && append.size === size)
  if (now === undefined || !equal(now, value) || !reached) register.wrong(key, where)
  register.keepOnce(key, where)
}

/** The replay key of a use: which entry recorded it. */
const use: Judge = (register, parts, value, { appends, where }) => {
  const key = parts.join('/')
  const [institution, index] = (readable(() => fromUtf8(value)) ?? '').split('/')
  const at = Number(index)
  const recorded = appends.some(
    ({ append }) => append.institution === institution && append.from <= at && at < append.size,
  )
  if (!recorded) register.wrong(key, where)
  register.keepOnce(key, where)
}

/** The key of a seal certificate that the same transaction registers. */
const sealKey: Judge = (register, parts, value, { writes, where }) => {
  const certificate = writes.get(`der/${readable(() => fromUtf8(value))}`)
  const spki = certificate && readable(() => parseCertificate(certificate).spki)
  if (spki === undefined || digestOf(spki) !== parts[2]) register.wrong(parts.join('/'), where)
}

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['institution', record],
  ['certificate', record],
  ['seal', record],
  ['tsa', record],
  ['institution-at', recordAt],
  ['certificate-at', recordAt],
  ['seal-at', recordAt],
  ['use', use],
  [
    'uses',
    (register, parts, value, { where }) => {
      const count = readable(() => fromUtf8(value))
      if (count !== String(register.usesOf(parts[1], parts[2]))) register.wrong(parts.join('/'), where)
    },
  ],
  [
    'der',
    (register, parts, value, { where }) => {
      if (digestOf(value) !== parts[1]) register.wrong(parts.join('/'), where)
    },
  ],
  ['seal-key', sealKey],
  [
    'log',
    (register, parts, _value, { appends, where }) => {
      if (!appends.some(({ append }) => append.institution === parts[1])) register.unexpected(parts.join('/'), where)
    },
  ],
  ['append', (register, parts, _value, { where }) => register.keepOnce(parts.join('/'), where)],
])
