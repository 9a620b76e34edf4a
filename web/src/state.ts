import type { Digest, Report, Trust, TrustListErrorCode } from '@cinnabar/core'
import type { ChosenFile } from './files'
import type { SealFacts } from './gateway'
import type { Language, Texts } from './texts'
import type { TrustInUse } from './trust-file'
import { type Lists, NO_LISTS } from './trust-lists'

/** How far the check of the chosen document has come. */
export type Check =
  | { readonly phase: 'none' }
  | { readonly phase: 'working'; readonly step: keyof Texts['working'] }
  | { readonly phase: 'done'; readonly report: Report; readonly checkedAt: Date; readonly ids: readonly string[] }
  | { readonly phase: 'broken' }

/** The number of a QR code that led here, and what the service states about it. */
export interface Paper {
  readonly id: string
  readonly answer: 'waiting' | 'unknown' | 'unavailable' | SealFacts
}

type ProblemText = Texts['problem']
type Plain = { [K in keyof ProblemText]: ProblemText[K] extends string ? K : never }[keyof ProblemText]
type Named = Exclude<keyof ProblemText, Plain | 'listRefused'>

/** Something that the reader should know; `name` is the file it is about. */
export type Problem =
  | { readonly code: Plain }
  | { readonly code: Named; readonly name: string }
  | { readonly code: 'listRefused'; readonly name: string; readonly why: TrustListErrorCode }

/** Everything the page shows, and nothing else. */
export interface State {
  readonly language: Language
  readonly document?: ChosenFile
  readonly evidence: readonly ChosenFile[]
  readonly trust?: TrustInUse
  /** Another trust file than the one in use, waiting for the reader's word. */
  readonly candidate?: TrustInUse
  /** The service serves another trust file than the one pinned. */
  readonly servedDiffers: boolean
  readonly lists: Lists
  readonly check: Check
  readonly problems: readonly Problem[]
  readonly requests: readonly string[]
  readonly paper?: Paper
}

/** The page before anything is chosen. */
export function initialState(language: Language): State {
  return {
    language,
    evidence: [],
    servedDiffers: false,
    lists: NO_LISTS,
    check: { phase: 'none' },
    problems: [],
    requests: [],
  }
}

/** The sentence for a problem. */
export function problemText(problem: Problem, texts: Texts): string {
  if ('why' in problem) return texts.problem.listRefused(problem.name, problem.why)
  return 'name' in problem ? texts.problem[problem.code](problem.name) : texts.problem[problem.code]
}

/** What `sort` made of the files chosen in one go. */
export interface Sorted {
  readonly document?: ChosenFile
  readonly evidence: readonly ChosenFile[]
  readonly trust?: ReadTrust
  readonly lists: readonly ChosenFile[]
  readonly listKeys: readonly Digest[]
  readonly problems: readonly Problem[]
}

interface ReadTrust {
  readonly trust: Trust
  readonly fingerprint: Digest
  readonly fileName: string
}
