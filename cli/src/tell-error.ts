import { CliError } from './cli-error'
import { EXIT, type Exit } from './exit'
import type { Telling, Texts } from './texts/en'
import type { CliProblem } from './voice'

/** What to say of an error: lower case, no full stop, the code last; and what to do about it, if that is known. */
export function tell(error: CliError, texts: Texts): Telling {
  const { code, details } = error
  if (code !== 'PROBLEM' && code !== 'JOB_ENDED_BADLY') {
    const { sentence, hint } = texts.error[code](details)
    return { sentence: `${sentence} [${code}]`, hint }
  }
  const told = Object.hasOwn(texts.problem, String(details.code)) ? texts.problem[String(details.code)] : undefined
  const sentence = told?.sentence ?? texts.plain(String(details.detail ?? ''), Number(details.status ?? 0))
  const lead = code === 'JOB_ENDED_BADLY' ? texts.ended(String(details.state)) : ''
  return {
    sentence: `${lead}${sentence} [${details.code}]`,
    hint: told?.hint ?? (details.advice ? String(details.advice) : undefined),
  }
}

/** An error in lines for standard error, and how the command exits. */
export function errorLines(error: unknown, texts: Texts): { readonly lines: readonly string[]; readonly exit: Exit } {
  if (!(error instanceof CliError)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    return { lines: [`${texts.errorLead}${texts.internal(`${name}: ${message}`)}`], exit: EXIT.internal }
  }
  const { sentence, hint } = tell(error, texts)
  const lines = [`${texts.errorLead}${sentence}`]
  return { lines: hint === undefined ? lines : [...lines, `${texts.hintLead}${hint}`], exit: error.exit }
}

/** The same for programs. */
export function problemOf(error: unknown, texts: Texts): CliProblem {
  if (!(error instanceof CliError)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    const detail = texts.internal(`${name}: ${message}`)
    return { type: 'urn:cinnabar:problem:INTERNAL', code: 'INTERNAL', detail, exit: EXIT.internal }
  }
  const { sentence, hint } = tell(error, texts)
  const isGateways = error.code === 'PROBLEM' || error.code === 'JOB_ENDED_BADLY'
  const code = isGateways ? String(error.details.code) : error.code
  const status = Number(error.details.status)
  return {
    type: `urn:cinnabar:problem:${code}`,
    code,
    ...(error.code === 'PROBLEM' && Number.isInteger(status) && { status }),
    detail: sentence.replace(/ \[[A-Z0-9_]+\]$/, ''),
    ...(hint !== undefined && { advice: hint }),
    exit: error.exit,
  }
}
