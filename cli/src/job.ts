import { CliError } from './cli-error'
import type { Context } from './context'
import { askObject } from './gateway'
import type { Access } from './session'
import type { Texts } from './texts/en'
import { pause } from './wait'

/** States of a job, as design.md section 2 has them. */
export const JOB_STATES = ['received', 'sealed', 'submitted', 'anchored', 'refused', 'failed'] as const
export type JobState = (typeof JOB_STATES)[number]

/** A request to seal, as the gateway tells of it. */
export interface Job {
  readonly id: string
  readonly state: JobState
  /** Why it was refused or failed. */
  readonly code?: string
  readonly detail?: string
  /** What can be done about that. */
  readonly advice?: string
  /** What it waits for, if it does not move on. */
  readonly waitingFor?: string
  /** Id of the SealSignature, if the gateway tells it. */
  readonly sealSignature?: string
}

/** @throws {@link CliError} `GATEWAY_ANSWER_INVALID` unless it tells of a job. */
export function jobFrom(url: string, answer: Readonly<Record<string, unknown>>): Job {
  const text = (key: string) => (typeof answer[key] === 'string' ? (answer[key] as string) : undefined)
  const id = text('id')
  const state = JOB_STATES.find((one) => one === answer.state)
  if (id === undefined || state === undefined) throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: 'job' })
  const why = { code: text('code'), detail: text('detail'), advice: text('advice'), waitingFor: text('waitingFor') }
  return { id, state, ...why, sealSignature: text('sealSignature') }
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000
const PATIENCE_MS = 10 * 60_000
const REMIND_MS = 5000

/**
 * Follows a job to its end, and says each state that it comes into. A gateway that is silent for a while is asked again:
 * what it acknowledged it does not lose.
 * @throws {@link CliError} `JOB_ENDED_BADLY` with the job's code and detail; `JOB_NOT_ENDED` after ten minutes; `PROBLEM`.
 */
export async function followJob(context: Context, access: Access, first: Job): Promise<Job> {
  const { surroundings, texts, voice } = context
  const started = surroundings.now().getTime()
  let job = first
  voice.note(texts.jobState(job.state))
  for (let wait = FIRST_PAUSE_MS, reminded = 0; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    if (job.state === 'anchored') return job
    if (job.state === 'refused' || job.state === 'failed') throw endedBadly(job)
    await pause(wait)
    const elapsed = surroundings.now().getTime() - started
    if (elapsed > PATIENCE_MS) throw new CliError('JOB_NOT_ENDED', { job: job.id, state: job.state })
    const next = await stateOf(context, access, job)
    if (next.state !== job.state) voice.note(texts.jobState(next.state))
    else if (elapsed - reminded > REMIND_MS) {
      voice.note(texts.note.stillWaiting(waitedFor(next, texts), Math.round(elapsed / 1000)))
      reminded = elapsed
    }
    job = next
  }
}

async function stateOf(context: Context, { url, token }: Access, job: Job): Promise<Job> {
  try {
    const path = `/v1/jobs/${encodeURIComponent(job.id)}`
    return jobFrom(url, await askObject(url, { method: 'GET', path, token, language: context.texts.language }))
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'GATEWAY_UNREACHABLE') throw error
    context.voice.note(context.texts.note.askingAgain(url))
    return job
  }
}

function waitedFor({ state, waitingFor }: Job, texts: Texts): string {
  return `${texts.jobState(state)}${waitingFor === undefined ? '' : ` (${waitingFor})`}`
}

function endedBadly({ id, state, code, detail, advice }: Job): CliError {
  return new CliError('JOB_ENDED_BADLY', {
    job: id,
    state,
    code: code ?? 'UNKNOWN',
    detail: detail ?? '',
    advice: advice ?? '',
  })
}
