import { randomBytes } from 'node:crypto'
import {
  buildTimestampRequest,
  type Certificate,
  type InstitutionId,
  parseToken,
  readTimestampResponse,
  TimestampError,
  verifyToken,
} from '@cinnabar/core'
import { type TimestampAuthority, TsaError } from './authority'

/** Takes a TimeStampReq to an authority and brings its TimeStampResp, both DER. */
export type TsaTransport = (request: Uint8Array) => Promise<Uint8Array>

/** Whom to ask, and how. */
export interface TsaClientOptions {
  readonly institution: InstitutionId
  readonly transport: TsaTransport
  /**
   * The authority's certificates, or roots of its own; a token that does not chain to one is `TSA_INVALID`. `inProcess`: of
   * an authority of this very process, whose answers nobody between can have changed, the signature is not verified here;
   * the ledger's rules verify it before they record anything.
   */
  readonly trusted: readonly Certificate[] | 'inProcess'
}

/** Failures that pass: the authority's clock or system, not our request (RFC 3161 2.4.2). */
const PASSING: ReadonlySet<string> = new Set(['timeNotAvailable', 'systemFailure'])

/** A {@link TimestampAuthority} over a transport. What comes from elsewhere is not taken unchecked. */
export function timestampClient({ institution, transport, trusted }: TsaClientOptions): TimestampAuthority {
  return {
    institution,
    async token(imprint) {
      const request = buildTimestampRequest({ imprint, nonce: new Uint8Array(randomBytes(16)) })
      const token = tokenOf(await transport(request), request)
      if (trusted === 'inProcess') return token
      const check = await verifyToken(parseToken(token), { imprint, certificates: trusted })
      if (!check.ok) throw new TsaError('TSA_INVALID', `${check.code}: ${check.detail}`, { institution })
      return token
    },
  }
}

function tokenOf(response: Uint8Array, request: Uint8Array): Uint8Array {
  try {
    return readTimestampResponse(response, request)
  } catch (cause) {
    if (!(cause instanceof TimestampError)) throw cause
    throw new TsaError(codeOf(cause), cause.message, cause.details, cause)
  }
}

function codeOf({ code, details }: TimestampError): TsaError['code'] {
  if (code !== 'TIMESTAMP_REFUSED') return 'TSA_INVALID'
  return PASSING.has(String(details.failure)) ? 'TSA_UNAVAILABLE' : 'TSA_REFUSED'
}
