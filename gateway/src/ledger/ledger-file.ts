import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, LedgerError } from '@cinnabar/core'
import Database from 'libsql'

/** The last block of the chain. */
export interface ChainHead {
  /** Blocks so far: the number of the next one. */
  readonly blocks: number
  readonly digest: Digest
}

/** A block as it is kept. */
export interface StoredBlock {
  readonly number: number
  readonly digest: Digest
  readonly bytes: Uint8Array
}

/** What one transaction leaves behind. */
export interface Commit {
  readonly block: StoredBlock
  readonly transaction: string
  readonly writes: ReadonlyMap<string, Uint8Array>
}

const SCHEMA = `
  PRAGMA locking_mode=EXCLUSIVE;
  PRAGMA journal_mode=WAL;
  PRAGMA synchronous=FULL;
  BEGIN EXCLUSIVE;
  CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS blocks (
    number INTEGER PRIMARY KEY, transaction_id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS chain (
    one INTEGER PRIMARY KEY CHECK (one = 1), channel TEXT NOT NULL, blocks INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  COMMIT`

/** Rows that one step of a range takes. */
const PAGE = 64

/**
 * The embedded ledger's one SQLite file, `ledger.db`. WAL with synchronous=FULL: what {@link LedgerFile.commit} returned
 * from is on the disk. The file stays locked against other processes until it is closed.
 */
export class LedgerFile {
  readonly #db: Database.Database
  readonly #get: Database.Statement
  readonly #range: Database.Statement
  readonly #put: Database.Statement
  readonly #addBlock: Database.Statement
  readonly #moveHead: Database.Statement
  readonly #head: Database.Statement
  readonly #block: Database.Statement
  readonly #blockOf: Database.Statement

  private constructor(db: Database.Database) {
    this.#db = db
    this.#get = db.prepare('SELECT value FROM state WHERE key = ?')
    this.#range = db.prepare('SELECT key, value FROM state WHERE key >= ? AND key < ? ORDER BY key LIMIT ?')
    this.#put = db.prepare('INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    this.#addBlock = db.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?)')
    this.#moveHead = db.prepare('UPDATE chain SET blocks = ?, digest = ? WHERE one = 1 AND blocks = ?')
    this.#head = db.prepare('SELECT channel, blocks, digest FROM chain')
    this.#block = db.prepare('SELECT number, digest, bytes FROM blocks WHERE number = ?')
    this.#blockOf = db.prepare('SELECT number, digest, bytes FROM blocks WHERE transaction_id = ?')
  }

  /**
   * Opens the file in `folder`, made if need be, with a chain for `channel` that begins after `origin`.
   * @throws {@link LedgerError} `LEDGER_LOCKED` when another has it open; `LEDGER_DAMAGED` when it is of another channel
   * or no such file; `LEDGER_UNAVAILABLE`.
   */
  static open(folder: string, channel: string, origin: Digest): LedgerFile {
    return guarded(`the ledger in ${folder} cannot be opened`, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const db = new Database(join(folder, 'ledger.db'))
      try {
        db.exec(SCHEMA)
        db.prepare('INSERT INTO chain VALUES (1, ?, 0, ?) ON CONFLICT (one) DO NOTHING').run(channel, origin)
        const file = new LedgerFile(db)
        file.#requireChannel(channel)
        return file
      } catch (cause) {
        db.close()
        throw cause
      }
    })
  }

  head(): ChainHead {
    return guarded('the chain cannot be read', () => this.#head.get() as ChainHead)
  }

  get(key: string): Uint8Array | undefined {
    const row = guarded('the state cannot be read', () => this.#get.get(key) as { value: Blob } | undefined)
    return row && bytesOf(row.value)
  }

  /** Keys from `start` (inclusive) to `end` (exclusive), ascending, read a page at a time. */
  *range(start: string, end: string): Generator<readonly [string, Uint8Array]> {
    let from = start
    while (true) {
      const rows = guarded(
        'the state cannot be read',
        () => this.#range.all(from, end, PAGE) as readonly { key: string; value: Blob }[],
      )
      for (const { key, value } of rows) yield [key, bytesOf(value)]
      if (rows.length < PAGE) return
      from = `${rows[rows.length - 1].key}\u0000`
    }
  }

  block(number: number): StoredBlock | undefined {
    return guarded('a block cannot be read', () => blockOf(this.#block.get(number)))
  }

  blockOf(transaction: string): StoredBlock | undefined {
    return guarded('a block cannot be read', () => blockOf(this.#blockOf.get(transaction)))
  }

  /**
   * Writes the block, its writes and the new head, all or nothing; on the disk when it returns.
   * @throws {@link LedgerError} `LEDGER_UNAVAILABLE`: nothing was written. `LEDGER_UNKNOWN_OUTCOME`: the disk failed
   * while committing.
   */
  commit(commit: Commit): void {
    let committing = false
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      this.#write(commit)
      committing = true
      this.#db.exec('COMMIT')
    } catch (cause) {
      const undone = this.#db.inTransaction
      if (undone) this.#db.exec('ROLLBACK')
      const details = { block: commit.block.number }
      if (!committing || undone) throw new LedgerError('LEDGER_UNAVAILABLE', 'no block was written', details, cause)
      throw new LedgerError('LEDGER_UNKNOWN_OUTCOME', 'the block may not have been written', details, cause)
    }
  }

  #write({ block, transaction, writes }: Commit): void {
    for (const [key, value] of writes) this.#put.run(key, Buffer.from(value))
    this.#addBlock.run(block.number, transaction, block.digest, Buffer.from(block.bytes))
    const moved = this.#moveHead.run(block.number + 1, block.digest, block.number)
    if (moved.changes !== 1) throw new Error('the chain is at another block')
  }

  close(): void {
    // libsql keeps the file open, and locked, until its prepared statements are collected; this gives the lock back now.
    this.#db.exec('PRAGMA journal_mode=DELETE; PRAGMA locking_mode=NORMAL; SELECT count(*) FROM chain')
    this.#db.close()
  }

  #requireChannel(channel: string): void {
    const found = (this.#head.get() as { channel: string }).channel
    if (found === channel) return
    throw new LedgerError('LEDGER_DAMAGED', `the ledger is of channel ${found}, not ${channel}`, { found, channel })
  }
}

function blockOf(row: unknown): StoredBlock | undefined {
  if (row === undefined) return undefined
  const { number, digest, bytes } = row as Omit<StoredBlock, 'bytes'> & { readonly bytes: Blob }
  return { number, digest, bytes: bytesOf(bytes) }
}

/** What libsql gives for a BLOB: a Buffer for one row, ArrayBuffers for several. */
type Blob = Buffer | ArrayBuffer

function bytesOf(blob: Blob): Uint8Array {
  return new Uint8Array(blob)
}

const CODES: ReadonlyMap<string, string> = new Map([
  ['SQLITE_BUSY', 'LEDGER_LOCKED'],
  ['SQLITE_LOCKED', 'LEDGER_LOCKED'],
  ['SQLITE_CORRUPT', 'LEDGER_DAMAGED'],
  ['SQLITE_NOTADB', 'LEDGER_DAMAGED'],
])

function guarded<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause
    const sqlite = String((cause as { readonly code?: unknown }).code ?? '')
    throw new LedgerError(CODES.get(sqlite) ?? 'LEDGER_UNAVAILABLE', `${what}: ${sqlite || cause}`, { sqlite }, cause)
  }
}
