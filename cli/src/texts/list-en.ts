import type { LogEntry, Seal, SealBook, User, Webhook, WebhookDelivery } from '@cinnabar/client'
import type { Names, RecognisedConsortium, TrustList } from '@cinnabar/core'

const KINDS: Readonly<Record<Seal['kind'], string>> = {
  official: 'official',
  contract: 'contract',
  finance: 'finance',
  invoice: 'invoice',
  legalRepresentative: 'legal representative',
}

const GAPS: Readonly<Record<SealBook['gaps'][number]['code'], string>> = {
  NUMBER_SKIPPED: 'is not in the log',
  NUMBER_REPEATED: 'is in the log more than once',
  RECORD_MISSING: 'is in the log, but not in the store',
  DETAILS_MISSING: 'has no document or purpose in the store',
  ENTRY_MISSING: 'is in the store, but not in the log',
}

function both({ en, zh }: Names): string {
  return `${en} (${zh})`
}

/** Heads and lines of lists, in the order of their columns. */
export const listEn = {
  seals: ['ID', 'KIND', 'STATUS', 'USES', 'UNTIL', 'NAME'] as readonly string[],
  seal: ({ id, kind, status, uses, notAfter, displayName }: Seal): readonly string[] => [
    ...[id, KINDS[kind] ?? kind, status, String(uses), notAfter, displayName],
  ],
  entries: ['INDEX', 'KIND', 'TIME', 'OF'] as readonly string[],
  entry: (index: number, entry: LogEntry): readonly string[] => {
    if (entry.kind === 'register') return [String(index), 'register', '', `${entry.change} ${entry.subject}`]
    const of = entry.kind === 'deposit' ? '' : `${entry.seal}, use ${entry.useNumber}`
    return [String(index), entry.kind === 'deposit' ? 'deposit' : 'seal use', entry.tokenTime, of]
  },
  logSize: (institution: string, size: number) => `the log of ${institution} has ${size} entries`,
  book: ['NUMBER', 'TIME', 'OPERATOR', 'DOCUMENT', 'PURPOSE'] as readonly string[],
  bookLine: ({ number, time, operator, document, purpose }: SealBook['lines'][number]): readonly string[] => [
    ...[String(number), time, operator ?? '-', document?.name ?? '-', purpose ?? '-'],
  ],
  bookEnd: (complete: boolean, last: number) =>
    complete ? `complete: every number up to ${last} is one entry of the log` : `NOT complete up to number ${last}`,
  gap: (code: SealBook['gaps'][number]['code'], number: number) => `  number ${number} ${GAPS[code] ?? code} [${code}]`,
  bookWritten: (path: string) => `book written to ${path}`,
  users: ['USER', 'STATUS', 'SINCE', 'ROLES'] as readonly string[],
  user: ({ user, status, createdAt, roles }: User): readonly string[] => [user, status, createdAt, roles.join(' ')],
  webhooks: ['ID', 'STATUS', 'URL', 'EVENTS'] as readonly string[],
  webhook: ({ id, status, offReason, url, events }: Webhook): readonly string[] => [
    ...[id, offReason === undefined ? status : `${status} (${offReason})`, url, events.join(' ')],
  ],
  secret: (secret: string) => `secret, shown this once: ${secret}`,
  trustList: ({ name, operator, sequence, issued, expires }: TrustList, key: string): readonly string[] => [
    `${both(name)}, version ${sequence}`,
    `  operator: ${both(operator.name)}`,
    `  key: ${key}`,
    `  in force: from ${issued} until ${expires}`,
  ],
  consortium: ({ trust, region, withdrawnAt }: RecognisedConsortium, fingerprint: string): readonly string[] => [
    `${region}  ${both(trust.name)}${withdrawnAt === undefined ? '' : `, WITHDRAWN from ${withdrawnAt} on`}`,
    `  fingerprint: ${fingerprint}`,
    `  organisations: ${trust.organisations.map(({ id, names }) => `${id} (${names.en})`).join(', ')}`,
    ...(trust.demonstration ? ['  a demonstration: it proves no independence'] : []),
  ],
  policy: (institution: string, oids: readonly string[]) =>
    `  of ${institution} only with a policy: ${oids.join(', ')}`,
  listState: {
    pinned: 'it is as its operator signed it; you pinned the key',
    unpinned:
      'it is as whoever has this key signed it; nobody but you can say whose key that is: compare its digest with one that you got in another way',
  },
  listRefused: (code: string, reason: string) => `NOT to be judged by: ${reason} [${code}]`,
  deliveries: ['STATE', 'TYPE', 'AT', 'TRIES', 'LAST', 'ID'] as readonly string[],
  delivery: ({ id, state, type, at, tries, attempts }: WebhookDelivery): readonly string[] => {
    const last = attempts.at(-1)
    return [state, type, at, String(tries), last === undefined ? '-' : String(last.status ?? last.code), id]
  },
}
