import { CodedError } from '@cinnabar/core'
import type { Clock } from './clock'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a line says beside its message. An error becomes its code, its text and those of its causes. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | Error>>

/** Writes one line of JSON for each message: `level`, `time`, `message`, then the fields. */
export interface Logger {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
}

/** Fields of these names are hidden: a secret that slips into a call must not reach the disk. */
const SECRET = /pass(word|phrase)?|secret|authorization|cookie|jwt|bearer|pkcs8|kek|salt|token$|apikey/i
/** What lets somebody in hides in no other field either, nor in an error's text: JWTs, refresh tokens, API keys, secrets of webhooks. */
const LETS_IN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+|\bcinnabar_[a-z]+_[\w-]+|\bwhsec_[\w+/=-]+/g

/** @param write - takes a line with its line feed. */
export function createLogger(level: LogLevel, clock: Clock, write: (line: string) => void): Logger {
  const at =
    (one: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(one) > LOG_LEVELS.indexOf(level)) return
      const shown = Object.entries(fields).map(([name, value]) => [
        name,
        SECRET.test(name) ? '[hidden]' : shownOf(value),
      ])
      const line = { level: one, time: clock.now().toISOString(), message, ...Object.fromEntries(shown) }
      write(`${JSON.stringify(line).replace(LETS_IN, '[hidden]')}\n`)
    }
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

function shownOf(value: LogFields[string], depth = 0): unknown {
  if (!(value instanceof Error)) return value
  const cause = value.cause instanceof Error && depth < 4 ? shownOf(value.cause, depth + 1) : undefined
  // A stack helps only where nobody foresaw the error.
  const place = value instanceof CodedError ? { code: value.code } : { stack: value.stack }
  return { ...place, text: value.message, cause }
}
