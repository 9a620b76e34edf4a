import {
  type AttestRequest,
  base64,
  type Change,
  digest,
  entrySchema,
  FormatError,
  institutionId,
  institutionKind,
  integer,
  type Json,
  list,
  names,
  object,
  parseCanonical,
  pattern,
  revocationReason,
  type Schema,
  sealId,
  sealKind,
  text,
  time,
  useSchema,
  utf8,
} from '@cinnabar/core'
import { RuleError } from './errors'

/** Entries in one append. */
export const MAX_ENTRIES = 1000
/**
 * Bytes of an append's entries and uses together, 8 MiB: the most entries with tokens that bring their chain along
 * (4 KB each; with bare tokens they take 3.2 MB). Only the entries, a sixth of it, end in a block. Every hop's message
 * limit is above it: the proposal carries it once, a peer's message to the chaincode the entries a second time.
 */
export const MAX_APPEND_BYTES = 8 << 20
const MAX_ARGUMENT_BYTES = 65_536

const certificateDer = base64(16_384)
const institution = institutionId
const seal = sealId

/** One schema for each register change: the members of core's `Change` but its name, which is the function's. */
const CHANGES = {
  found: object({
    institution: object({
      id: institutionId,
      kind: institutionKind,
      names,
      type: pattern<'cinnabar.institution.v1'>(/^cinnabar\.institution\.v1$/, 'cinnabar.institution.v1'),
    }),
  }),
  registerSealCa: object({ institution, certificate: certificateDer }),
  registerTsa: object({ institution, certificate: certificateDer }),
  withdrawTsa: object({ institution, certificate: digest, at: time }),
  registerCertificate: object({ institution, certificate: certificateDer }),
  revokeCertificate: object({ institution, certificate: digest, reason: revocationReason, invalidityDate: time }),
  registerSeal: object({
    institution,
    seal: object({
      id: sealId,
      kind: sealKind,
      displayName: text(60),
      appearance: digest,
      certificate: digest,
      widthUm: integer(1000, 200_000),
      heightUm: integer(1000, 200_000),
      notBefore: time,
      notAfter: time,
    }),
  }),
  suspendSeal: object({ institution, seal }),
  resumeSeal: object({ institution, seal }),
  retireSeal: object({ institution, seal }),
  renewSeal: object({ institution, seal, certificate: digest }),
} as const satisfies {
  readonly [K in Change['change']]: Schema<Omit<Extract<Change, { readonly change: K }>, 'change'>>
}

/** The names of the functions that change the register. */
export const CHANGE_NAMES = Object.keys(CHANGES) as readonly Change['change'][]

/** Reads the one argument of a register change. @throws {@link RuleError} `ARGUMENT_INVALID`. */
export function parseChange<K extends Change['change']>(change: K, args: readonly string[]): Change {
  const members = parseJson(CHANGES[change] as Schema<object>, only(args), MAX_ARGUMENT_BYTES)
  return { change, ...members } as Change
}

/** One reader for each plain argument of a query. @throws {@link RuleError} `ARGUMENT_INVALID`. */
export const PLAIN = {
  institution: (value: string) => checked(institutionId, value),
  seal: (value: string) => checked(sealId, value),
  digest: (value: string) => checked(digest, value),
  challenge: (value: string) => checked(pattern(/^(?:[0-9a-f]{2}){16,64}$/, '16 to 64 bytes in hexadecimal'), value),
  count: (value: string) => {
    if (!/^(?:0|[1-9]\d{0,15})$/.test(value)) throw invalid('expected a decimal number')
    return checked(integer(), Number(value))
  },
} as const

/**
 * Reads the arguments of `attest`: institution, size, seal, certificate, challenge; empty text for what is not asked.
 * @throws {@link RuleError} `ARGUMENT_INVALID`.
 */
export function parseAttestRequest(args: readonly string[]): AttestRequest {
  const [institution, size, seal, certificate, challenge] = exactly(args, 5)
  return {
    institution: PLAIN.institution(institution),
    size: PLAIN.count(size),
    ...(seal === '' ? {} : { seal: PLAIN.seal(seal) }),
    ...(certificate === '' ? {} : { certificate: PLAIN.digest(certificate) }),
    ...(challenge === '' ? {} : { challenge: PLAIN.challenge(challenge) }),
  }
}

/** Reads the arguments of `append`: institution, expected size, entries; and the uses from the transient map. */
export function parseAppend(args: readonly string[], transient: ReadonlyMap<string, Uint8Array>) {
  const [id, size, entriesJson] = exactly(args, 3)
  const usesBytes = transient.get('uses')
  if (usesBytes === undefined) throw invalid('the transient map has no uses')
  const bytes = entriesJson.length + usesBytes.length
  if (bytes > MAX_APPEND_BYTES) {
    throw new RuleError('ARGUMENT_INVALID', `entries and uses take ${bytes} bytes, at most ${MAX_APPEND_BYTES}`, {
      bytes,
      maxBytes: MAX_APPEND_BYTES,
    })
  }
  const entries = parseJson(list(entrySchema, MAX_ENTRIES, 1), entriesJson, MAX_APPEND_BYTES)
  const uses = parseJson(list(useSchema, MAX_ENTRIES, 1), usesBytes, MAX_APPEND_BYTES)
  if (entries.length !== uses.length) {
    throw new RuleError('ARGUMENT_INVALID', `${entries.length} entries for ${uses.length} uses`, {
      entries: entries.length,
      uses: uses.length,
    })
  }
  return { institution: PLAIN.institution(id), expectedSize: PLAIN.count(size), entries, uses }
}

/** @throws {@link RuleError} `ARGUMENT_INVALID` unless there are exactly `count` arguments. */
export function exactly(args: readonly string[], count: number): readonly string[] {
  if (args.length === count) return args
  throw new RuleError('ARGUMENT_INVALID', `expected ${count} arguments, got ${args.length}`, {
    expected: count,
    got: args.length,
  })
}

function only(args: readonly string[]): string {
  return exactly(args, 1)[0]
}

function parseJson<T>(schema: Schema<T>, value: string | Uint8Array, maxBytes: number): T {
  try {
    return schema(parseCanonical(typeof value === 'string' ? utf8(value) : value, maxBytes), '')
  } catch (cause) {
    throw asInvalid(cause)
  }
}

function checked<T>(schema: Schema<T>, value: Json): T {
  try {
    return schema(value, 'the argument')
  } catch (cause) {
    throw asInvalid(cause)
  }
}

function asInvalid(cause: unknown): unknown {
  return cause instanceof FormatError ? new RuleError('ARGUMENT_INVALID', cause.message, cause.details, cause) : cause
}

function invalid(sentence: string): RuleError {
  return new RuleError('ARGUMENT_INVALID', sentence)
}
