import { createHash } from 'node:crypto'
import type { Digest } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { type Asked, ask, askObject, jsonBody, objectFrom } from './gateway'
import { documentName } from './input-file'
import type { Access } from './session'
import { pause, whileWaiting } from './wait'

/** A file to be deposited: only its digest and its name are sent. */
export interface Deposited {
  /** As the user named it. */
  readonly path: string
  readonly digest: Digest
}

/** A deposit as the gateway tells of it. */
export interface Deposit {
  readonly id: string
  readonly state: string
}

/** A request to deposit, as the gateway tells of it; `deposits` are in the order of the request. */
export interface DepositJob {
  readonly id: string
  readonly state: string
  readonly code?: string
  readonly detail?: string
  readonly advice?: string
  readonly waitingFor?: string
  readonly deposits: readonly Deposit[]
}

/** At most so many in one request. */
export const MAX_DEPOSITS = 10_000
/** 10,000 deposits with their names. */
const MAX_ANSWER_BYTES = 16 << 20
const ATTEMPTS = 4
const TIMEOUT_MS = 60_000
const ENDED: readonly string[] = ['anchored', 'refused', 'failed']

/**
 * Has a gateway deposit files. The same key goes with each attempt, so that one lost answer cannot make two deposits.
 * @param key - names this very request.
 * @throws {@link CliError} `PROBLEM`, `GATEWAY_*`.
 */
export async function requestDeposits(
  context: Context,
  { url, token }: Access,
  { files, key, wait }: { readonly files: readonly Deposited[]; readonly key: string; readonly wait?: 'anchored' },
): Promise<DepositJob> {
  const { texts, voice } = context
  const deposits = files.map(({ path, digest }) => ({ digest, name: documentName(path) }))
  const asked: Asked = {
    method: 'POST',
    path: `/v1/deposits${wait ? `?wait=${wait}` : ''}`,
    token,
    body: jsonBody({ deposits }),
    idempotencyKey: key,
    language: texts.language,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return jobFrom(url, await whileWaiting(context, texts.note.depositing, ask(url, asked)))
    } catch (error) {
      if (!(error instanceof CliError && error.code === 'GATEWAY_UNREACHABLE') || attempt >= ATTEMPTS) throw error
      voice.note(texts.note.askingAgain(url))
      await pause(250 * 2 ** attempt)
    }
  }
}

/** A key that names a request by what it is of. */
export function keyOf(files: readonly Deposited[], salt: string): string {
  const hash = createHash('sha256').update(salt)
  for (const { path, digest } of files) hash.update(`\n${path}\n${digest}`)
  return hash.digest('hex')
}

function jobFrom(url: string, bytes: Uint8Array): DepositJob {
  const { id, state, deposits, ...rest } = objectFrom(bytes) ?? {}
  const list = Array.isArray(deposits) ? (deposits as readonly Partial<Deposit>[]) : []
  const isWhole = list.every((one) => typeof one.id === 'string' && typeof one.state === 'string')
  if (typeof id !== 'string' || typeof state !== 'string' || !isWhole) {
    throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: 'POST /v1/deposits' })
  }
  return { ...whyOf(rest), id, state, deposits: list as readonly Deposit[] }
}

function whyOf(answer: Readonly<Record<string, unknown>>) {
  const text = (key: string) => (typeof answer[key] === 'string' ? (answer[key] as string) : undefined)
  return { code: text('code'), detail: text('detail'), advice: text('advice'), waitingFor: text('waitingFor') }
}

const PATIENCE_MS = 10 * 60_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000

/**
 * Waits until every deposit of the job has ended.
 * @throws {@link CliError} `JOB_ENDED_BADLY`; `JOB_NOT_ENDED` after ten minutes.
 */
export async function followDeposits(context: Context, { url, token }: Access, first: DepositJob): Promise<void> {
  const { surroundings, texts, voice } = context
  const started = surroundings.now().getTime()
  let job: Omit<DepositJob, 'deposits'> = first
  for (let wait = FIRST_PAUSE_MS; !ENDED.includes(job.state); wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    if (surroundings.now().getTime() - started > PATIENCE_MS) {
      throw new CliError('JOB_NOT_ENDED', { job: job.id, state: job.state })
    }
    await pause(wait)
    const path = `/v1/deposit-jobs/${encodeURIComponent(job.id)}`
    const answer = await askObject(url, { method: 'GET', path, token, language: texts.language })
    const state = typeof answer.state === 'string' ? answer.state : job.state
    if (state !== job.state) voice.note(texts.jobState(state))
    job = { ...whyOf(answer), id: job.id, state }
  }
  if (job.state === 'anchored') return
  const { id, state, code = 'UNKNOWN', detail = '', advice = '' } = job
  throw new CliError('JOB_ENDED_BADLY', { job: id, state, code, detail, advice })
}

/** The institution's own deposits of a file that are anchored. @throws as {@link ask}. */
export async function depositsOfDigest(
  { texts }: Pick<Context, 'texts'>,
  { url, token }: Access,
  digest: Digest,
): Promise<readonly string[]> {
  const path = `/v1/deposits?digest=${encodeURIComponent(digest)}`
  const { deposits } = await askObject(url, { method: 'GET', path, token, language: texts.language })
  const list = Array.isArray(deposits) ? (deposits as readonly Partial<Deposit>[]) : []
  return list.flatMap(({ id, state }) => (typeof id === 'string' && state === 'anchored' ? [id] : []))
}
