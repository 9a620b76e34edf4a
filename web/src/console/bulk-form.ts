import { foreign, h, printable } from '../dom'
import type { BulkJob } from './api'
import { bulkCounts, drawLines } from './bulk'
import { choice, field, form, panel } from './parts'
import { noSubmit } from './place-desk'
import type { Desk } from './screens'

/** As many as one bulk job takes. */
const MAX_FILES = 1000
/** Sent at once: the service waits for none of them. */
const UPLOADS = 3
const POLL_MS = 700

/** Choosing documents and a seal, sending them, and having all of them sealed. */
export async function drawBulkForm(desk: Desk, changed: () => Promise<void>): Promise<HTMLElement> {
  const { api, texts } = desk
  const { bulk: words, chooseSeal, reason: reasonLabel, noSeals, warning } = texts.console
  const seals = (await api.seals()).filter(({ status }) => status === 'active')
  if (seals.length === 0) return panel(words.newTitle, h('p', { class: 'warn' }, noSeals))
  const seal = choice(
    'bulk-seal',
    seals.map(({ id, displayName }) => [id, displayName] as const),
  )
  const files = h('input', {
    id: 'bulk-files',
    type: 'file',
    multiple: true,
    accept: '.pdf,application/pdf',
    required: true,
  })
  const reason = h('input', { id: 'bulk-reason', maxlength: '200' })
  reason.addEventListener('keydown', noSubmit)
  const progress = h('div', { 'aria-live': 'polite' })
  const send = async () => {
    const chosen = [...(files.files ?? [])]
    progress.replaceChildren()
    if (chosen.length > MAX_FILES) return progress.replaceChildren(h('p', { class: 'warn' }, words.tooMany(MAX_FILES)))
    const why = reason.value.trim()
    const job = await api.makeBulkJob({ seal: seal.value, count: chosen.length, ...(why !== '' && { reason: why }) })
    try {
      await uploadAll(job, chosen, { desk, progress })
      await follow(await api.bulkStep(job.id, 'start'), { desk, progress })
      files.value = ''
    } finally {
      await changed()
    }
  }
  const fields = [field(chooseSeal, seal), field(words.choose, files, words.placeHint), field(reasonLabel, reason)]
  const note = h('p', { class: 'note' }, warning)
  return panel(words.newTitle, form(texts, words.go, { fields: [...fields, note], send, after: progress }))
}

interface Place {
  readonly desk: Desk
  readonly progress: HTMLElement
}

/** A few at a time: a page holds that many files. The first that is refused ends it; nothing is sealed then. */
async function uploadAll({ id }: BulkJob, files: readonly File[], { desk, progress }: Place): Promise<void> {
  const { api, texts } = desk
  let [next, done] = [0, 0]
  let refused: { readonly name: string; readonly cause: unknown } | undefined
  const sendOne = async (number: number) => {
    const file = files[number]
    const bytes = new Uint8Array(await file.arrayBuffer())
    await api.uploadInto(id, number, { name: file.name, bytes }).catch((cause) => {
      refused ??= { name: printable(file.name), cause }
    })
    if (refused === undefined) show(progress, ++done, files.length, texts.console.bulk.sending(done, files.length))
  }
  const work = async () => {
    for (let number = next++; number < files.length && refused === undefined; number = next++) await sendOne(number)
  }
  await Promise.all(Array.from({ length: UPLOADS }, work))
  if (refused === undefined) return
  progress.replaceChildren(h('p', { class: 'warn' }, foreign(texts.console.bulk.stoppedAt(refused.name))))
  throw refused.cause
}

async function follow(first: BulkJob, { desk, progress }: Place): Promise<void> {
  let job = first
  const isOver = () => job.state === 'ended' || job.state === 'cancelled'
  while (!isOver()) {
    const { anchored = 0, refused = 0, failed = 0 } = job.counts
    const ended = anchored + refused + failed
    show(progress, ended, job.count, desk.texts.console.bulk.sealing(ended, job.count))
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    job = await desk.api.bulkJob(job.id)
  }
  const { anchored = 0 } = job.counts
  const lines = drawLines(job, desk)
  const outcome = anchored === job.count ? 'passed' : 'failed'
  const said = h(
    'span',
    { class: `state ${outcome}`, id: 'bulk-outcome' },
    desk.texts.console.bulk.done(anchored, job.count),
  )
  progress.replaceChildren(h('p', {}, said, ' ', bulkCounts(job, desk)), lines.element)
  await lines.restart()
}

function show(place: HTMLElement, done: number, of: number, said: string) {
  const bar = h('progress', { max: String(of), value: String(done), 'aria-label': said })
  place.replaceChildren(h('p', { class: 'working' }, said), bar)
}
