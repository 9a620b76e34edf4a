import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { COLLECTIONS, type Collection, type Store, type Stored, StoreError } from './store'

/** One prepared statement of each kind for a collection. */
interface Statements {
  readonly insert: Database.Statement
  readonly replace: Database.Statement
  readonly get: Database.Statement
  readonly remove: Database.Statement
  readonly find: ReadonlyMap<string, Database.Statement>
  readonly findDown: ReadonlyMap<string, Database.Statement>
  readonly ids: ReadonlyMap<string, Database.Statement>
  readonly count: ReadonlyMap<string, Database.Statement>
}

interface Row {
  readonly id: string
  readonly version: number
  readonly value: string
}

interface Write {
  /** Runs inside the group's transaction. */
  run(): number
  resolve(changes: number): void
  reject(error: unknown): void
}

const MAX_ID_LENGTH = 200

/**
 * The {@link Store} in one SQLite file, `cinnabar.db` in `folder`; one process at a time. WAL and synchronous=FULL: a
 * resolved write is on the disk. Writes that are issued in the same turn of the event loop share one transaction, so
 * that concurrent requests share one fsync.
 * @throws {@link StoreError} `STORE_IN_USE`, `STORE_UNAVAILABLE`, `STORE_DAMAGED` (no SQLite file).
 */
export async function openEmbeddedStore(folder: string): Promise<Store> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const db = new Database(join(folder, 'cinnabar.db'))
    return embeddedStore(db, prepare(db))
  } catch (cause) {
    throw storeError(cause, `the store in ${folder} cannot be opened`)
  }
}

/** Tables, and an index over each field that the collection is found by, straight from the JSON. */
function prepare(db: Database.Database): ReadonlyMap<Collection, Statements> {
  db.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
  requireWhole(db)
  db.exec('BEGIN EXCLUSIVE')
  for (const [name, fields] of Object.entries(COLLECTIONS)) {
    db.exec(
      `CREATE TABLE IF NOT EXISTS "${name}" (id TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT NOT NULL) STRICT`,
    )
    for (const field of fields) {
      db.exec(`CREATE INDEX IF NOT EXISTS "${name}.${field}" ON "${name}" (${member(field)}, id)`)
    }
  }
  db.exec('COMMIT')
  const names = Object.keys(COLLECTIONS) as readonly Collection[]
  return new Map(names.map((name) => [name, statementsOf(db, name)]))
}

/** Reads every page: what the disk lost is found before anything is built on it. */
function requireWhole(db: Database.Database): void {
  const [found] = db.prepare('PRAGMA quick_check(1)').all() as readonly { readonly quick_check?: string }[]
  if (found?.quick_check === 'ok') return
  throw new StoreError('STORE_DAMAGED', `the store is damaged: ${found?.quick_check}`)
}

/** Sorts after every id, by its UTF-8 bytes. */
const LAST_ID = '\u{10ffff}'

function member(field: string): string {
  return `json_extract(value, '$."${field}"')`
}

function statementsOf(db: Database.Database, name: Collection): Statements {
  const columns = `SELECT id, version, value FROM "${name}"`
  const findBy = (field: string, [compare, order]: readonly [string, string]) =>
    db.prepare(
      `${columns} WHERE ${member(field)} = ? AND id ${compare} ? ORDER BY id ${order} LIMIT ?`,
    ) as Database.Statement
  // The index holds both: no row is touched.
  const idsBy = (field: string) =>
    db.prepare(
      `SELECT id FROM "${name}" WHERE ${member(field)} = ? AND id > ? ORDER BY id LIMIT ?`,
    ) as Database.Statement
  const countBy = (field: string) =>
    db.prepare(`SELECT count(*) AS found FROM "${name}" WHERE ${member(field)} = ?`) as Database.Statement
  return {
    insert: db.prepare(`INSERT INTO "${name}" VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING`) as Database.Statement,
    replace: db.prepare(`UPDATE "${name}" SET value = ?, version = version + 1 WHERE id = ? AND version = ?`),
    get: db.prepare(`${columns} WHERE id = ?`),
    remove: db.prepare(`DELETE FROM "${name}" WHERE id = ?`),
    find: new Map(COLLECTIONS[name].map((field) => [field, findBy(field, ['>', 'ASC'])])),
    findDown: new Map(COLLECTIONS[name].map((field) => [field, findBy(field, ['<', 'DESC'])])),
    ids: new Map(COLLECTIONS[name].map((field) => [field, idsBy(field)])),
    count: new Map(COLLECTIONS[name].map((field) => [field, countBy(field)])),
  }
}

function embeddedStore(db: Database.Database, statements: ReadonlyMap<Collection, Statements>): Store {
  const commits = groupCommits(db)
  const of = (collection: Collection): Statements => {
    const found = statements.get(collection)
    if (found === undefined) throw new StoreError('STORE_UNAVAILABLE', `no collection ${collection}`)
    return found
  }
  return {
    async insert(collection, id, value) {
      const text = jsonOf(id, value)
      return (await commits.write(() => of(collection).insert.run(id, text).changes)) === 1
    },
    async get(collection, id) {
      const row = commits.read(() => of(collection).get.get(id)) as Row | undefined
      return row === undefined ? undefined : storedOf(collection, row)
    },
    async replace(collection, id, version, value) {
      const text = jsonOf(id, value)
      return (await commits.write(() => of(collection).replace.run(text, id, version).changes)) === 1
    },
    async find(collection, { field, equals, after, limit, order }) {
      const { find, findDown } = of(collection)
      const isDown = order === 'descending'
      const statement = indexed(isDown ? findDown : find, collection, field)
      const start = after ?? (isDown ? LAST_ID : '')
      const rows = commits.read(() => statement.all(equals, start, limit)) as readonly Row[]
      return rows.map((row) => storedOf(collection, row))
    },
    async ids(collection, { field, equals, after = '', limit }) {
      const statement = indexed(of(collection).ids, collection, field)
      const rows = commits.read(() => statement.all(equals, after, limit)) as readonly Pick<Row, 'id'>[]
      return rows.map(({ id }) => id)
    },
    async count(collection, field, equals) {
      const statement = indexed(of(collection).count, collection, field)
      return (commits.read(() => statement.get(equals)) as { readonly found: number }).found
    },
    async insertMany(collection, documents) {
      const rows = documents.map(({ id, value }) => [id, jsonOf(id, value)])
      const insert = of(collection).insert
      await commits.write(() => rows.reduce((sum, row) => sum + insert.run(...row).changes, 0))
    },
    async remove(collection, ids) {
      const { remove } = of(collection)
      await commits.write(() => ids.reduce((sum, id) => sum + remove.run(id).changes, 0))
    },
    close: () => commits.close(),
  }
}

function indexed(
  statements: ReadonlyMap<string, Database.Statement>,
  collection: Collection,
  field: string,
): Database.Statement {
  const found = statements.get(field)
  if (found === undefined) throw new StoreError('STORE_UNAVAILABLE', `${collection} is not indexed by ${field}`)
  return found
}

/** Gathers the writes of one turn of the event loop into one transaction; each promise settles after its commit. */
function groupCommits(db: Database.Database) {
  let waiting: Write[] = []
  let open = true
  const refuseClosed = () => {
    if (!open) throw new StoreError('STORE_UNAVAILABLE', 'the store is closed')
  }
  const flush = () => {
    const group = waiting
    waiting = []
    try {
      const changes = inTransaction(db, group)
      for (const [i, write] of group.entries()) write.resolve(changes[i])
    } catch (cause) {
      const error = storeError(cause, 'nothing was written')
      for (const write of group) write.reject(error)
    }
  }
  return {
    async write(run: () => number): Promise<number> {
      refuseClosed()
      return new Promise((resolve, reject) => {
        if (waiting.push({ run, resolve, reject }) === 1) setImmediate(flush)
      })
    },
    read<T>(query: () => T): T {
      refuseClosed()
      try {
        return query()
      } catch (cause) {
        throw storeError(cause, 'the store cannot be read')
      }
    },
    async close(): Promise<void> {
      if (!open) return
      open = false
      // Writes accepted before are still in this turn's group; immediates run in order.
      await new Promise((resolve) => setImmediate(resolve))
      // libsql keeps the file open, and locked, until its prepared statements are collected; this gives the lock back now.
      db.exec('PRAGMA journal_mode=DELETE; PRAGMA locking_mode=NORMAL; SELECT count(*) FROM settings')
      db.close()
    },
  }
}

function inTransaction(db: Database.Database, group: readonly Write[]): readonly number[] {
  db.exec('BEGIN IMMEDIATE')
  try {
    const changes = group.map((write) => write.run())
    db.exec('COMMIT')
    return changes
  } catch (cause) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

function jsonOf(id: string, value: unknown): string {
  const text: string | undefined = JSON.stringify(value)
  if (text === undefined || id.length === 0 || id.length > MAX_ID_LENGTH) {
    throw new StoreError('STORE_VALUE_INVALID', 'the value has no JSON form, or its id is empty or too long', {
      idLength: id.length,
    })
  }
  return text
}

function storedOf<T>(collection: Collection, row: Row): Stored<T> {
  try {
    return { id: row.id, version: row.version, value: JSON.parse(row.value) }
  } catch (cause) {
    throw new StoreError('STORE_DAMAGED', `${collection}/${row.id} is not JSON`, { id: row.id }, cause)
  }
}

const DAMAGED: ReadonlySet<unknown> = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])

function storeError(cause: unknown, text: string): StoreError {
  if (cause instanceof StoreError) return cause
  const code = (cause as { readonly code?: unknown }).code
  if (DAMAGED.has(code)) return new StoreError('STORE_DAMAGED', `${text}: the file is damaged`, {}, cause)
  if (code === 'SQLITE_BUSY') return new StoreError('STORE_IN_USE', `${text}: another process has it open`, {}, cause)
  return new StoreError('STORE_UNAVAILABLE', `${text}: ${cause instanceof Error ? cause.message : cause}`, {}, cause)
}
