import type { Logger } from '../log'
import { compactPeople, type Retention } from '../people/compact'
import { type RenewalParts, renewSeals } from './seal-renewal'
import { bringRevocations } from './seal-revocation'

/** What {@link keepUp} works with. */
export interface UpkeepParts extends RenewalParts {
  readonly log: Logger
  readonly retention: Retention
}

const EVERY_MS = 3600_000

/**
 * Renews seals before their certificates end, brings revocations to CRLs and forgets what has been kept long enough: now,
 * every hour, and whenever a revocation is recorded. What fails is told and tried again at the next turn.
 * @returns stops it, and waits for a turn under way.
 */
export function keepUp(parts: UpkeepParts): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const turn = () => {
    last = last.then(() => upkeep(parts))
  }
  const timer = setInterval(turn, EVERY_MS).unref()
  const unfollow = parts.ledger.follow(({ entries }) => {
    if (entries.some((entry) => entry.kind === 'register' && entry.change === 'certificateRevoked')) turn()
  })
  turn()
  return async () => {
    clearInterval(timer)
    unfollow()
    await last
  }
}

async function upkeep(parts: UpkeepParts): Promise<void> {
  const { log } = parts
  const told = (message: string) => (error: unknown) =>
    log.error(message, { error: error instanceof Error ? error : new Error(String(error)) })
  await bringRevocations(parts).catch(told('a revocation did not reach its CRL; it is tried again'))
  const renewed = await renewSeals(parts).catch((error) => {
    told('a seal was not renewed; it is tried again')(error)
    return []
  })
  await compact(parts).catch(told('old log-ins and events were not removed; it is tried again'))
  for (const { institution, id } of renewed) log.info('renewed a seal', { institution, seal: id })
}

async function compact({ store, clock, ledger, retention, log }: UpkeepParts): Promise<void> {
  const institutions = (await ledger.institutions()).map(({ id }) => id)
  const { families, events } = await compactPeople({ store, clock, institutions, ...retention })
  if (families + events > 0) log.info('removed log-ins and events that were kept long enough', { families, events })
}
