type Attributes = Readonly<Record<string, string | boolean | undefined>>
type Child = Node | string | undefined
type Listener = (event: Event) => void

/** An element; text is only ever set as text, so nothing in a file can become markup or script. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  setAttributes(element, attributes)
  element.append(...children.filter((child) => child !== undefined))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly SVGElement[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag)
  setAttributes(element, attributes)
  element.append(...children)
  return element
}

function setAttributes(element: Element, attributes: Attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value)
  }
}

/** A button that does something on this page. */
export function button(label: string, act: Listener, attributes: Attributes = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, label)
  element.addEventListener('click', act)
  return element
}

/** A row of a description list. */
export function row(term: string, ...description: readonly Child[]): HTMLElement {
  return h('div', { class: 'row' }, h('dt', {}, term), h('dd', {}, ...description))
}

/** Text that comes from a file or the network, kept apart from ours: it cannot reorder the words around it. */
export function foreign(text: string): HTMLElement {
  return h('bdi', {}, printable(text))
}

const MAX_SHOWN = 300

/** The text with control and direction-changing characters made visible, and cut to a bearable length. */
export function printable(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
}
