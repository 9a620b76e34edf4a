import type { Difference, Note } from '@cinnabar/core'

/** Why a part of the audit could not be completed. */
export interface Gap {
  readonly code: 'PEER_SILENT' | 'PEER_BEHIND' | 'LEDGER_BUSY' | 'ONE_ORGANISATION_ONLY' | 'NO_PEER'
  readonly where: Readonly<Record<string, string | number>>
}

/** What an audit notes as it goes. A lying peer can make any number of differences: the first ones are kept, all are counted. */
export class Findings {
  readonly differences: Difference[] = []
  readonly gaps: Gap[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  readonly note: Note = (code, where) => {
    if (++this.#count <= MAX_KEPT) this.differences.push({ code, where })
  }

  /** Notes once what could not be done. */
  missed(code: Gap['code'], where: Gap['where'] = {}): void {
    const text = JSON.stringify(where)
    if (!this.gaps.some((gap) => gap.code === code && JSON.stringify(gap.where) === text))
      this.gaps.push({ code, where })
  }
}

const MAX_KEPT = 1000
