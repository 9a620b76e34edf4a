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
  'users',
  'keys',
  'certificates',
]
const PAGE = 500

/** A digest of every record with its version, and of every log's head and register. */
export async function stateOf({ env: { store, ledger } }: Pick<Node, 'env'>): Promise<string> {
  const hash = createHash('sha256')
  const institutions = await ledger.institutions()
  for (const { id } of institutions) {
    const [head, seals, certificates] = [ledger.head(id), ledger.seals(id), ledger.certificates(id)]
    hash.update(JSON.stringify(await Promise.all([head, seals, certificates])))
    for (const collection of WATCHED) {
      for (let after = ''; ; ) {
        const page = await store.find(collection, { field: 'institution', equals: id, after, limit: PAGE })
        for (const { id: name, version } of page) hash.update(`${collection}/${name}/${version}\n`)
        if (page.length < PAGE) break
        after = page[page.length - 1].id
      }
    }
  }
  return hash.digest('hex')
}
