import type { Outcome } from '@cinnabar/core'
import { svg } from './dom'

const SHAPES: Readonly<Record<Outcome, readonly [outline: string, mark: string]>> = {
  // A disc with a tick, an octagon with a cross, a diamond with a question mark: three shapes, told apart without colour.
  passed: ['M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Z', 'm6.8 12.4 3.5 3.5 7-7.3'],
  failed: ['M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9Z', 'm8 8 8 8m0-8-8 8'],
  indeterminate: [
    'M12 .8 23.2 12 12 23.2.8 12Z',
    'M9.3 9.4c0-1.6 1.2-2.6 2.8-2.6s2.7 1 2.7 2.4c0 2.2-2.7 2.2-2.7 4.4m0 2.8v.4',
  ],
}

/** The outcome as a shape; words stand beside it, so it is hidden from screen readers. */
export function outcomeIcon(outcome: Outcome): SVGSVGElement {
  const [outline, mark] = SHAPES[outcome]
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: outline, class: 'icon-shape' }),
    svg('path', { d: mark, class: 'icon-mark' }),
  )
}

/** A sheet with an arrow: choose a file. */
export function fileIcon(): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon-file', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', {
      d: 'M13.5 2.5H6.3c-.7 0-1.3.6-1.3 1.3v16.4c0 .7.6 1.3 1.3 1.3h11.4c.7 0 1.3-.6 1.3-1.3V8Zm0 0V8H19M12 18v-6m-2.7 2.6L12 12l2.7 2.6',
    }),
  )
}
