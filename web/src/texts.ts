import { en } from './texts/en'
import { zh } from './texts/zh'

/** The dictionary: a language that lacks a key does not compile. */
export type Texts = typeof en

/** The languages of the page. */
export type Language = 'zh' | 'en'

export const TEXTS: Readonly<Record<Language, Texts>> = { zh, en }

/** The language of a reader whose browser asks for `tags` (BCP 47), most wanted first; English when it asks for neither. */
export function languageFor(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'zh' || primary === 'en') return primary
  }
  return 'en'
}
