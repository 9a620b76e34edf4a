import { button, h } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import { drawDate } from '../view/time'
import { type ConsoleApi, type Job, STATES } from './api'
import { ApiError } from './http'
import { saveBlob, tell } from './parts'

/** How often the state of a job is asked for. */
const POLL_MS = 400

/** Shows a job from state to state until it ends, then offers file and evidence. */
export async function followJob(
  place: HTMLElement,
  first: Job,
  { api, document, name, texts }: { api: ConsoleApi; document: string; name: string; texts: Texts },
): Promise<void> {
  let job = first
  place.replaceChildren(drawStates(job, texts))
  while (!isEnded(job)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    job = await api.job(job.id)
    place.replaceChildren(drawStates(job, texts))
  }
  if (job.state !== 'anchored' || job.sealSignature === undefined) {
    throw new ApiError(job.code ?? job.state, job.detail ?? texts.console.states[job.state], job.advice)
  }
  const id = job.sealSignature
  const stem = name.replace(/\.pdf$/i, '')
  const problem = h('div', { role: 'alert' })
  const save = (file: string, load: () => Promise<Blob>) => () =>
    void load()
      .then((blob) => saveBlob(file, blob))
      .catch((error) => tell(problem, error, texts))
  place.append(
    h(
      'div',
      { class: 'buttons' },
      button(
        texts.console.file,
        save(`${stem}.sealed.pdf`, () => api.file(document)),
        { class: 'primary' },
      ),
      button(
        texts.console.evidence,
        save(`${stem}.evidence.zip`, () => api.evidence(id)),
      ),
      h('a', { class: 'button', href: '/' }, texts.console.check),
    ),
    problem,
  )
}

function isEnded({ state }: Job): boolean {
  return state === 'anchored' || state === 'refused' || state === 'failed'
}

function drawStates(job: Job, texts: Texts): HTMLElement {
  const reached = STATES.indexOf(job.state as (typeof STATES)[number])
  const lines = STATES.map((state, index) => {
    const time = job.times[state]
    const done = index <= reached || time !== undefined
    return h(
      'li',
      { class: done ? 'check passed' : 'check' },
      done ? outcomeIcon('passed') : h('span', { class: 'icon' }),
      h(
        'div',
        {},
        h('p', {}, texts.console.states[state]),
        time === undefined
          ? h('p', { class: 'note' }, done ? '' : texts.console.pending)
          : h('p', { class: 'note' }, drawDate(new Date(time), texts)),
      ),
    )
  })
  return h('ul', { class: 'checks', role: 'status' }, ...lines)
}
