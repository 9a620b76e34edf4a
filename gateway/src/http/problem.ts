import { CodedError } from '@cinnabar/core'
import { HttpError } from './http-error'
import type { ProblemCode, ProblemKind } from './problem-codes'
import { PROBLEMS } from './problems'

/** RFC 9457, with our code and what to do. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly advice: string
  readonly requestId: string
  /** Names and figures that the detail mentions. */
  readonly facts?: Readonly<Record<string, string | number>>
}

/** The kind of a code as a job or an error names it; undefined for one that no route knows. */
export function kindOf(code: string): ProblemKind | undefined {
  return Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as ProblemCode] : undefined
}

/**
 * The problem that an error becomes. Of faults that are ours, status 500 and above, only code and advice leave the house:
 * texts may name folders and hosts.
 */
export function problemOf(error: unknown, requestId: string): Problem {
  const coded = asCoded(error)
  const kind = coded === undefined ? undefined : kindOf(coded.code)
  if (coded === undefined || kind === undefined)
    return problem('INTERNAL', { requestId, detail: 'a fault of the server' })
  const code = coded.code as ProblemCode
  if (kind.status >= 500) return problem(code, { requestId, detail: 'the server could not do this' })
  const hasFacts = Object.keys(coded.details).length > 0
  return problem(code, { requestId, detail: coded.message, ...(hasFacts ? { facts: coded.details } : {}) })
}

function problem(code: ProblemCode, rest: Pick<Problem, 'requestId' | 'detail' | 'facts'>): Problem {
  const { status, advice } = PROBLEMS[code]
  const title = code.toLowerCase().replaceAll('_', ' ')
  return { type: `urn:cinnabar:problem:${code}`, title, status, code, advice, ...rest }
}

/** Express' and its body readers' own errors carry a status and a type. */
interface BodyError {
  readonly type?: unknown
  readonly status?: unknown
}

function asCoded(error: unknown): CodedError | undefined {
  if (error instanceof CodedError) return error
  const { type, status } = (error ?? {}) as BodyError
  if (type === 'entity.too.large') return new HttpError('BODY_TOO_LARGE', 'the body is larger than is taken in')
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new HttpError('MEDIA_TYPE_UNSUPPORTED', 'the body is encoded in a way that is not supported')
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpError('REQUEST_INVALID', 'the request cannot be read')
  }
  return undefined
}
