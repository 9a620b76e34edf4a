import {
  AppendFormat,
  type AttestRequest,
  CertificateFormat,
  type Format,
  InstitutionFormat,
  SealFormat,
  type Statement,
} from '@cinnabar/core'
import { type Context, parseRecord, readRecord } from './context'
import { type RuleCode, RuleError } from './errors'
import { readHead } from './log'
import { KEY, lastUpTo } from './state'

/**
 * The statement of a head and of the register as it stood when the log had that many entries. It reads only what never
 * changes again and writes nothing, so that every peer says the same; only a challenge is answered with the log's present
 * size beside it.
 * @throws {@link RuleError} `HEAD_UNKNOWN` when no append ended at this size, here and now; `SEAL_UNKNOWN`,
 * `CERTIFICATE_UNKNOWN` when not registered at that size.
 */
export async function attest(context: Context, request: AttestRequest): Promise<Statement> {
  const { state, transaction } = context
  const { institution, size, challenge } = request
  const append = await readRecord(state, KEY.append(institution, size), AppendFormat)
  if (append === undefined) {
    throw new RuleError('HEAD_UNKNOWN', `no append of ${institution} ended at ${size}`, { institution, size })
  }
  const { from, root, recordedAt } = append
  const at = <T>(prefix: string, format: Format<T>, code: RuleCode) => asOf(context, prefix, size, format, code)
  const registered = await at(`institution-at/${institution}/`, InstitutionFormat, 'INSTITUTION_UNKNOWN')
  const seal = request.seal && (await at(`seal-at/${institution}/${request.seal}/`, SealFormat, 'SEAL_UNKNOWN'))
  const named = request.certificate ?? (seal === undefined ? undefined : seal.certificate)
  const certificate =
    named && (await at(`certificate-at/${institution}/${named}/`, CertificateFormat, 'CERTIFICATE_UNKNOWN'))
  return {
    ...(certificate && { certificate }),
    ...(challenge && { challenge }),
    channel: transaction.channel,
    from,
    institution,
    ...(challenge && { latest: (await readHead(state, institution)).size }),
    recordedAt,
    registered,
    root,
    ...(seal && { seal }),
    size,
    type: 'cinnabar.attest.v1',
  }
}

async function asOf<T>(
  { state }: Context,
  prefix: string,
  size: number,
  format: Format<T>,
  code: RuleCode,
): Promise<T> {
  const bytes = await lastUpTo(state, prefix, size)
  if (bytes !== undefined) return parseRecord(bytes, format)
  throw new RuleError(code, `not registered when the log had ${size} entries`, { size })
}
