import { h } from '../dom'
import type { Texts } from '../texts'
import type { OpenViewer, PageViewer } from '../viewer/page-viewer'
import type { OwnSeal, SealingApi } from './api'
import { type PagePlacer, placePages } from './page-placer'
import { field, tell } from './parts'
import { type Placement, roomOf } from './placement'
import { followJob } from './progress'

/** Where a seal is offered at first: the lower right of a page, moved onto it. */
const START: Placement = { page: 1, xMm: 1000, yMm: 1000 }

/** Choosing a seal, a file and a place, and sealing. */
export function drawSealing(
  seals: readonly OwnSeal[],
  { api, texts, openViewer }: { api: SealingApi; texts: Texts; openViewer: OpenViewer },
): HTMLElement {
  const words = texts.console
  const inputs = sealingInputs()
  const picker = drawSeals(seals, texts)
  const seal = () => seals.find(({ id }) => id === picker.chosen()) ?? seals[0]
  const progress = h('div')
  const problem = h('div', { role: 'alert' })
  const stage = h('div')
  let placer: PagePlacer | undefined
  let viewer: PageViewer | undefined
  let place = START

  const move = async (wished: Placement) => {
    if (placer === undefined) return
    place = await placer.show(wished)
    inputs.page.value = String(place.page)
    inputs.left.value = String(place.xMm)
    inputs.top.value = String(place.yMm)
  }
  const moving = (wished: Placement) => void move(wished).catch(console.error)
  const typed = () =>
    moving({ page: inputs.page.valueAsNumber, xMm: inputs.left.valueAsNumber || 0, yMm: inputs.top.valueAsNumber || 0 })
  const open = async () => {
    const file = inputs.file.files?.[0]
    problem.replaceChildren()
    progress.replaceChildren()
    await viewer?.close()
    viewer = file && (await openViewer(new Uint8Array(await file.arrayBuffer())))
    placer = viewer && placePages(viewer, { room: () => roomOf(seal()), texts, onMove: moving })
    stage.replaceChildren(...(placer ? [placer.element] : []))
    if (placer) inputs.page.max = String(placer.pages)
    await move({ ...START, page: placer?.pages ?? 1 })
  }
  const sealIt = async () => {
    const file = inputs.file.files?.[0]
    if (file === undefined) return
    const document = await api.upload(file.name, new Uint8Array(await file.arrayBuffer()))
    const reason = inputs.reason.value.trim()
    const job = await api.seal(document.id, { seal: seal().id, ...place, ...(reason === '' ? {} : { reason }) })
    await followJob(progress, job, { api, document: document.id, name: file.name, texts })
  }
  inputs.file.addEventListener('change', () => void open().catch((error) => console.warn(error)))
  picker.element.addEventListener('change', () => moving(place))
  for (const input of [inputs.page, inputs.left, inputs.top]) input.addEventListener('change', typed)

  const submit = h('button', { class: 'primary', type: 'submit' }, words.seal)
  const form = h(
    'form',
    { class: 'panel console-form' },
    h('h1', {}, words.title),
    picker.element,
    field(words.chooseFile, inputs.file),
    h('h2', {}, words.place),
    h('p', { class: 'note' }, words.placeHint),
    h(
      'div',
      { class: 'numbers' },
      field(words.page, inputs.page),
      field(words.fromLeft, inputs.left),
      field(words.fromTop, inputs.top),
    ),
    stage,
    field(words.reason, inputs.reason),
    h('p', { class: 'note' }, words.warning),
    problem,
    h('div', { class: 'buttons' }, submit),
    progress,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.replaceChildren()
    submit.disabled = true
    sealIt()
      .catch((error) => tell(problem, error, texts))
      .finally(() => {
        submit.disabled = false
      })
  })
  return form
}

function sealingInputs() {
  const number = (id: string, step: string) => h('input', { id, type: 'number', step, min: step === '1' ? '1' : '0' })
  return {
    file: h('input', { id: 'contract', type: 'file', accept: '.pdf,application/pdf', required: true }),
    page: number('page-number', '1'),
    left: number('from-left', '0.1'),
    top: number('from-top', '0.1'),
    reason: h('input', { id: 'reason', maxlength: '200' }),
  }
}

function drawSeals(seals: readonly OwnSeal[], texts: Texts) {
  const words = texts.console
  const choices = seals.map(({ id, displayName, status, uses }, index) => {
    const input = h('input', {
      type: 'radio',
      name: 'seal',
      value: id,
      checked: index === 0,
      disabled: status !== 'active',
    })
    const state = status === 'active' ? words.uses(uses) : texts.seal.status[status]
    return {
      input,
      label: h('label', { class: 'choice' }, input, h('span', {}, displayName), h('span', { class: 'note' }, state)),
    }
  })
  return {
    element: h('fieldset', {}, h('legend', {}, words.chooseSeal), ...choices.map(({ label }) => label)),
    chosen: () => choices.find(({ input }) => input.checked)?.input.value,
  }
}
