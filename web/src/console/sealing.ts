import { h } from '../dom'
import { servedViewer } from '../served-viewer'
import type { Texts } from '../texts'
import type { OpenViewer, PageViewer } from '../viewer/page-viewer'
import type { ConsoleApi, OwnSeal } from './api'
import { field, form } from './parts'
import { noSubmit, placeDesk } from './place-desk'
import { roomOf } from './placement'
import { followJob } from './progress'
import type { Desk } from './screens'

/** Choosing a seal, a file and a place, and sealing. */
export async function drawSealScreen({ api, texts }: Desk): Promise<HTMLElement> {
  const seals = await api.seals()
  if (seals.length === 0) return h('p', { class: 'warn' }, texts.console.noSeals)
  return drawSealing(seals, { api, texts, openViewer: servedViewer })
}

function drawSealing(
  seals: readonly OwnSeal[],
  { api, texts, openViewer }: { api: ConsoleApi; texts: Texts; openViewer: OpenViewer },
): HTMLElement {
  const picker = drawSeals(seals, texts)
  const seal = () => seals.find(({ id }) => id === picker.chosen()) ?? seals[0]
  const contract = h('input', { id: 'contract', type: 'file', accept: '.pdf,application/pdf', required: true })
  const reason = h('input', { id: 'reason', maxlength: '200' })
  const desk = placeDesk(() => roomOf(seal()), texts)
  const progress = h('div')
  let viewer: PageViewer | undefined

  const open = async () => {
    const file = contract.files?.[0]
    progress.replaceChildren()
    await viewer?.close()
    viewer = file && (await openViewer(new Uint8Array(await file.arrayBuffer())))
    desk.open(viewer)
  }
  const sealIt = async () => {
    const file = contract.files?.[0]
    if (file === undefined) return
    const place = await desk.settled()
    const document = await api.upload(file.name, new Uint8Array(await file.arrayBuffer()))
    const why = reason.value.trim()
    const job = await api.seal(document.id, { seal: seal().id, ...place, ...(why === '' ? {} : { reason: why }) })
    await followJob(progress, job, { api, document: document.id, name: file.name, texts })
  }
  // What the viewer cannot show the service may still refuse with a reason.
  contract.addEventListener('change', () => void open().catch((error) => console.warn(error)))
  picker.element.addEventListener('change', () => desk.refit())
  reason.addEventListener('keydown', noSubmit)
  return layForm({ picker: picker.element, contract, desk: desk.element, reason, progress }, sealIt, texts)
}

type Part = 'picker' | 'contract' | 'desk' | 'reason' | 'progress'

function layForm(parts: Readonly<Record<Part, HTMLElement>>, sealIt: () => Promise<void>, texts: Texts): HTMLElement {
  const words = texts.console
  const fields = [
    h('h1', {}, words.title),
    parts.picker,
    field(words.chooseFile, parts.contract),
    h('h2', {}, words.place),
    h('p', { class: 'note' }, words.placeHint),
    parts.desk,
    field(words.reason, parts.reason),
    h('p', { class: 'note' }, words.warning),
  ]
  return h('div', { class: 'panel' }, form(texts, words.seal, { fields, send: sealIt, after: parts.progress }))
}

function drawSeals(seals: readonly OwnSeal[], texts: Texts) {
  const first = seals.find(({ status }) => status === 'active')
  const choices = seals.map(({ id, displayName, status, uses }) => {
    const checked = id === first?.id
    const input = h('input', { type: 'radio', name: 'seal', value: id, checked, disabled: status !== 'active' })
    const state = status === 'active' ? texts.console.uses(uses) : texts.seal.status[status]
    const label = h(
      'label',
      { class: 'choice' },
      input,
      h('span', {}, displayName),
      h('span', { class: 'note' }, state),
    )
    return { input, label }
  })
  return {
    element: h('fieldset', {}, h('legend', {}, texts.console.chooseSeal), ...choices.map(({ label }) => label)),
    chosen: () => choices.find(({ input }) => input.checked)?.input.value,
  }
}
