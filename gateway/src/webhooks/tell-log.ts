import { type Append, type InstitutionId, type Ledger, type RegisterEntry, timeOf } from '@cinnabar/core'
import { setSetting } from '../notarize/records'
import type { TellerParts } from './tell-ended'
import { type WebhookEvent, type WebhookEventType, webhookEvent } from './webhook-events'

/** How far an institution's log was told. */
interface LogTold {
  readonly next: number
}

export interface LogTellerParts extends TellerParts {
  readonly ledger: Pick<Ledger, 'head' | 'appendOf' | 'seals' | 'certificate'>
}

function idOf(institution: InstitutionId): string {
  return `webhooks/log/${institution}`
}

/** From now on: what the log holds already is told to nobody. @throws {@link LedgerError} `LEDGER_UNAVAILABLE`. */
export async function tellLogFromNow(
  { store, ledger }: Pick<LogTellerParts, 'store' | 'ledger'>,
  institution: InstitutionId,
): Promise<void> {
  const { size } = await ledger.head(institution)
  await setSetting<LogTold>(store, idOf(institution), { next: size })
}

/**
 * Tells of what the ledger appended to the institution's log, whoever had it appended: a use of a seal that this service
 * never made is told like its own. How far it was told is written down after the telling: a crash between tells again.
 * @throws {@link LedgerError}.
 */
export async function tellLog(parts: LogTellerParts, institution: InstitutionId): Promise<void> {
  const { store, ledger, tell } = parts
  const told = await store.get<LogTold>('settings', idOf(institution))
  if (told === undefined) return tellLogFromNow(parts, institution)
  const { size } = await ledger.head(institution)
  for (let { next } = told.value; next < size; ) {
    const append = await ledger.appendOf(institution, next)
    if (append === undefined) return
    await tell(await eventsOf(parts, append))
    next = append.size
    await setSetting<LogTold>(store, idOf(institution), { next })
  }
}

async function eventsOf(parts: LogTellerParts, append: Append): Promise<readonly WebhookEvent[]> {
  const { institution, from, size, recordedAt: at, entries = [] } = append
  const grown = webhookEvent(String(from), { institution, type: 'log.appended', at, data: { from, size } })
  const changes = entries.map(async (entry, i) => {
    const index = from + i
    const data = { change: entry.change, index, ...(await subjectOf(parts, entry)) }
    return webhookEvent(String(index), { institution, type: typeOf(entry), at, data })
  })
  return [grown, ...(await Promise.all(changes))]
}

const SEAL_CHANGES: readonly string[] = ['sealRegistered', 'sealSuspended', 'sealResumed', 'sealRetired', 'sealRenewed']

function typeOf({ change }: RegisterEntry): WebhookEventType {
  if (SEAL_CHANGES.includes(change)) return 'seal.changed'
  return change === 'certificateRevoked' ? 'certificate.revoked' : 'register.changed'
}

async function subjectOf(
  { ledger }: LogTellerParts,
  { institution, change, subject }: RegisterEntry,
): Promise<Readonly<Record<string, string>>> {
  if (SEAL_CHANGES.includes(change)) return { seal: subject }
  if (change !== 'certificateRevoked') return { subject }
  const seals = await ledger.seals(institution)
  const found = seals.find(({ seal }) => seal.certificate === subject)
  return { certificate: subject, ...(found && { seal: found.seal.id }) }
}

const DAY_MS = 24 * 3600_000
/** Days before the end at which a certificate is told of; seals that this service can renew are renewed long before. */
const WARNED_DAYS = [1, 7, 14]

/** Tells of certificates of seals in use that end soon. @throws {@link LedgerError}. */
export async function tellExpiring(parts: LogTellerParts, institution: InstitutionId): Promise<void> {
  const { ledger, clock, tell } = parts
  const now = clock.now().getTime()
  for (const { seal } of await ledger.seals(institution)) {
    const record = seal.status === 'retired' ? undefined : await ledger.certificate(institution, seal.certificate)
    if (record === undefined || record.revocation !== undefined) continue
    const end = new Date(record.notAfter).getTime()
    const days = WARNED_DAYS.find((one) => end - now <= one * DAY_MS)
    if (days === undefined || end <= now) continue
    const data = { certificate: record.digest, seal: seal.id, notAfter: record.notAfter, days }
    const at = timeOf(new Date(end - days * DAY_MS))
    const event = { institution, type: 'certificate.expiring', at, data, lasting: true } as const
    await tell([webhookEvent(`${record.digest} ${days}`, event)])
  }
}
