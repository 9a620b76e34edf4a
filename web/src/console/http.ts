import { CodedError } from '@cinnabar/core'

/** What the service refuses, in its words (RFC 9457), or `UNREACHABLE`. */
export class ApiError extends CodedError {
  /** What to do, as the service advises. */
  readonly advice: string

  constructor(code: string, text: string, advice = '', cause?: unknown) {
    super(code, text, {}, cause)
    this.advice = advice
  }
}

/** A request that sends JSON. */
export function jsonBody(method: 'POST' | 'PUT', value: unknown): RequestInit {
  return { method, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } }
}

/** The answer's JSON. The service is the one that served this script: its answers are of the shape that its API states. */
export async function answerOf<T>(response: Promise<Response>): Promise<T> {
  return (await response).json()
}

/** Asks the service. @throws {@link ApiError} for every answer but a good one. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' })
  } catch (cause) {
    throw new ApiError('UNREACHABLE', `${path} did not answer`, '', cause)
  }
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  throw new ApiError(
    String(problem.code ?? response.status),
    String(problem.detail ?? ''),
    String(problem.advice ?? ''),
  )
}
