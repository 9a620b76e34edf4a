import type { Surroundings } from './surroundings'
import type { Texts } from './texts/en'
import type { Voice } from './voice'

/** What every command works with. */
export interface Context {
  readonly surroundings: Surroundings
  readonly texts: Texts
  readonly voice: Voice
}
