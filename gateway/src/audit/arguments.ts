import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AuditError } from './audit-error'

/** What is to be audited, and how to tell of it. Paths are absolute. */
export interface AuditRequest {
  /** Trust file to judge by. */
  readonly trust: string
  /** Connection file with the peers to compare; without it the embedded ledger in `data` is audited. */
  readonly connection?: string
  /** Data folder of a gateway, or a copy of one. */
  readonly data?: string
  /** Data folder, usually a backup, whose store has openings. */
  readonly openings?: string
  /** Put uses with openings, and new receipts, into the store of `data`. */
  readonly restore: boolean
  readonly json: boolean
  readonly language: 'en' | 'zh'
}

const OPTIONS = {
  trust: { type: 'string' },
  connection: { type: 'string' },
  data: { type: 'string' },
  openings: { type: 'string' },
  restore: { type: 'boolean' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
} as const

/** @param folder - relative paths are taken from here. @throws {@link AuditError} `USAGE`. */
export function readArguments(args: readonly string[], folder: string): AuditRequest {
  const { trust, connection, data, openings, restore = false, json = false, lang = 'en' } = parsed(args)
  if (trust === undefined) throw usage('--trust is missing: a trust file says whose word counts')
  if (connection === undefined && data === undefined) throw usage('--connection or --data is missing: nothing to audit')
  if (restore && (connection === undefined || data === undefined || openings === undefined)) {
    throw usage('--restore needs --connection, --data and --openings')
  }
  if (lang !== 'en' && lang !== 'zh') throw usage('--lang is en or zh')
  const path = (given: string | undefined) => (given === undefined ? undefined : resolve(folder, given))
  return {
    trust: resolve(folder, trust),
    restore,
    json,
    language: lang,
    ...(connection !== undefined && { connection: path(connection) }),
    ...(data !== undefined && { data: path(data) }),
    ...(openings !== undefined && { openings: path(openings) }),
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function usage(text: string, cause?: unknown): AuditError {
  return new AuditError('USAGE', text, {}, cause)
}
