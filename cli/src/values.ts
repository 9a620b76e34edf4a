import { InvalidArgumentError } from 'commander'
import type { Texts } from './texts/en'

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))$/

/** Readers of option values. Each throws commander's InvalidArgumentError with a sentence in the user's language. */
export function valuesIn({ value }: Texts) {
  const refuse = (sentence: string): never => {
    throw new InvalidArgumentError(sentence)
  }
  return {
    /** RFC 3339 with its zone: a time without one would mean another moment on another machine. */
    time(text: string): Date {
      const date = INSTANT.exec(text)?.[1]
      const at = new Date(text)
      if (date === undefined || Number.isNaN(at.getTime())) return refuse(value.time)
      // JavaScript takes 30 February for 2 March.
      return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? at : refuse(value.time)
    },
    /** A whole number from 0. */
    count(text: string): number {
      return /^\d{1,15}$/.test(text) ? Number(text) : refuse(value.count)
    },
    /** A page number, from 1. */
    page(text: string): number {
      return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : refuse(value.page)
    },
    /** Millimetres. */
    millimetres(text: string): number {
      return /^\d{1,5}(\.\d{1,6})?$/.test(text) ? Number(text) : refuse(value.millimetres)
    },
    /** Collects an option that may be repeated. */
    repeated(text: string, before: readonly string[] | undefined): readonly string[] {
      return [...(before ?? []), text]
    },
  }
}
