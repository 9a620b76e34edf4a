import type { Difference, DifferenceCode, Note } from '@cinnabar/core'

/** Why a part of the audit could not be completed. */
export interface Gap {
  readonly code: 'PEER_SILENT' | 'PEER_BEHIND' | 'LEDGER_BUSY' | 'ONE_ORGANISATION_ONLY' | 'NO_PEER'
  readonly where: Readonly<Record<string, string | number>>
}

/**
 * What an audit notes as it goes. A lying peer can make any number of differences: of each code the first ones are kept, so
 * that none hides behind a crowd of others; all are counted.
 */
export class Findings {
  readonly differences: Difference[] = []
  readonly gaps: Gap[] = []
  readonly #counts = new Map<DifferenceCode, number>()

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }

  readonly note: Note = (code, where) => {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count <= MAX_KEPT) this.differences.push({ code, where })
  }

  /** Notes once what could not be done. */
  missed(code: Gap['code'], where: Gap['where'] = {}): void {
    const text = JSON.stringify(where)
    if (!this.gaps.some((gap) => gap.code === code && JSON.stringify(gap.where) === text))
      this.gaps.push({ code, where })
  }
}

/** Of one code. */
const MAX_KEPT = 1000
