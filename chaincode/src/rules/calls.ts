import {
  type AttestRequest,
  type Change,
  encodeCanonical,
  fromUtf8,
  type InstitutionId,
  type Json,
  type LogEntry,
  type Use,
} from '@cinnabar/core'

/** A call of the chaincode as a client makes it: what {@link invoke} reads. */
export interface Call {
  readonly name: string
  readonly args: readonly string[]
  readonly transient?: ReadonlyMap<string, Uint8Array>
}

/** @throws FormatError when a value has no canonical form. */
export function changeCall({ change, ...members }: Change): Call {
  return { name: change, args: [canonicalText(members)] }
}

/** @throws FormatError when a value has no canonical form. */
export function appendCall(
  institution: InstitutionId,
  expectedSize: number,
  entries: readonly LogEntry[],
  uses: readonly Use[],
): Call {
  return {
    name: 'append',
    args: [institution, String(expectedSize), canonicalText(entries)],
    transient: new Map([['uses', encodeCanonical(uses as Json)]]),
  }
}

/** @throws FormatError when a value has no canonical form. */
export function attestCall(request: AttestRequest): Call {
  const { institution, size, seal = '', certificate = '', challenge = '' } = request
  return { name: 'attest', args: [institution, String(size), seal, certificate, challenge] }
}

function canonicalText(value: unknown): string {
  return fromUtf8(encodeCanonical(value as Json))
}
