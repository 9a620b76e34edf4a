import type { InstitutionId, Ledger, LogHead, SealId, SealSignatureEntry } from '@cinnabar/core'

/** One use of a seal as the log has it. */
export interface PlacedUse {
  readonly index: number
  readonly entry: SealSignatureEntry
}

interface Read {
  readonly size: number
  readonly uses: readonly PlacedUse[]
}

const PAGE = 1000

/**
 * The uses of seals in each log. Entries never change, so that each is read from the ledger once; a class because it keeps
 * what was read: about half a kilobyte for each use.
 */
export class LogUses {
  readonly #ledger: Pick<Ledger, 'entries'>
  readonly #read = new Map<InstitutionId, Promise<Read>>()

  constructor(ledger: Pick<Ledger, 'entries'>) {
    this.#ledger = ledger
  }

  /** Those of one seal in the log up to this head, by index. @throws as `entries` of the ledger does. */
  async of({ institution, size }: Pick<LogHead, 'institution' | 'size'>, seal: SealId): Promise<readonly PlacedUse[]> {
    const before = this.#read.get(institution) ?? Promise.resolve({ size: 0, uses: [] })
    const reading = before.then((known) => this.#readOn(institution, known, size))
    // What could not be read is read again by the next.
    this.#read.set(
      institution,
      reading.catch(() => before),
    )
    const { uses } = await reading
    return uses.filter(({ index, entry }) => entry.seal === seal && index < size)
  }

  async #readOn(institution: InstitutionId, known: Read, size: number): Promise<Read> {
    if (known.size >= size) return known
    const found: PlacedUse[] = []
    for (let from = known.size; from < size; from += PAGE) {
      const page = await this.#ledger.entries(institution, from, Math.min(from + PAGE, size))
      page.forEach((entry, i) => {
        if (entry.kind === 'sealSignature') found.push({ index: from + i, entry })
      })
    }
    return { size, uses: [...known.uses, ...found] }
  }
}
