import { createHash } from 'node:crypto'
import type { Node } from '@cinnabar/gateway'

type Store = Node['env']['store']
type Collection = Parameters<Store['get']>[0]

/** What requests make or change. Not counted: reserved Idempotency-Keys, and the mirror of the log. */
const WATCHED: readonly Collection[] = [
  'documents',
  'jobs',
  'sealSignatures',
  'batches',
  'deposits',
  'depositJobs',
  'depositParts',
  'bulkJobs',
  'bulkDocuments',
  'users',
  'keys',
  'certificates',
]
const PAGE = 500

/** Digests by institution and collection, and of each log's head and register. */
export type State = Readonly<Record<string, string>>

/** Every record with its version, and every log. */
export async function stateOf({ env: { store, ledger } }: Pick<Node, 'env'>): Promise<State> {
  const state: Record<string, string> = {}
  for (const { id } of await ledger.institutions()) {
    const records = await Promise.all([ledger.head(id), ledger.seals(id), ledger.certificates(id)])
    state[`${id} ledger`] = digestOf([JSON.stringify(records)])
    for (const collection of WATCHED) state[`${id} ${collection}`] = digestOf(await recordsOf(store, collection, id))
  }
  return state
}

/** Where two states differ. */
export function differencesOf(a: State, b: State): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name])
}

async function recordsOf(store: Store, collection: Collection, institution: string): Promise<readonly string[]> {
  const all: string[] = []
  for (let after = ''; ; ) {
    const page = await store.find(collection, { field: 'institution', equals: institution, after, limit: PAGE })
    all.push(...page.map(({ id, version }) => `${id}/${version}`))
    if (page.length < PAGE) return all
    after = page[page.length - 1].id
  }
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
