import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CheckerError } from './checker-error'
import { LineProcess } from './line-process'
import { cacheFolder, toolPath } from './tools'

/** What a checker of certificates is given: paths of DER files, and the time to judge at (ISO 8601; now if absent). */
export interface Trust {
  readonly trusted: readonly string[]
  readonly crls?: readonly string[]
  readonly at?: string
}

/** EU DSS's findings on one signature, in the words of its simple report (EN 319 102-1 indications). */
export interface DssSignature {
  readonly field: string | null
  readonly indication: 'TOTAL_PASSED' | 'TOTAL_FAILED' | 'INDETERMINATE'
  readonly subIndication: string | null
  /** Such as `PAdES-BASELINE-T`. */
  readonly format: string
  readonly intact: boolean
  readonly valid: boolean
  readonly timestamps: readonly {
    readonly intact: boolean
    readonly imprintIntact: boolean
    readonly indication: string
    readonly producedAt: string
  }[]
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** EU DSS's findings on the time assertion of an ASiC-E container. */
export interface DssAssertion {
  readonly intact: boolean
  readonly imprintIntact: boolean
  readonly indication: string
  readonly subIndication: string | null
  readonly errors: readonly string[]
  readonly producedAt: string
  /** Paths of the members that it is over. */
  readonly covers: readonly string[]
}

/** Signatures in the file's order; `ms` is the library's own call: open and validate. */
export interface DssAnswer {
  readonly signatures: readonly DssSignature[]
  /** Such as `ASiC-E`; null for a file that is no container. */
  readonly container: string | null
  readonly assertions: readonly DssAssertion[]
  readonly ms: number
}

/** How the library is called. */
export interface DssCall {
  /** `validateDocument()`, the documented call, which reads its default policy each time; else with the policy read once. */
  readonly ownPolicy?: boolean
}

/** EU DSS 6.3 in its own Java process. The first answer takes seconds, later ones are warm. Stop it when done. */
export interface Dss {
  /** @throws {@link CheckerError} `CHECKER_FAILED` when DSS cannot open the file; `CHECKER_TIMEOUT`. */
  verify(pdf: string, trust: Trust & DssCall): Promise<DssAnswer>
  stop(): Promise<void>
}

/** @throws {@link CheckerError} `CHECKER_MISSING` when `npm test` has not built it into the cache. */
export function startDss(timeoutMs = 60_000): Dss {
  const folder = join(cacheFolder(), 'dss')
  if (!existsSync(join(folder, 'ready')))
    throw new CheckerError('CHECKER_MISSING', `nothing in ${folder}: run npm test`)
  const java = join(toolPath('java'), '..', 'java')
  const classPath = `${join(folder, 'lib', '*')}:${join(folder, 'classes')}`
  const child = new LineProcess(java, ['-Xmx512m', '-cp', classPath, 'DssChecker'])
  return {
    verify: (pdf, trust) => child.ask<DssAnswer>({ pdf, ...trust }, timeoutMs),
    stop: () => child.stop(),
  }
}
