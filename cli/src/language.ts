import { en, type Texts } from './texts/en'
import { zh } from './texts/zh'

export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * The language to speak: `--lang`, else the first of LC_ALL, LC_MESSAGES and LANG that is set; English unless Chinese.
 * It is looked for before the command line is parsed, because help and refusals speak it too.
 */
export function languageOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const end = args.indexOf('--')
  const options = end < 0 ? args : args.slice(0, end)
  const told = options
    .map((one, at) => (one === '--lang' ? options[at + 1] : /^--lang=(.*)$/.exec(one)?.[1]))
    .filter((one) => one !== undefined)
    .pop()
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return LANGUAGES.find((one) => one === told) ?? (/^zh/i.test(locale) ? 'zh' : 'en')
}

/** All sentences of the command in that language. */
export function textsIn(language: Language): Texts {
  return language === 'zh' ? zh : en
}
