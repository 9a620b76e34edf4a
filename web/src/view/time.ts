import { h } from '../dom'
import type { Texts } from '../texts'
import { describeTime } from '../when'

/** A time in UTC and where the reader is, each part unbroken. */
export function drawDate(at: Date, texts: Texts): HTMLElement {
  const parts = describeTime(at, texts).map((part) => h('span', { class: 'time-part' }, part))
  return h('time', { datetime: at.toISOString() }, ...parts)
}
