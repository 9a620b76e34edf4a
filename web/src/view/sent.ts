import { h } from '../dom'
import type { State } from '../state'
import type { Texts } from '../texts'

/** What leaves the device, and the requests made so far, word for word. `host` is absent where none can be made. */
export function drawSent({ requests }: State, { sent }: Texts, host: string | undefined): HTMLElement {
  const log =
    requests.length === 0
      ? [h('p', {}, sent.nothingYet)]
      : [
          h('p', {}, sent.log),
          h('ul', { class: 'requests' }, ...requests.map((one) => h('li', {}, h('code', {}, one)))),
        ]
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'sent-title' },
    h('h2', { id: 'sent-title' }, sent.heading),
    ...(host === undefined
      ? [h('p', {}, sent.alone)]
      : [h('p', {}, h('strong', {}, sent.file)), h('p', {}, sent.what(host)), ...log]),
  )
}
