import { button, h } from '../dom'
import { type Language, TEXTS } from '../texts'

/** Name and mark of the service, and the switch of languages. */
export function drawBrand(language: Language, switchLanguage: () => void): HTMLElement {
  const texts = TEXTS[language]
  const other = TEXTS[language === 'zh' ? 'en' : 'zh']
  return h(
    'div',
    { class: 'brand' },
    h('span', { class: 'brand-mark', 'aria-hidden': 'true', lang: 'zh-CN' }, '朱'),
    h('p', {}, h('strong', {}, texts.brand), h('span', {}, texts.tagline)),
    button(texts.switchTo, switchLanguage, { class: 'language', id: 'language', lang: other.code }),
  )
}
