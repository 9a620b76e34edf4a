import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CheckerError } from './checker-error'
import type { Trust } from './dss'
import { LineProcess } from './line-process'
import { cacheFolder, checkerSources } from './tools'

/** pyHanko's findings on one signature; or only `field` and the `error` for which it refused to judge it. */
export type PyhankoSignature =
  | {
      readonly error: null
      readonly field: string
      readonly intact: boolean
      readonly valid: boolean
      readonly trusted: boolean
      readonly docmdpOk: boolean
      /** `ENTIRE_FILE`, `ENTIRE_REVISION`, … */
      readonly coverage: string | null
      /** `NONE`, `LTA_UPDATES`, `FORM_FILLING`, `ANNOTATIONS`, `OTHER`. */
      readonly modificationLevel: string | null
      /** Its own verdict on the whole. */
      readonly bottomLine: boolean
      readonly timestamp: {
        readonly intact: boolean
        readonly valid: boolean
        readonly trusted: boolean
        readonly time: string
      } | null
      readonly summary: string
    }
  | { readonly error: string; readonly field: string }

/** Signatures in the file's order; `ms` is the library's own work: open and validate them all. */
export interface PyhankoAnswer {
  readonly signatures: readonly PyhankoSignature[]
  readonly ms: number
}

/** A seal for pyHanko to make, in paths: keys as PEM or DER, certificates as DER or PEM. B-T with a TSA, else B-B. */
export interface PyhankoSealing {
  readonly key: string
  readonly certificate: string
  readonly chain?: readonly string[]
  /** Its in-process authority signs with RSA only. */
  readonly tsaKey?: string
  readonly tsaCertificate?: string
  readonly tsaChain?: readonly string[]
  readonly field?: string
  readonly out?: string
  /** How often to seal the same file; each time is reported. */
  readonly repeat?: number
}

/** pyHanko in its own Python process. Stop it when done. */
export interface Pyhanko {
  /**
   * Strict unless told otherwise: strictly, pyHanko refuses many sound files for their cross-reference streams.
   * @throws {@link CheckerError} `CHECKER_FAILED` when pyHanko cannot open the file; `CHECKER_TIMEOUT`.
   */
  verify(pdf: string, trust: Trust & { readonly strict?: boolean }): Promise<PyhankoAnswer>
  /** @returns the sealed file's size and the library call's milliseconds for each repetition, the first one cold. */
  seal(pdf: string, sealing: PyhankoSealing): Promise<{ readonly bytes: number; readonly ms: readonly number[] }>
  stop(): Promise<void>
}

/** @throws {@link CheckerError} `CHECKER_MISSING` when `npm test` has not installed it into the cache. */
export function startPyhanko(timeoutMs = 60_000): Pyhanko {
  const folder = join(cacheFolder(), 'pyhanko')
  if (!existsSync(join(folder, 'ready')))
    throw new CheckerError('CHECKER_MISSING', `nothing in ${folder}: run npm test`)
  const child = new LineProcess(join(folder, 'bin', 'python'), [join(checkerSources, 'pyhanko', 'checker.py')])
  return {
    verify: (pdf, trust) => child.ask<PyhankoAnswer>({ do: 'verify', pdf, ...trust }, timeoutMs),
    seal: (pdf, sealing) => child.ask({ do: 'seal', pdf, ...sealing }, timeoutMs),
    stop: () => child.stop(),
  }
}
