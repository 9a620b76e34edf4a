import { foreign, h, printable } from '../dom'
import type { ConsoleApi, Deposit } from './api'
import { drawDepositForm } from './deposit-form'
import { drawDepositJobs } from './deposit-jobs'
import { evidenceButton, hashFile, stateWords } from './deposit-parts'
import { field, panel, table, tell, when } from './parts'
import type { Desk } from './screens'

/** Files recorded without a seal: deposit some, find one again, list them. */
export async function drawDeposits(desk: Desk): Promise<HTMLElement> {
  const { texts, person } = desk
  const { deposits: words } = texts.console
  const jobs = drawDepositJobs(desk)
  const mayDeposit = person.roles.includes('sealer')
  await jobs.restart()
  return h(
    'div',
    { class: 'stack' },
    h('h1', {}, words.title),
    h('p', { class: 'lead' }, words.about),
    mayDeposit ? drawDepositForm(desk, () => jobs.restart()) : undefined,
    drawFinder(desk),
    panel(words.listTitle, h('p', { class: 'note' }, words.evidenceHint), jobs.element),
  )
}

function drawFinder(desk: Desk): HTMLElement {
  const { texts } = desk
  const { deposits: words } = texts.console
  const input = h('input', { id: 'find-file', type: 'file' })
  const place = h('div', { 'aria-live': 'polite' })
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) find(file, { place, desk }).catch((error) => tell(place, error, texts))
  })
  return panel(words.findTitle, field(words.find, input, words.sent), place)
}

async function find(file: File, { place, desk }: { place: HTMLElement; desk: Desk }) {
  const { api, texts } = desk
  const { deposits: words } = texts.console
  const name = printable(file.name)
  place.replaceChildren(h('p', { class: 'working' }, words.hashing(name)))
  const hashed = await hashFile(file)
  if (typeof hashed === 'string') return place.replaceChildren(h('p', { class: 'warn' }, words[hashed](name)))
  const found = await api.depositsOf(hashed.digest)
  if (found.length === 0) return place.replaceChildren(h('p', { class: 'warn' }, words.notFound(name)))
  const newestFirst = [...found].sort((a, b) => ((a.times.received ?? '') < (b.times.received ?? '') ? 1 : -1))
  const rows = drawFound(newestFirst, { api, texts, fileName: file.name })
  place.replaceChildren(h('p', { class: 'found' }, words.found(name, found.length)), rows)
}

function drawFound(
  found: readonly Deposit[],
  { api, texts, fileName }: { api: ConsoleApi; texts: Desk['texts']; fileName: string },
): HTMLElement {
  const { deposits: words } = texts.console
  const { columns } = words
  return table<Deposit>(
    words.findTitle,
    [
      { head: columns.time, class: 'time', cell: ({ times }) => [times.received && when(times.received, texts)] },
      { head: columns.file, cell: ({ name }) => [name === undefined ? words.unnamed : foreign(name)] },
      { head: columns.by, cell: ({ requestedBy }) => [foreign(requestedBy)] },
      { head: columns.state, cell: (one) => [stateWords(one.state, texts)] },
      { head: words.entry, class: 'number', cell: ({ index }) => [index === undefined ? '' : String(index)] },
      { head: columns.action, cell: (one) => [evidenceButton({ name: fileName, ...one }, { api, texts })] },
    ],
    { rows: found },
  )
}
