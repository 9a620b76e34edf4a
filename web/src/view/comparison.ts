import { type RevisionComparison, type SealedRevision, sealedRevisions } from '@cinnabar/core'
import { button, h, printable } from '../dom'
import type { Texts } from '../texts'
import type { CompareSince } from '../viewer/page-viewer'
import { type DifferingPage, drawDifference, drawRemark } from './difference'

/** One document's comparison, kept while words or verdicts around it change. */
interface Session {
  readonly file: Uint8Array
  revisions: readonly SealedRevision[]
  chosen?: SealedRevision
  stop: AbortController
  progress?: { readonly page: number; readonly of: number }
  pages: DifferingPage[]
  result?: RevisionComparison
}

/** Where a session is drawn at present. */
interface Board {
  readonly texts: Texts
  readonly controls: HTMLElement
  readonly status: HTMLElement
  readonly list: HTMLElement
}

/** Draws the comparison with what was sealed; nothing of it is loaded or read before the reader asks. */
export function comparisonDrawer(compareSince: CompareSince) {
  let session: Session | undefined
  let board: Board | undefined

  const showStatus = (): void => {
    if (board && session) board.status.replaceChildren(...drawStatus(session, board.texts))
  }
  const showControls = (): void => {
    if (board && session) board.controls.replaceChildren(...drawControls(session, board.texts, start))
  }
  const start = (revision?: SealedRevision): void => {
    if (session === undefined) return
    letGo(session)
    const revisions = session.revisions.length > 0 ? session.revisions : sealedRevisions(session.file)
    const chosen = revision ?? revisions[0]
    const fresh: Session = { file: session.file, revisions, chosen, stop: new AbortController(), pages: [] }
    session = fresh
    board?.list.replaceChildren()
    showControls()
    showStatus()
    if (chosen !== undefined) void run(fresh, chosen)
  }
  const run = async (own: Session, revision: SealedRevision): Promise<void> => {
    own.result = await compareSince(own.file, revision, {
      signal: own.stop.signal,
      onPage: (page, of) => {
        own.progress = { page, of }
        if (session === own) showStatus()
      },
      onDifference: (page, pictures) => {
        own.pages.push({ page, pictures })
        if (session === own && board) board.list.append(drawDifference({ page, pictures }, board.texts))
      },
    }).catch((error: unknown): RevisionComparison => failed(own, revision, error))
    if (session === own) showStatus()
    else letGo(own)
  }
  return (file: Uint8Array | undefined, isShown: boolean, texts: Texts): readonly Node[] => {
    if (session !== undefined && session.file !== file) {
      letGo(session)
      session = undefined
    }
    if (file === undefined || !isShown) return []
    session ??= { file, revisions: [], stop: new AbortController(), pages: [] }
    const [controls, status, list] = [h('div', { class: 'buttons' }), h('div', { role: 'status' }), h('div')]
    board = { texts, controls, status, list }
    list.append(...session.pages.map((one) => drawDifference(one, texts)))
    showControls()
    showStatus()
    return [drawSection(board)]
  }
}

function drawSection({ texts, controls, status, list }: Board): HTMLElement {
  return h(
    'section',
    { class: 'comparison', 'aria-labelledby': 'comparison-title' },
    h('h2', { id: 'comparison-title' }, texts.comparison.heading),
    h('p', { class: 'note' }, texts.comparison.note),
    controls,
    status,
    list,
  )
}

/** A fault of ours or of the library is told like any other: the verdict stands. */
function failed({ pages }: Session, { field, end }: SealedRevision, error: unknown): RevisionComparison {
  console.warn(error)
  const remark = { code: 'ENGINE_FAILED', detail: '' } as const
  const none = { pagesBefore: 0, pagesAfter: 0, pagesCompared: pages.length }
  return { ...none, field, bytes: end, state: 'unread', differing: [], remarks: [remark] }
}

function letGo({ stop, pages }: Session): void {
  stop.abort()
  for (const { pictures } of pages) {
    for (const address of Object.values(pictures)) URL.revokeObjectURL(address)
  }
}

function drawControls(
  { chosen, revisions }: Session,
  { comparison }: Texts,
  start: (revision?: SealedRevision) => void,
): readonly Node[] {
  if (chosen === undefined) return [button(comparison.start, () => start())]
  if (revisions.length < 2) return []
  return revisions.map((one) =>
    button(printable(comparison.since(one.field)), () => start(one), { 'aria-pressed': String(one === chosen) }),
  )
}

function drawStatus({ chosen, progress, result }: Session, texts: Texts): readonly Node[] {
  const { comparison } = texts
  if (chosen === undefined) return []
  if (result === undefined) {
    const said = progress ? comparison.working(progress.page, progress.of) : comparison.loading
    return [h('p', { class: 'working' }, said)]
  }
  const lead = printable(comparison.since(result.field))
  return [
    h(
      'p',
      { class: 'comparison-state' },
      h('strong', {}, `${lead}${texts.colon}`),
      comparison.state[result.state](result),
    ),
    ...(result.state === 'differs' ? [h('p', { class: 'note' }, comparison.differingMeans)] : []),
    ...(result.state === 'same' ? [h('p', { class: 'note' }, comparison.sameMeans)] : []),
    ...result.remarks.slice(0, MAX_REMARKS).map((remark) => drawRemark(remark, texts)),
    ...(result.remarks.length > MAX_REMARKS
      ? [h('p', { class: 'warn' }, comparison.more(result.remarks.length - MAX_REMARKS))]
      : []),
  ]
}

const MAX_REMARKS = 20
