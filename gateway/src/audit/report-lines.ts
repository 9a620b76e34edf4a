import type { AuditReport } from './report'
import { DIFFERENCE_TEXTS, GAP_TEXTS, type Language, WORDS } from './texts'

/** The report for people, a line each. */
export function reportLines(report: AuditReport, language: Language): readonly string[] {
  const say = (word: keyof typeof WORDS) => WORDS[word][language]
  const { trust, differences, differenceCount, gaps } = report
  const shown = differences.map(
    ({ code, where }) => `  [${code}] ${DIFFERENCE_TEXTS[code][language]}: ${placeText(where)}`,
  )
  const more = differenceCount - differences.length
  return [
    `${say('title')} ${report.channel} (${report.ledger}) ${report.at}`,
    `${say('trust')} ${trust.fingerprint}`,
    ...(trust.demonstration ? [`  ${say('demonstration')}`] : []),
    ...(trust.singleOperator ? [`  ${say('singleOperator')}`] : []),
    ...ledgerLines(report, say),
    ...keptLines(report, say),
    ...gaps.map(({ code, where }) => `${say('missed')}: [${code}] ${GAP_TEXTS[code][language]} ${placeText(where)}`),
    ...shown,
    ...(more > 0 ? [`  … ${more} ${say('more')}`] : []),
    report.outcome === 'differences' ? `${differenceCount} ${say('differences')}` : say(report.outcome),
  ]
}

type Say = (word: keyof typeof WORDS) => string

function ledgerLines(report: AuditReport, say: Say): readonly string[] {
  const { register, governance } = report
  const counts = (['institutions', 'certificates', 'seals', 'tsas'] as const).map(
    (kind) => `${register[kind]} ${say(kind)}`,
  )
  return [
    ...report.peers.map(
      (peer) => `${say('peer')} ${peer.organisation} ${peer.address}: ${peer.blocks} ${say('blocks')}`,
    ),
    `${report.blocks} ${say('blocks')}, ${report.transactions} ${say('transactions')}`,
    ...report.logs.map((log) => `${say('log')} ${log.institution}: ${log.size} ${say('entries')}, ${log.root}`),
    `${say('register')}: ${counts.join(', ')}`,
    ...(register.unjudged.length === 0 ? [] : [`  ${say('unjudged')}: ${register.unjudged.join(', ')}`]),
    ...(governance.length === 0
      ? []
      : [
          `${say('governance')}: ${governance.map(({ block, transaction }) => `${block}/${transaction.slice(0, 12)}`).join(', ')}`,
        ]),
  ]
}

function keptLines({ store, openings, restored }: AuditReport, say: Say): readonly string[] {
  return [
    ...(restored === undefined ? [] : [`${restored} ${say('restored')}`]),
    ...(store === undefined
      ? []
      : [
          `${say('store')} (${store.institutions.join(', ')}): ${store.uses} ${say('uses')}, ${store.receipts} ${say('receipts')}`,
        ]),
    ...(openings === undefined
      ? []
      : [`${say('openings')}: ${openings.opened} ${say('opened')}, ${openings.unopened} ${say('unopened')}`]),
  ]
}

function placeText(where: Readonly<Record<string, string | number>>): string {
  return Object.entries(where)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}
