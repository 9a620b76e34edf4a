import { DEPOSIT_FACTS, FACTS, type FactWords, type Family, REASONS } from '@cinnabar/core'
import type { Language } from './texts'

/** A fact's name, and what each outcome of it says, in one language. */
type Words = Readonly<Record<keyof FactWords, string>>

/** The six facts of a seal in one language. */
export function factsIn(language: Language): Readonly<Record<keyof typeof FACTS, Words>> {
  return mapped(FACTS, (words) => wordsIn(words, language))
}

/** The three facts of a deposit in one language. */
export function depositFactsIn(language: Language): Readonly<Record<keyof typeof DEPOSIT_FACTS, Words>> {
  return mapped(DEPOSIT_FACTS, (words) => wordsIn(words, language))
}

/** Why a fact is false or open, by what its code means. */
export function reasonsIn(language: Language): Readonly<Record<Family, string>> {
  return mapped(REASONS, (names) => names[language])
}

function wordsIn(words: FactWords, language: Language): Words {
  return mapped(words, (names) => names[language])
}

function mapped<K extends string, V, R>(all: Readonly<Record<K, V>>, to: (one: V) => R): Readonly<Record<K, R>> {
  const entries = Object.entries<V>(all).map(([key, one]) => [key, to(one)])
  return Object.fromEntries(entries) as Record<K, R>
}
