import type { InstitutionId, Ledger } from '@cinnabar/core'
import { type TellerParts, tellEnded } from './tell-ended'
import { tellExpiring, tellLog } from './tell-log'
import { tellPeople } from './tell-people'

/** What {@link Tellers} work with. */
export interface TellersParts extends TellerParts {
  readonly ledger: Ledger
  /** Those that somebody tells of. */
  readonly institutions: () => readonly InstitutionId[]
  /** Removes what is kept no longer. */
  readonly tidy: () => Promise<void>
  readonly onFailure: (error: unknown) => void
}

/** Where something may be to be told of. */
export type Place = 'ended' | 'log' | 'people' | 'expiring' | 'tidy'

/** What failed, or what nobody pointed to, is looked at again after so long. */
const EVERY_MS = 60_000
const TURNS_IN_AN_HOUR = 60

/**
 * Looks where something happened, one place after another. What is told is derived from what the store and the ledger hold:
 * whoever points here may be lost with a crash, what there is to tell is not.
 */
export class Tellers {
  readonly #parts: TellersParts
  /** By its name: `PLACE` or `PLACE INSTITUTION`. */
  readonly #wanted = new Map<string, { readonly place: Place; readonly institution?: InstitutionId }>()
  readonly #seen = new Set<InstitutionId>()
  #work: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #unfollow: (() => void) | undefined
  #turns = 0
  #open = false

  constructor(parts: TellersParts) {
    this.#parts = parts
  }

  begin(): void {
    this.#open = true
    this.#unfollow = this.#parts.ledger.follow(({ institution }) => this.look('log', institution))
    this.#timer = setInterval(() => this.lookEverywhere(), EVERY_MS).unref()
    this.lookEverywhere()
  }

  /** Something may have happened there. */
  look(place: Place, institution?: InstitutionId): void {
    if (!this.#open || (institution !== undefined && !this.#parts.institutions().includes(institution))) return
    this.#wanted.set(`${place} ${institution ?? ''}`, { place, ...(institution && { institution }) })
    this.#start()
  }

  lookEverywhere(): void {
    const isHourly = this.#turns++ % TURNS_IN_AN_HOUR === 0
    this.look('ended')
    for (const institution of this.#parts.institutions()) {
      this.look('log', institution)
      this.look('people', institution)
      if (isHourly) this.look('expiring', institution)
    }
    if (isHourly) this.look('tidy')
  }

  async close(): Promise<void> {
    this.#open = false
    this.#unfollow?.()
    clearInterval(this.#timer)
    this.#wanted.clear()
    await this.#work
  }

  #start(): void {
    if (this.#work !== undefined || this.#wanted.size === 0) return
    this.#work = this.#run().finally(() => {
      this.#work = undefined
      this.#start()
    })
  }

  async #run(): Promise<void> {
    // Those that point here in one turn of the event loop are looked after once.
    await new Promise((resolve) => setImmediate(resolve))
    for (let [next] = this.#wanted; next !== undefined; [next] = this.#wanted) {
      const [name, { place, institution }] = next
      this.#wanted.delete(name)
      await this.#lookAt(place, institution).catch(this.#parts.onFailure)
    }
  }

  async #lookAt(place: Place, institution: InstitutionId | undefined): Promise<void> {
    if (place === 'ended') return tellEnded(this.#parts)
    if (place === 'tidy') return this.#parts.tidy()
    if (institution === undefined) return
    if (place === 'log') return tellLog(this.#parts, institution)
    if (place === 'expiring') return tellExpiring(this.#parts, institution)
    await tellPeople(this.#parts, institution, { isFirst: !this.#seen.has(institution) })
    this.#seen.add(institution)
  }
}
