/**
 * The base of every error that core throws on purpose: a closed `code` for programs, a sentence for people.
 * Nobody matches on the text. Each part of core subclasses it with its own union of codes.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  /** Figures and names that the sentence mentions, for programs; never secrets. */
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: Code, text: string, details: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(text, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.details = details
  }
}
