import { button, foreign, h, printable } from '../dom'
import type { BulkJob, BulkLine } from './api'
import { drawBulkForm } from './bulk-form'
import { drawPages, type Pages } from './pages'
import { foldOut, panel, saveBlob, surely, table, tell, when } from './parts'
import type { Desk } from './screens'

const JOBS = 10
const LINES = 50
const OUTCOMES: Readonly<Partial<Record<BulkJob['state'] | BulkLine['state'], string>>> = {
  anchored: 'passed',
  refused: 'failed',
  failed: 'failed',
  missing: 'indeterminate',
  cancelled: 'indeterminate',
}

/** Many documents sealed with one seal: choose some, see how far each request has come, fetch what was sealed. */
export async function drawBulkJobs(desk: Desk): Promise<HTMLElement> {
  const { texts, person } = desk
  const { bulk: words } = texts.console
  const jobs = drawJobs(desk)
  await jobs.restart()
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.title),
    h('p', { class: 'lead' }, words.about),
    person.roles.includes('sealer') ? await drawBulkForm(desk, () => jobs.restart()) : undefined,
    panel(words.listTitle, jobs.element),
  )
}

function drawJobs(desk: Desk): Pages {
  const { api, texts } = desk
  const pages: Pages = drawPages<string>({
    texts,
    back: texts.console.newer,
    on: texts.console.older,
    load: async (cursor) => {
      const { bulkJobs, next } = await api.bulkJobs({ limit: JOBS, cursor })
      const items = bulkJobs.map((job) => drawJob(job, desk, () => pages.restart()))
      const list = items.length === 0 ? h('p', {}, texts.console.none) : h('ul', { class: 'jobs' }, ...items)
      return { content: [list], next }
    },
  })
  return pages
}

function drawJob(job: BulkJob, desk: Desk, reload: () => Promise<void>): HTMLElement {
  const { texts } = desk
  const { bulk: words, deposits } = texts.console
  const { open, place } = foldOut(deposits, () => {
    const lines = drawLines(job, desk)
    void lines.restart()
    return lines.element
  })
  const made = job.times.open
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'job' },
      h('p', { class: 'job-title' }, foreign(words.of(job.count, job.seal))),
      bulkState(job, desk),
      h('p', { class: 'job-by' }, foreign(job.requestedBy), ' · ', made && when(made, texts), bulkCounts(job, desk)),
      h('div', { class: 'job-act' }, mayCancel(job, desk) ? drawCancel(job, desk, reload) : undefined, open),
    ),
    place,
  )
}

function mayCancel({ state }: BulkJob, { person }: Desk): boolean {
  const isOpen = state === 'open' || state === 'sealing'
  return isOpen && person.roles.some((role) => role === 'sealer' || role === 'admin')
}

function drawCancel({ id }: BulkJob, { api, texts }: Desk, reload: () => Promise<void>): HTMLElement {
  const { bulk: words } = texts.console
  const work = async () => {
    await api.bulkStep(id, 'cancel')
    await reload()
  }
  return surely({ ask: words.cancel, sure: words.reallyCancel, work, texts })
}

function bulkState({ state, count, counts: { anchored = 0 } }: BulkJob, { texts }: Desk): HTMLElement {
  const whole = anchored === count ? 'passed' : 'failed'
  const outcome = state === 'ended' ? whole : (OUTCOMES[state] ?? '')
  return h('span', { class: `state ${outcome}` }, texts.console.bulk.states[state])
}

/** How many documents are in each state, in words. */
export function bulkCounts({ counts, waitingFor }: BulkJob, { texts }: Desk): HTMLElement {
  const { bulk: words, deposits } = texts.console
  const parts = Object.entries(counts).map(([state, n]) => `${words.lineStates[state as BulkLine['state']]} ${n}`)
  const waits =
    waitingFor === undefined ? undefined : h('span', { class: 'note' }, ` ${deposits.waitingFor(waitingFor)}`)
  return h('span', { class: 'counts' }, parts.join(texts.comma), waits)
}

/** The documents of one bulk job; what is sealed can be fetched. */
export function drawLines({ id }: Pick<BulkJob, 'id'>, desk: Desk): Pages {
  const { api, texts } = desk
  const { bulk: words, deposits, previous, next: following, range } = texts.console
  return drawPages<number>({
    texts,
    back: previous,
    on: following,
    load: async (from = 0) => {
      const { documents, count, next } = await api.bulkLines(id, { from, limit: LINES })
      const listing = table<BulkLine>(
        words.title,
        [
          { head: words.columns.number, class: 'number', cell: ({ number }) => [String(number + 1)] },
          {
            head: words.columns.file,
            cell: ({ name }) => [name === undefined ? deposits.unnamed : foreign(printable(name))],
          },
          { head: words.columns.state, cell: (line) => [lineState(line, desk)] },
          { head: words.columns.action, cell: (line) => [saveButtons(line, desk)] },
        ],
        { rows: documents },
      )
      return { content: [listing], next, said: range(from + 1, from + documents.length, count) }
    },
  })
}

function lineState({ state, code, detail, advice }: BulkLine, { texts }: Desk): HTMLElement {
  const { bulk: words, refusals } = texts.console
  const known = code !== undefined && Object.hasOwn(refusals, code) ? refusals[code] : undefined
  const said =
    code === undefined ? [] : [known ?? detail, known === undefined ? advice : undefined, texts.console.code(code)]
  return h(
    'span',
    {},
    h('span', { class: `state ${OUTCOMES[state] ?? ''}` }, words.lineStates[state]),
    ...said.filter((one) => one !== undefined).map((one) => h('span', { class: 'note why' }, foreign(one))),
  )
}

function saveButtons({ name = 'document.pdf', document, sealSignature, state }: BulkLine, { api, texts }: Desk) {
  if (state !== 'anchored' || document === undefined || sealSignature === undefined) return undefined
  const { bulk: words } = texts.console
  const problem = h('span', { role: 'alert' })
  const stem = printable(name).replace(/\.pdf$/i, '')
  const save = (label: string, file: string, load: () => Promise<Blob>) =>
    button(
      label,
      () =>
        void load()
          .then((blob) => saveBlob(file, blob))
          .catch((error) => tell(problem, error, texts)),
      { class: 'small' },
    )
  return h(
    'span',
    {},
    save(words.file, `${stem}.sealed.pdf`, () => api.file(document)),
    ' ',
    save(words.evidence, `${stem}.evidence.zip`, () => api.evidence(sealSignature)),
    problem,
  )
}
