import type { Actions } from '../app'
import { h } from '../dom'
import { kindOf } from '../files'
import type { State } from '../state'
import { TEXTS, type Texts } from '../texts'
import type { CompareSince, OpenViewer, PageViewer } from '../viewer/page-viewer'
import { isUnsealed } from '../wording'
import { drawBrand } from './brand'
import { drawChooser, drawProblems } from './chooser'
import { comparisonDrawer } from './comparison'
import { drawDeposit } from './deposit'
import { drawLists } from './lists'
import { type OpenPages, openPages } from './pages'
import { drawPaper } from './paper'
import { drawReportFile } from './report-file'
import { drawSeal } from './seal'
import { drawSent } from './sent'
import { drawTrust } from './trust'
import { drawVerdict } from './verdict'

/** What the drawing of the page needs. `host` is absent where the page makes no connection. */
export interface Stage {
  readonly root: HTMLElement
  readonly host?: string
  readonly openViewer: OpenViewer
  readonly compareSince: CompareSince
  readonly now: () => Date
}

/** A part of the page, drawn again only when what it shows has changed. */
interface Region {
  readonly element: HTMLElement
  readonly shows: (state: State) => readonly unknown[]
  readonly draw: (state: State, texts: Texts) => readonly (Node | undefined)[]
  shown?: readonly unknown[]
}

/** Lays the page out once; the function it returns shows a state. */
export function stagePage(stage: Stage, actions: Actions): (state: State) => void {
  const regions = regionsOf(stage, actions)
  const live = h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' })
  stage.root.replaceChildren(...regions.map(({ element }) => element), live)
  return (state) => {
    const texts = TEXTS[state.language]
    document.documentElement.lang = texts.code
    document.title = `${texts.title} · Cinnabar`
    for (const region of regions) redraw(region, state, texts)
    announce(live, state, texts)
  }
}

function regionsOf(stage: Stage, actions: Actions): Region[] {
  const alone = stage.host === undefined
  const region = (
    tag: 'header' | 'footer' | 'div',
    name: string,
    shows: Region['shows'],
    draw: Region['draw'],
  ): Region => ({
    element: h(tag, { class: `region ${name}` }),
    shows: (state) => [state.language, ...shows(state)],
    draw,
  })
  const drawPages = pageDrawer(stage.openViewer)
  const drawComparison = comparisonDrawer(stage.compareSince)
  return [
    region(
      'header',
      'top',
      () => [],
      (state, texts) => drawTop(state, texts, actions),
    ),
    region(
      'div',
      'on-paper',
      (s) => [s.paper, s.check.phase === 'done'],
      (state, texts) => [drawPaper(state, texts)],
    ),
    region(
      'div',
      'intro',
      (s) => [s.document === undefined],
      (state, texts) => drawIntro(state, texts),
    ),
    region(
      'div',
      'choose',
      (s) => [s.document, s.evidence],
      (s, texts) => [drawChooser(s, texts, actions, alone)],
    ),
    region(
      'div',
      'problem-list',
      (s) => [s.problems],
      (state, texts) => [drawProblems(state, texts)],
    ),
    region(
      'div',
      'result',
      (s) => [s.check, s.trust, s.paper],
      (state, texts) => [drawVerdict(state, texts)],
    ),
    region('div', 'seals', (s) => [s.check], drawSeals),
    region('div', 'page-region', (s) => [reportOf(s), s.document], drawPages),
    region(
      'div',
      'comparing',
      (s) => [s.document, isSealedPdf(s)],
      (state, texts) => drawComparison(state.document?.bytes, isSealedPdf(state), texts),
    ),
    region(
      'div',
      'file',
      (s) => [s.check],
      (state, texts) => [drawReportFile(state, texts, actions)],
    ),
    region(
      'div',
      'trusted',
      (s) => [s.trust, s.candidate, s.servedDiffers],
      (state, texts) => [drawTrust(state, texts, actions, alone)],
    ),
    region(
      'div',
      'listed',
      (s) => [s.lists, s.check.phase],
      (state, texts) => [drawLists({ ...state, checkedAt: stage.now() }, texts, actions)],
    ),
    region(
      'div',
      'sending',
      (s) => [s.requests.length],
      (state, texts) => [drawSent(state, texts, stage.host)],
    ),
    region(
      'footer',
      'bottom',
      () => [],
      (_, texts) => [
        h('p', {}, texts.footer),
        ...(alone ? [] : [h('p', {}, h('a', { href: '/console.html' }, texts.toConsole))]),
      ],
    ),
  ]
}

function redraw(region: Region, state: State, texts: Texts) {
  const shows = region.shows(state)
  if (region.shown?.every((value, index) => value === shows[index])) return
  const focused = region.element.contains(document.activeElement) ? document.activeElement?.id : undefined
  region.shown = shows
  region.element.replaceChildren(...region.draw(state, texts).filter((node) => node !== undefined))
  if (focused) document.getElementById(focused)?.focus()
}

function drawTop({ language }: State, texts: Texts, actions: Actions): readonly Node[] {
  return [
    h('a', { class: 'skip', href: '#files' }, texts.skip),
    drawBrand(language, () => actions.setLanguage(language === 'zh' ? 'en' : 'zh')),
  ]
}

function drawIntro({ document }: State, texts: Texts): readonly Node[] {
  return [h('h1', {}, texts.title), ...(document === undefined ? [h('p', { class: 'lead' }, texts.intro)] : [])]
}

function reportOf({ check }: State) {
  return check.phase === 'done' ? check.report : undefined
}

/** Whether the document is a PDF with signatures that was read. */
function isSealedPdf(state: State): boolean {
  const bytes = state.document?.bytes
  const isSigned = (reportOf(state)?.signatures.length ?? 0) > 0
  return isSigned && bytes !== undefined && kindOf(bytes) === 'pdf'
}

function drawSeals(state: State, texts: Texts): readonly Node[] {
  const report = reportOf(state)
  if (report === undefined) return []
  return [
    ...report.signatures.map((_, index) => drawSeal(report, index, texts)),
    ...(report.deposits ?? []).map((_, index) => drawDeposit(report, index, texts)),
  ]
}

/** Draws the pages, keeping the opened document while only words or verdicts change. */
function pageDrawer(openViewer: OpenViewer): Region['draw'] {
  let pages: OpenPages | undefined
  let opened: { readonly bytes: Uint8Array; readonly viewer: Promise<PageViewer> } | undefined
  return (state, texts) => {
    const report = reportOf(state)
    const bytes = state.document?.bytes
    pages?.close()
    if (opened && opened.bytes !== bytes) {
      opened.viewer.then((viewer) => viewer.close()).catch(console.warn)
      opened = undefined
    }
    // A file that cannot be read without guessing is not shown as if it could.
    const isPdf = bytes !== undefined && kindOf(bytes) === 'pdf'
    const isRead = report !== undefined && (isUnsealed(report) || report.code === 'DEPOSITED')
    const readable = report !== undefined && isPdf && (report.signatures.length > 0 || isRead)
    if (!readable || bytes === undefined) return []
    pages = openPages(
      report,
      () => {
        opened ??= { bytes, viewer: openViewer(bytes) }
        return opened.viewer
      },
      texts,
    )
    return [pages.element]
  }
}

/** Tells a screen reader the verdict, once, in one sentence. */
function announce(live: HTMLElement, state: State, texts: Texts) {
  const { check } = state
  const title = document.getElementById('verdict-title')?.textContent
  const said = check.phase === 'working' ? texts.working[check.step] : check.phase === 'done' ? title : ''
  if (live.textContent !== said) live.textContent = said ?? ''
}
