import type { Digest } from '@cinnabar/core'
import { foreign, h, printable } from '../dom'
import type { DepositJob } from './api'
import { drawJobLines } from './deposit-jobs'
import { hashFile } from './deposit-parts'
import { ApiError } from './http'
import { field, panel, shortDigest, table, workButton } from './parts'
import type { Desk } from './screens'

/** As many as one request takes. */
const MAX_FILES = 10_000
/** More than that is counted, not listed, before they are deposited. */
const MAX_LISTED = 20
const POLL_MS = 400

interface Chosen {
  readonly name: string
  readonly size: number
  readonly digest: Digest
}

/** Choosing files, hashing them here, and having their digests recorded. */
export function drawDepositForm(desk: Desk, changed: () => Promise<void>): HTMLElement {
  const { texts } = desk
  const { deposits: words } = texts.console
  const input = h('input', { id: 'deposit-files', type: 'file', multiple: true })
  const named = h('input', { id: 'deposit-names', type: 'checkbox' })
  const chosenPlace = h('div', { 'aria-live': 'polite' })
  let turn = 0
  const choose = async () => {
    const mine = ++turn
    const outcome = await hashAll([...(input.files ?? [])], {
      desk,
      tell: (text) => mine === turn && chosenPlace.replaceChildren(h('p', { class: 'working' }, text)),
    })
    if (mine !== turn) return
    const isNamed = () => named.checked
    chosenPlace.replaceChildren(...outcome.problems, drawChosen(outcome.chosen, { desk, changed, isNamed }))
  }
  input.addEventListener('change', () => void choose().catch(console.error))
  return panel(
    words.title,
    field(words.choose, input, words.sent),
    h('label', { class: 'choice' }, named, h('span', {}, words.withNames)),
    chosenPlace,
  )
}

/** One after the other: a page holds one file at a time. */
async function hashAll(files: readonly File[], { desk, tell }: { desk: Desk; tell: (text: string) => unknown }) {
  const { deposits: words } = desk.texts.console
  const chosen: Chosen[] = []
  const problems: HTMLElement[] = []
  const complain = (text: string) => problems.push(h('p', { class: 'warn' }, text))
  if (files.length > MAX_FILES) complain(words.tooMany(MAX_FILES))
  for (const file of files.slice(0, MAX_FILES)) {
    const name = printable(file.name)
    tell(words.hashing(name))
    const hashed = await hashFile(file)
    if (typeof hashed === 'string') complain(words[hashed](name))
    else chosen.push({ name: file.name, size: file.size, digest: hashed.digest })
  }
  return { chosen, problems }
}

interface Depositing {
  readonly desk: Desk
  readonly changed: () => Promise<void>
  readonly isNamed: () => boolean
}

function drawChosen(chosen: readonly Chosen[], { desk, changed, isNamed }: Depositing): HTMLElement {
  const { texts } = desk
  const { deposits: words } = texts.console
  if (chosen.length === 0) return h('div')
  const { columns } = words
  const bytes = new Intl.NumberFormat(texts.locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })
  const listing = table<Chosen>(
    words.choose,
    [
      { head: columns.file, cell: ({ name }) => [foreign(name)] },
      { head: columns.size, cell: ({ size }) => [bytes.format(size / 1000)] },
      { head: columns.digest, cell: ({ digest }) => [shortDigest(digest)] },
    ],
    { rows: chosen.slice(0, MAX_LISTED) },
  )
  const rest = chosen.length - MAX_LISTED
  const problem = h('div', { role: 'alert' })
  const progress = h('div', { 'aria-live': 'polite' })
  // One key for these files: pressed twice, or after a broken connection, they are still deposited once.
  const key = crypto.randomUUID()
  const work = async () => {
    const job = await ask(chosen, { desk, key, isNamed: isNamed() })
    asking.replaceChildren()
    await follow(job, { desk, chosen, progress })
    await changed()
  }
  const go = workButton(words.deposit(chosen.length), { texts, problem, work, attributes: { class: 'primary' } })
  const more = rest > 0 ? h('p', { class: 'note' }, words.several(chosen[0].name, chosen.length)) : undefined
  const asking = h('div', {}, listing, more, h('div', { class: 'buttons' }, go))
  return h('div', {}, asking, problem, progress)
}

function ask(chosen: readonly Chosen[], { desk, key, isNamed }: { desk: Desk; key: string; isNamed: boolean }) {
  const nameOf = (name: string) => name.replace(/[\p{Cc}\p{Cf}]/gu, '_').slice(0, 200)
  const deposits = chosen.map(({ digest, name }) => ({ digest, ...(isNamed && { name: nameOf(name) }) }))
  // What is asked for is part of what a key stands for.
  return desk.api.deposit(deposits, `${key}${isNamed ? '-named' : ''}`)
}

const ENDED: readonly string[] = ['anchored', 'refused', 'failed']

async function follow(
  first: DepositJob,
  { desk, chosen, progress }: { desk: Desk; chosen: readonly Chosen[]; progress: HTMLElement },
) {
  const { api, texts } = desk
  const { deposits: words } = texts.console
  let job = first
  while (!ENDED.includes(job.state)) {
    const waiting =
      job.waitingFor === undefined ? undefined : h('p', { class: 'warn' }, words.waitingFor(job.waitingFor))
    progress.replaceChildren(h('p', { class: 'working' }, `${words.states[job.state]}…`), ...(waiting ? [waiting] : []))
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    job = await api.depositJob(job.id)
  }
  const names = new Map(chosen.map(({ digest, name }) => [digest as string, name]))
  const lines = drawJobLines(job.id, { api, texts, names })
  await lines.restart()
  progress.replaceChildren(lines.element, h('p', { class: 'note' }, words.evidenceHint))
  if (job.state !== 'anchored')
    throw new ApiError(job.code ?? job.state, job.detail ?? words.states[job.state], job.advice)
}
