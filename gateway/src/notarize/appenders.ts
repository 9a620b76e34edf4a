import type { InstitutionId } from '@cinnabar/core'
import { Appender, type OnSubmitted } from './append'
import type { Surroundings } from './ports'

/** Uses that wait for the ledger, and why. */
export interface Trouble {
  readonly institution: InstitutionId
  readonly code: string
  readonly waiting: number
}

/** Each institution's one {@link Appender}: seals and deposits go into its log together. */
export class Appenders {
  readonly #env: Surroundings
  readonly #parts: { readonly onSubmitted: OnSubmitted; readonly stop: AbortSignal }
  readonly #all = new Map<InstitutionId, Appender>()

  constructor(env: Surroundings, parts: { readonly onSubmitted: OnSubmitted; readonly stop: AbortSignal }) {
    this.#env = env
    this.#parts = parts
  }

  of(institution: InstitutionId): Appender {
    const known = this.#all.get(institution)
    if (known !== undefined) return known
    const made = new Appender(this.#env, institution, this.#parts)
    this.#all.set(institution, made)
    return made
  }

  /** Institutions whose uses wait for the ledger, and why. */
  troubles(): readonly Trouble[] {
    return [...this.#all].flatMap(([institution, { trouble, waiting }]) =>
      trouble === undefined ? [] : [{ institution, code: trouble, waiting }],
    )
  }

  /** Why an institution's uses wait, if they do. */
  troubleOf(institution: InstitutionId): string | undefined {
    return this.#all.get(institution)?.trouble
  }

  /** Uses that are not known to be in their log. */
  waiting(): number {
    return [...this.#all.values()].reduce((sum, { waiting }) => sum + waiting, 0)
  }

  /** Resolves when nothing is in flight any more; `stop` must have been given. */
  async idle(): Promise<void> {
    await Promise.all([...this.#all.values()].map((appender) => appender.idle()))
  }
}
