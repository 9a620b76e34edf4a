import { type AdesTimestamp, dateOf, type SignatureReport } from '@cinnabar/core'
import { foreign, h, row } from '../dom'
import type { Texts } from '../texts'
import { drawDate } from './time'

/** A signature as EN 319 102-1 judges it, in the standard's words and in plain ones. */
export function drawStandard(signature: SignatureReport, texts: Texts): readonly HTMLElement[] {
  const { standard: words } = texts
  const { ades, level, algorithm } = signature
  return [
    h('h3', {}, words.heading),
    h('p', { class: 'note' }, words.note),
    h(
      'dl',
      { class: 'facts standard' },
      row(words.indication, ...worded(ades.indication, words.indications[ades.indication])),
      ...(ades.subIndication === null
        ? []
        : [row(words.sub, ...worded(ades.subIndication, words.subs[ades.subIndication] ?? ''))]),
      row(words.process, words.processes[ades.process]),
      row(words.level, level === null ? '—' : words.levels[level]),
      row(
        words.existed,
        ades.bestSignatureTime === null ? words.notProven : drawDate(dateOf(ades.bestSignatureTime), texts),
      ),
      row(words.algorithm, foreign(algorithm ?? words.unknown)),
      row(words.timestamps, drawTimestamps(ades.timestamps, texts)),
      row(words.detail, h('span', { lang: 'en' }, foreign(ades.detail))),
    ),
  ]
}

function worded(code: string, meaning: string): readonly HTMLElement[] {
  return [h('code', {}, foreign(code)), h('span', { class: 'line' }, meaning)]
}

function drawTimestamps(timestamps: readonly AdesTimestamp[], texts: Texts): HTMLElement | string {
  const { standard: words } = texts
  if (timestamps.length === 0) return words.none
  return h('ul', { class: 'plain' }, ...timestamps.map((one) => drawTimestamp(one, texts)))
}

function drawTimestamp({ kind, field, time, ...judged }: AdesTimestamp, texts: Texts): HTMLElement {
  const { standard: words } = texts
  const { indication, subIndication } = judged
  const code = subIndication === null ? indication : `${indication} · ${subIndication}`
  return h(
    'li',
    {},
    drawDate(dateOf(time), texts),
    h('span', { class: 'line' }, words.kinds[kind], ...(field === null ? [] : [' · ', foreign(field)])),
    h('span', { class: 'line' }, h('code', {}, foreign(code))),
  )
}
