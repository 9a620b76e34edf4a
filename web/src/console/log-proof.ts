import {
  appendLeaf,
  type Digest,
  digestFromBytes,
  EntryFormat,
  emptyRange,
  type LogEntry,
  leafHash,
  rangeRoot,
} from '@cinnabar/core'
import { h } from '../dom'
import { outcomeIcon } from '../icons'
import type { Texts } from '../texts'
import { spaced } from '../view/trust'
import type { ConsoleApi } from './api'
import { workButton } from './parts'
import type { Desk } from './screens'

const PAGE = 1000

/** What came of recomputing. */
export interface Recomputed {
  readonly size: number
  /** As the service states it. */
  readonly root: Digest
  readonly computed: Digest
}

/** Hashes every entry up to the present head, in the order of the log: RFC 9162 2.1. */
export async function recompute(
  { log }: Pick<ConsoleApi, 'log'>,
  told: (done: number, of: number) => void,
): Promise<Recomputed> {
  const { size, root } = await log({ limit: 1 })
  let range = emptyRange
  while (range.size < size) {
    const { entries } = await log({ from: range.size, limit: Math.min(PAGE, size - range.size) })
    if (entries.length === 0) break
    range = entries.reduce((grown, entry) => appendLeaf(grown, leafOf(entry)), range)
    told(range.size, size)
  }
  return { size, root, computed: digestFromBytes(rangeRoot(range)) }
}

/** The canonical bytes are made anew from the members: what the service added or left out does not hash to the leaf. */
function leafOf(entry: LogEntry): Uint8Array {
  return leafHash(EntryFormat.encode(entry))
}

/** Has the root recomputed in this page, and says whether the entries lead to it. */
export function drawRecompute({ api, texts }: Desk): HTMLElement {
  const { log: words } = texts.console
  const problem = h('div', { role: 'alert' })
  const place = h('div', { 'aria-live': 'polite' })
  const told = (done: number, of: number) =>
    place.replaceChildren(h('p', { class: 'working' }, words.recomputing(done, of)))
  const work = async () => {
    place.replaceChildren()
    place.replaceChildren(drawOutcome(await recompute(api, told), texts))
  }
  return h(
    'div',
    {},
    h('div', { class: 'buttons' }, workButton(words.recompute, { texts, problem, work })),
    problem,
    place,
  )
}

function drawOutcome({ size, root, computed }: Recomputed, texts: Texts): HTMLElement {
  const { log: words } = texts.console
  const isSame = root === computed
  const outcome = isSame ? 'passed' : 'failed'
  return h(
    'section',
    { class: `verdict ${outcome}`, role: isSame ? 'status' : 'alert', id: 'log-proof' },
    h(
      'div',
      { class: 'verdict-head' },
      outcomeIcon(outcome),
      h('h2', {}, isSame ? words.proven(size) : words.disproven),
    ),
    h('p', { class: 'verdict-means' }, isSame ? words.provenMeans : words.disprovenMeans),
    isSame ? undefined : h('p', {}, `${words.computed} `, h('code', { class: 'fingerprint' }, spaced(computed))),
  )
}
