import { CodedError, type Names, type Seal } from '@cinnabar/core'

/** What the service refuses, in its words (RFC 9457), or `UNREACHABLE`. */
export class ApiError extends CodedError {
  /** What to do, as the service advises. */
  readonly advice: string

  constructor(code: string, text: string, advice = '', cause?: unknown) {
    super(code, text, {}, cause)
    this.advice = advice
  }
}

/** The states of a job, in the order of a good end; `refused` and `failed` are bad ends. */
export const STATES = ['received', 'sealed', 'submitted', 'anchored'] as const
export type JobState = (typeof STATES)[number] | 'refused' | 'failed'

/** A seal of one's own institution. */
export type OwnSeal = Pick<Seal, 'id' | 'displayName' | 'kind' | 'status' | 'widthUm' | 'heightUm'> & {
  readonly uses: number
}

/** A request to seal and how far it has come. */
export interface Job {
  readonly id: string
  readonly state: JobState
  readonly times: Readonly<Partial<Record<JobState, string>>>
  readonly sealSignature?: string
  readonly code?: string
  readonly detail?: string
  readonly advice?: string
}

/** Who is logged in. */
export interface Session {
  readonly token: string
  readonly user: string
  readonly institution: string
  readonly names?: Names
}

/** What is asked of the service for one seal. */
export interface SealRequest {
  readonly seal: string
  readonly page: number
  readonly xMm: number
  readonly yMm: number
  readonly reason?: string
}

/** Logs in. @throws {@link ApiError} with the service's code. */
export function logIn(user: string, password: string): Promise<Session> {
  return answerOf<Session>('/v1/sessions', jsonBody({ user, password }))
}

/** The routes for users, by one log-in. Each throws {@link ApiError} with the service's code. */
export function sealingApi({ token }: Session) {
  const headers = { Authorization: `Bearer ${token}` }
  const post = (init: RequestInit) => ({ ...init, headers: { ...init.headers, ...headers } })
  return {
    seals: async () => (await answerOf<{ readonly seals: readonly OwnSeal[] }>('/v1/seals', { headers })).seals,
    upload: (name: string, pdf: Uint8Array) =>
      answerOf<{ readonly id: string }>(
        `/v1/documents?name=${encodeURIComponent(name)}`,
        post({ method: 'POST', body: pdf as BodyInit, headers: { 'Content-Type': 'application/pdf' } }),
      ),
    seal: (document: string, request: SealRequest) =>
      answerOf<Job>(`/v1/documents/${document}/seal-signatures`, post(jsonBody(request))),
    job: (id: string) => answerOf<Job>(`/v1/jobs/${id}`, { headers }),
    file: (document: string) => bytesOf(`/v1/documents/${document}/file`, { headers }),
    evidence: (id: string) => bytesOf(`/v1/evidence/${id}`, { headers }),
  }
}
export type SealingApi = ReturnType<typeof sealingApi>

function jsonBody(value: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } }
}

// The service is the one that served this script: its answers are of the shape that its API states.
async function answerOf<T>(path: string, init: RequestInit): Promise<T> {
  return (await ask(path, init)).json()
}

async function bytesOf(path: string, init: RequestInit): Promise<Blob> {
  return (await ask(path, init)).blob()
}

async function ask(path: string, init: RequestInit): Promise<Response> {
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
