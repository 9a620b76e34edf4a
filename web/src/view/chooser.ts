import type { Actions } from '../app'
import { button, foreign, h } from '../dom'
import type { ChosenFile } from '../files'
import { fileIcon } from '../icons'
import { problemText, type State } from '../state'
import type { Texts } from '../texts'

/** The place where files are chosen or dropped, and those chosen. */
export function drawChooser(state: State, texts: Texts, actions: Actions, alone: boolean): HTMLElement {
  const { chooser } = texts
  const input = h('input', { type: 'file', multiple: true, id: 'files' })
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = ''
    void actions.choose(files)
  })
  const again = state.document !== undefined
  return h(
    'div',
    { class: 'chooser' },
    h(
      'label',
      { class: again ? 'drop drop-small' : 'drop', for: 'files' },
      input,
      fileIcon(),
      h('span', { class: 'drop-label' }, again ? chooser.again : chooser.label),
      h('span', { class: 'drop-hint' }, alone ? chooser.hintAlone : chooser.hintServed),
    ),
    drawChosen(state, texts, actions),
  )
}

function drawChosen(state: State, texts: Texts, actions: Actions): HTMLElement | undefined {
  const { chooser } = texts
  const line = (role: string, file: ChosenFile, remove: () => void) =>
    h(
      'li',
      {},
      h('span', { class: 'chosen-role' }, role),
      h('span', { class: 'chosen-name' }, foreign(file.name)),
      button(chooser.removeShort, remove, { class: 'quiet', 'aria-label': chooser.remove(file.name) }),
    )
  const lines = [
    ...(state.document ? [line(chooser.document, state.document, () => actions.removeDocument())] : []),
    ...state.evidence.map((file) => line(chooser.evidence, file, () => actions.removeEvidence(file))),
  ]
  if (lines.length === 0) return undefined
  return h('ul', { class: 'chosen', 'aria-label': chooser.chosen }, ...lines)
}

/** What went wrong with what the reader chose or asked for. */
export function drawProblems(state: State, texts: Texts): HTMLElement | undefined {
  if (state.problems.length === 0) return undefined
  const lines = state.problems.map((problem) => h('li', {}, problemText(problem, texts)))
  return h('ul', { class: 'problems' }, ...lines)
}

/** Takes files that are dropped anywhere on the page. */
export function acceptDrops(page: Document, actions: Actions) {
  const marked = (on: boolean) => page.documentElement.classList.toggle('dragging', on)
  page.addEventListener('dragover', (event) => {
    event.preventDefault()
    marked(true)
  })
  page.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) marked(false)
  })
  page.addEventListener('drop', (event) => {
    event.preventDefault()
    marked(false)
    void actions.choose([...(event.dataTransfer?.files ?? [])])
  })
}
