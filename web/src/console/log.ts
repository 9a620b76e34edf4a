import type { LogEntry, Time } from '@cinnabar/core'
import { foreign, h, row } from '../dom'
import type { Texts } from '../texts'
import { spaced } from '../view/trust'
import type { AttestedHead, LogHeadShown } from './api'
import { drawRecompute } from './log-proof'
import { drawPages } from './pages'
import { type Column, choice, field, panel, shortDigest, table, when } from './parts'
import type { Desk } from './screens'

const ENTRIES = 50
const HEADS = 10
const KINDS = ['all', 'sealSignature', 'deposit', 'register'] as const

/** The institution's log: its head and who signs it, a proof made here, entries and heads. */
export async function drawLog(desk: Desk): Promise<HTMLElement> {
  const { api, texts } = desk
  const { log: words } = texts.console
  const [head, seals] = await Promise.all([api.attestedHead(), api.seals()])
  const entries = drawEntries(
    desk,
    seals.map(({ id, displayName }) => [id, displayName] as const),
  )
  const heads = drawHeads(desk)
  await Promise.all([entries.load(), heads.restart()])
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.title),
    h('p', { class: 'lead' }, words.about),
    panel(words.head, drawHead(head, texts), drawRecompute(desk)),
    entries.element,
    panel(words.headsTitle, h('p', { class: 'note' }, words.headsAbout), heads.element),
  )
}

function drawHead({ size, root, attestations }: AttestedHead, texts: Texts): HTMLElement {
  const { log: words } = texts.console
  const said = attestations.map(({ kind, by }) => {
    if (kind === 'node') return words.node((by ?? '').replace(/^sha256:(.{8}).*(.{8})$/, '$1…$2'))
    return by ?? words.notTrusted
  })
  return h(
    'dl',
    { class: 'facts' },
    row(words.size, String(size)),
    row(words.root, h('code', { class: 'fingerprint' }, spaced(root))),
    row(words.attested, foreign(said.length === 0 ? words.nobody : said.join(texts.comma))),
  )
}

interface Placed {
  readonly index: number
  readonly entry: LogEntry
}

function drawEntries({ api, texts }: Desk, seals: readonly (readonly [string, string])[]) {
  const { log: words, older, newer, range, none } = texts.console
  const kind = choice(
    'log-kind',
    KINDS.map((one) => [one, words.kinds[one]] as const),
  )
  const seal = choice('log-seal', [['', words.anySeal], ...seals])
  const pages = drawPages<string>({
    texts,
    back: newer,
    on: older,
    load: async (cursor) => {
      const asked = {
        kind: kind.value === 'all' ? undefined : kind.value,
        seal: seal.value || undefined,
        ...{ order: 'descending', limit: ENTRIES, cursor },
      }
      const { entries, indices, size, next } = await api.log(asked)
      const rows = entries.map((entry, i) => ({ entry, index: indices[i] }))
      const shown = rows.length === 0 ? h('p', {}, none) : table(words.title, columnsOf(texts), { rows })
      const isAll = asked.kind === undefined && asked.seal === undefined && rows.length > 0
      const said = isAll ? range((indices.at(-1) ?? 0) + 1, indices[0] + 1, size) : undefined
      return { content: [shown], next, ...(said && { said }) }
    },
  })
  for (const one of [kind, seal]) one.addEventListener('change', () => void pages.restart())
  const filters = h('div', { class: 'filters' }, field(words.kind, kind), field(words.seal, seal))
  return { element: panel(words.entriesTitle, filters, pages.element), load: () => pages.restart() }
}

function columnsOf(texts: Texts): readonly Column<Placed>[] {
  const { columns } = texts.console.log
  return [
    { head: columns.index, class: 'number', cell: ({ index }) => [String(index)] },
    { head: columns.what, cell: ({ entry }) => [whatIs(entry, texts)] },
    {
      head: columns.time,
      class: 'time',
      cell: ({ entry }) => [entry.kind === 'register' ? '' : time(entry.tokenTime, texts)],
    },
    {
      head: columns.digest,
      cell: ({ entry }) => [shortDigest(entry.kind === 'register' ? entry.record : entry.commitment)],
    },
  ]
}

const time = (at: Time, texts: Texts) => when(at, texts)

function whatIs(entry: LogEntry, texts: Texts): HTMLElement | string {
  const { log: words } = texts.console
  if (entry.kind === 'deposit') return words.deposit
  if (entry.kind === 'sealSignature') return foreign(words.use(entry.seal, entry.useNumber))
  const change = Object.hasOwn(words.changes, entry.change) ? words.changes[entry.change] : entry.change
  return h('span', {}, change, ' ', h('span', { class: 'note' }, foreign(shortened(entry.subject))))
}

/** A subject is an id, or a digest. */
function shortened(subject: string): string {
  return subject.replace(/^sha256:(.{8}).{48}(.{8})$/, '$1…$2')
}

function drawHeads({ api, texts }: Desk) {
  const { log: words, older, newer } = texts.console
  const { headColumns: columns } = words
  return drawPages<string>({
    texts,
    back: newer,
    on: older,
    load: async (cursor) => {
      const { heads, next } = await api.heads({ limit: HEADS, cursor })
      const listing = table<LogHeadShown>(
        words.headsTitle,
        [
          { head: columns.size, class: 'number', cell: ({ size }) => [String(size)] },
          { head: columns.root, cell: ({ root }) => [shortDigest(root)] },
          { head: columns.time, class: 'time', cell: ({ recordedAt }) => [when(recordedAt, texts)] },
          {
            head: columns.transaction,
            cell: ({ transaction }) => [h('code', { title: transaction }, foreign(`${transaction.slice(0, 16)}…`))],
          },
        ],
        { rows: heads },
      )
      return { content: [heads.length === 0 ? h('p', {}, texts.console.none) : listing], next }
    },
  })
}
