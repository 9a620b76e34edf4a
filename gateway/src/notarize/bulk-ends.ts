import { type BulkDocumentRecord, type BulkEnd, type BulkJobRecord, documentsOfBulk } from './bulk-records'
import type { Surroundings } from './ports'
import { change } from './records'

/** How a document ended, before its end has its number. */
export type Ended = Omit<BulkEnd, 'event'>

interface Waiting {
  readonly id: string
  readonly end: Ended
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes down how the documents of one bulk job end, and numbers the ends. One append ends many documents at once: they are
 * written together, so that the job's count is changed once for all of them.
 */
export class BulkEnds {
  readonly #write: (some: readonly Waiting[]) => Promise<void>
  #waiting: Waiting[] = []
  #writing = false

  /** @param patiently - tries again what fails by the store alone. */
  constructor(
    env: Pick<Surroundings, 'store'>,
    bulk: string,
    patiently: <T>(work: () => Promise<T>) => Promise<T>,
    onWritten: () => void,
  ) {
    this.#write = async (some) => {
      await patiently(() => writeEnds(env, bulk, some))
      onWritten()
    }
  }

  /** Resolves when it is durable. A document that has an end keeps it. */
  record(id: string, end: Ended): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, end, resolve, reject })
      if (!this.#writing) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#writing = true
    // What ends in the same turn of the event loop goes together.
    await Promise.resolve()
    for (let some = this.#waiting.splice(0); some.length > 0; some = this.#waiting.splice(0)) {
      try {
        await this.#write(some)
        for (const { resolve } of some) resolve()
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
    this.#writing = false
  }
}

/** The numbers first: after a crash between the two some are left out, and none is given twice. */
async function writeEnds(
  { store }: Pick<Surroundings, 'store'>,
  bulk: string,
  some: readonly Pick<Waiting, 'id' | 'end'>[],
): Promise<void> {
  const job = await change<BulkJobRecord>(store, 'bulkJobs', bulk, (now) => ({
    ...now,
    events: now.events + some.length,
  }))
  const before = (job?.events ?? some.length) - some.length
  await Promise.all(
    some.map(({ id, end }, i) =>
      change<BulkDocumentRecord>(store, 'bulkDocuments', id, (document) =>
        document.end === undefined ? { ...document, end: { ...end, event: before + i + 1 } } : undefined,
      ),
    ),
  )
}

/** The documents that ended after the event, in the order of their ends. */
export async function endsAfter({ store }: Pick<Surroundings, 'store'>, bulk: string, event: number) {
  const documents = await documentsOfBulk(store, bulk)
  const eventOf = ({ value }: (typeof documents)[number]) => value.end?.event ?? 0
  return documents.filter((one) => eventOf(one) > event).sort((a, b) => eventOf(a) - eventOf(b))
}
