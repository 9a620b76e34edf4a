import { CodedError, digestOf, type Ledger } from '@cinnabar/core'
import { DEMO_INSTITUTIONS } from './demo/institutions'
import { keptKeys } from './keys/kept-keys'
import type { Store } from './store/store'

/** What a service in earnest must not have, all of it at once. */
export class ProductionError extends CodedError<'PRODUCTION_REFUSED'> {
  /** One sentence each. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('PRODUCTION_REFUSED', problems.join('; '), { problems: problems.length })
    this.problems = problems
  }
}

/** What is looked through. */
export interface ProductionParts {
  readonly store: Store
  readonly ledger: Pick<Ledger, 'institutions'>
  /** Digests of public keys whose private halves are in `fixtures/`. */
  readonly published: ReadonlySet<string>
}

/** Keys that make seal signatures, or the certificates for them. */
const SEALING = /^[^/]+\/(seal\/|seal-ca$)/

/**
 * Looks for what the demonstration leaves behind, before anything is served.
 * @throws {@link ProductionError} for users of the demonstration, keys that are published in `fixtures/`, and the seal keys
 * of more than one institution: whoever holds several institutions' keys can seal in each one's name.
 */
export async function requireProduction({ store, ledger, published }: ProductionParts): Promise<void> {
  const problems: string[] = []
  for (const { id, user } of DEMO_INSTITUTIONS) {
    const users = await store.count('users', 'institution', id)
    if (users > 0) problems.push(`there are users of the demonstration's institution ${id}, such as ${user}`)
  }
  for (const owner of await owners({ ledger })) {
    const keys = await keptKeys(store, owner)
    for (const { purpose } of keys.filter(({ spki }) => published.has(digestOf(spki)))) {
      problems.push(`the key ${purpose} is published in fixtures/`)
    }
  }
  const sealing = await sealingInstitutions({ store, ledger })
  if (sealing.length > 1)
    problems.push(`the seal keys of more than one institution are kept here: ${sealing.join(', ')}`)
  if (problems.length > 0) throw new ProductionError(problems)
}

/** Institutions whose seal keys, or the keys of whose seal CAs, are kept here. */
export async function sealingInstitutions(
  parts: Pick<ProductionParts, 'store' | 'ledger'>,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const owner of await owners(parts)) {
    const keys = await keptKeys(parts.store, owner)
    if (keys.some(({ purpose }) => SEALING.test(purpose))) found.push(owner)
  }
  return found
}

/** Whoever a key kept here may be for. */
async function owners({ ledger }: Pick<ProductionParts, 'ledger'>): Promise<ReadonlySet<string>> {
  const institutions = [...(await ledger.institutions()), ...DEMO_INSTITUTIONS].map(({ id }) => id)
  return new Set<string>(['node', ...institutions])
}
