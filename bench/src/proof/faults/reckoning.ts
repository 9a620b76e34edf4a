/** A use that stands in a log, as the ledger has it. */
export interface LoggedUse {
  readonly institution: string
  readonly index: number
  readonly seal: string
  readonly useNumber: number
  readonly commitment: string
}

/** A use as the gateway's store has it. */
export interface StoredUse {
  readonly institution: string
  readonly job: string
  /** Digest of its opening: what its entry must hold. */
  readonly commitment: string
  /** Index that its receipt names; undefined without a receipt. */
  readonly index?: number
}

/** What ledger and store say of the acknowledged jobs, once everything has settled. */
export interface Reckoning {
  readonly acknowledged: number
  /** Acknowledged jobs that are not in the log where the receipt in the store says. */
  readonly lost: readonly string[]
  /** Commitments that stand in a log more than once. */
  readonly twice: readonly string[]
  /** Entries among or after this store's own that it does not know. */
  readonly unknown: readonly string[]
  /** Entries whose use number is not the seal's next. */
  readonly misnumbered: readonly string[]
  readonly entries: number
}

/**
 * Compares the jobs that were acknowledged with the store, and the store with the logs.
 * @param logs - each log's uses in its order, from the log's first entry on.
 */
export function reckon(
  acknowledged: readonly string[],
  stored: readonly StoredUse[],
  logs: readonly LoggedUse[],
): Reckoning {
  const placeOf = (institution: string, index: number) => `${institution}/${index}`
  const logged = new Map(logs.map((use) => [placeOf(use.institution, use.index), use]))
  const byJob = new Map(stored.map((use) => [use.job, use]))
  const isRecorded = (job: string) => {
    const use = byJob.get(job)
    if (use?.index === undefined) return false
    return logged.get(placeOf(use.institution, use.index))?.commitment === use.commitment
  }
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((job) => !isRecorded(job)),
    twice: repeated(logs.map(({ commitment }) => commitment)),
    unknown: unknownTo(stored, logs).map(({ institution, index }) => placeOf(institution, index)),
    misnumbered: misnumberedIn(logs).map(({ institution, index }) => placeOf(institution, index)),
    entries: logs.length,
  }
}

function repeated(all: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return all.filter((one) => seen.size === seen.add(one).size)
}

/** A network outlives a data folder: what stands before this store's first entry is another's. */
function unknownTo(stored: readonly StoredUse[], logs: readonly LoggedUse[]): readonly LoggedUse[] {
  const known = new Set(stored.map(({ commitment }) => commitment))
  const first = new Map<string, number>()
  for (const { institution, index, commitment } of logs) {
    if (known.has(commitment) && !first.has(institution)) first.set(institution, index)
  }
  return logs.filter(
    ({ institution, index, commitment }) =>
      !known.has(commitment) && index > (first.get(institution) ?? Number.MAX_SAFE_INTEGER),
  )
}

function misnumberedIn(logs: readonly LoggedUse[]): readonly LoggedUse[] {
  const counts = new Map<string, number>()
  return logs.filter(({ institution, seal, useNumber }) => {
    const next = (counts.get(`${institution}/${seal}`) ?? 0) + 1
    counts.set(`${institution}/${seal}`, next)
    return useNumber !== next
  })
}
