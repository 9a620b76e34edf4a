import { type Digest, type InstitutionId, OpeningFormat, type SealId } from '@cinnabar/core'
import type { DocumentRecord, JobRecord, SealSignatureRecord } from '../notarize/records'
import type { Collection, Store } from '../store/store'

/** What the store knows of one use of a seal. */
export interface KnownUse {
  readonly id: string
  readonly seal: SealId
  readonly commitment: Digest
  /** Of the sealed revision. */
  readonly digest: Digest
  readonly job: string
  /** Where its first receipt says that it is in the log. */
  readonly receipt?: { readonly index: number; readonly number: number }
  readonly details?: KnownDetails
}

/** Who asked for a use, of what and why. */
export interface KnownDetails {
  readonly document: string
  readonly name: string
  readonly operator: string
  readonly purpose?: string
}

const IDS_AT_ONCE = 5000
const READ_AT_ONCE = 100

/**
 * The uses of seals that the store knows. What it says of one that is in the log never changes, so that each is read once;
 * that all of them are still there is looked for each time, by their ids alone. A class because it keeps what was read:
 * about half a kilobyte for each use.
 */
export class BookRecords {
  readonly #store: Pick<Store, 'get' | 'ids'>
  readonly #known = new Map<string, KnownUse>()

  constructor(store: Pick<Store, 'get' | 'ids'>) {
    this.#store = store
  }

  /** Those of one seal that are in the store now, by what the log says of each: its commitment. */
  async of(institution: InstitutionId, seal: SealId): Promise<ReadonlyMap<Digest, KnownUse>> {
    const ids = await this.#idsIn('sealSignatures', institution)
    await this.#readNew(ids)
    const [jobs, documents] = [await this.#idsIn('jobs', institution), await this.#idsIn('documents', institution)]
    const isThere = ({ job, details }: KnownUse) =>
      details !== undefined && jobs.has(job) && documents.has(details.document)
    const found = new Map<Digest, KnownUse>()
    for (const id of ids) {
      const known = this.#known.get(id)
      if (known?.seal !== seal) continue
      const { details: _, ...rest } = known
      found.set(known.commitment, isThere(known) ? known : rest)
    }
    return found
  }

  async #idsIn(collection: Collection, institution: InstitutionId): Promise<ReadonlySet<string>> {
    const all = new Set<string>()
    for (let after = ''; ; ) {
      const query = { field: 'institution', equals: institution, after, limit: IDS_AT_ONCE }
      const page = await this.#store.ids(collection, query)
      for (const id of page) all.add(id)
      if (page.length < IDS_AT_ONCE) return all
      after = page[page.length - 1]
    }
  }

  /** Reads what is not known yet, or was not in the log when it was read. */
  async #readNew(ids: ReadonlySet<string>): Promise<void> {
    const wanted = [...ids].filter((id) => {
      const known = this.#known.get(id)
      return known?.receipt === undefined || known.details === undefined
    })
    for (let at = 0; at < wanted.length; at += READ_AT_ONCE) {
      await Promise.all(wanted.slice(at, at + READ_AT_ONCE).map((id) => this.#read(id)))
    }
  }

  async #read(id: string): Promise<void> {
    const found = await this.#store.get<SealSignatureRecord>('sealSignatures', id)
    if (found === undefined) return
    const { seal, job, use, receipts } = found.value
    const [first] = receipts
    const details = await this.#detailsOf(job)
    this.#known.set(id, {
      ...{ id, seal, job, commitment: OpeningFormat.digest(use.opening), digest: use.opening.revisionDigest },
      ...(first?.entry.kind === 'sealSignature' && {
        receipt: { index: first.index, number: first.entry.useNumber },
      }),
      ...(details && { details }),
    })
  }

  async #detailsOf(id: string): Promise<KnownDetails | undefined> {
    const job = (await this.#store.get<JobRecord>('jobs', id))?.value
    const document = job && (await this.#store.get<DocumentRecord>('documents', job.document))?.value
    if (job === undefined || document === undefined) return undefined
    const { reason: purpose, requestedBy: operator } = job
    return { document: job.document, name: document.name, operator, ...(purpose !== undefined && { purpose }) }
  }
}
