import { foreign, h } from '../dom'
import type { Texts } from '../texts'
import type { ConsoleApi, DepositJob, DepositLine } from './api'
import { evidenceButton, stateWords } from './deposit-parts'
import { drawPages, type Pages } from './pages'
import { foldOut, shortDigest, table, when } from './parts'
import type { Desk } from './screens'

const JOBS = 10
const LINES = 50

/** The institution's requests to deposit, newest first, each opened to its files. */
export function drawDepositJobs({ api, texts }: Desk): Pages {
  return drawPages<string>({
    texts,
    back: texts.console.newer,
    on: texts.console.older,
    load: async (cursor) => {
      const { jobs, next } = await api.depositJobs({ limit: JOBS, cursor })
      const items = jobs.map((job) => drawJob(job, { api, texts }))
      const list = items.length === 0 ? h('p', {}, texts.console.none) : h('ul', { class: 'jobs' }, ...items)
      return { content: [list], next }
    },
  })
}

interface Parts {
  readonly api: ConsoleApi
  readonly texts: Texts
}

function drawJob(job: DepositJob, { api, texts }: Parts): HTMLElement {
  const { deposits: words } = texts.console
  const { name, count } = job
  const title = name === undefined ? words.count(count) : count === 1 ? name : words.several(name, count)
  const { open, place } = foldOut(words, () => {
    const lines = drawJobLines(job.id, { api, texts })
    void lines.restart()
    return lines.element
  })
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'job' },
      h('p', { class: 'job-title' }, foreign(title)),
      stateWords(job.state, texts),
      h('p', { class: 'job-by' }, foreign(job.requestedBy), ' · ', when(job.receivedAt, texts)),
      open,
    ),
    place,
  )
}

/** The files of one request, with the evidence of each. */
export function drawJobLines(
  job: string,
  { api, texts, names }: Parts & { names?: ReadonlyMap<string, string> },
): Pages {
  const { console: words } = texts
  const { columns, unnamed } = words.deposits
  // What was just chosen here has a name here, also where it was not sent.
  const known = (line: DepositLine): DepositLine => ({ ...line, name: line.name ?? names?.get(line.digest) })
  return drawPages<number>({
    texts,
    back: words.previous,
    on: words.next,
    load: async (from = 0) => {
      const { deposits, count, next } = await api.depositLines(job, { from, limit: LINES })
      const listing = table<DepositLine>(
        words.deposits.title,
        [
          { head: columns.file, cell: ({ name }) => [name === undefined ? unnamed : foreign(name)] },
          { head: columns.digest, cell: ({ digest }) => [shortDigest(digest)] },
          { head: columns.state, cell: ({ state }) => [stateWords(state, texts)] },
          { head: columns.action, cell: (one) => [evidenceButton(one, { api, texts })] },
        ],
        { rows: deposits.map(known) },
      )
      return { content: [listing], next, said: words.range(from + 1, from + deposits.length, count) }
    },
  })
}
