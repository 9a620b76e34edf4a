import {
  type Caller,
  CertificateFormat,
  type CertificateRecord,
  type Digest,
  type Format,
  FormatError,
  type Institution,
  InstitutionFormat,
  type InstitutionId,
  type Seal,
  SealFormat,
  type SealId,
  type Time,
  TsaFormat,
  type TsaRecord,
} from '@cinnabar/core'
import { RuleError } from './errors'
import { KEY, type State } from './state'

/** What the ledger knows of a transaction. Every endorsing peer sees the same. */
export interface Transaction {
  readonly id: string
  /** Transaction time: on Fabric the client's word, kept near the peers' clocks by the chaincode's shell. */
  readonly time: Time
  readonly channel: string
  /**
   * Proven by the ledger: the MSP of the client's identity, its attribute `role`, and, where callers have certificates,
   * the digest of its SubjectPublicKeyInfo.
   */
  readonly caller: { readonly institution: InstitutionId; readonly role?: string; readonly key?: Digest }
}

/** One call: its transaction and the state before it. */
export interface Context {
  readonly state: State
  readonly transaction: Transaction
}

/** @throws {@link RuleError} `CALLER_NOT_PERMITTED` unless the caller is the institution's own, in that role. */
export function requireCaller({ transaction }: Context, institution: InstitutionId, role: Caller['role']): void {
  const { caller } = transaction
  if (caller.institution === institution && caller.role === role) return
  const details = { institution, role, caller: caller.institution, callerRole: caller.role ?? '' }
  throw new RuleError('CALLER_NOT_PERMITTED', `only a ${role} of ${institution} may do this`, details)
}

/**
 * A seal's key is never a ledger identity, whatever an MSP admits: else one stolen key would both sign and record.
 * @throws {@link RuleError} `CALLER_NOT_PERMITTED` when the caller's key is that of a seal certificate of its institution.
 */
export async function refuseSealKey({ state, transaction }: Context): Promise<void> {
  const { institution, key } = transaction.caller
  if (key === undefined || (await state.get(KEY.sealKey(institution, key))) === undefined) return
  throw new RuleError('CALLER_NOT_PERMITTED', "a seal's key is no ledger identity", { institution, key })
}

/** @throws {@link RuleError} `INSTITUTION_UNKNOWN`. */
export async function requireInstitution({ state }: Context, id: InstitutionId): Promise<Institution> {
  const found = await readRecord(state, KEY.institution(id), InstitutionFormat)
  if (found !== undefined) return found
  throw new RuleError('INSTITUTION_UNKNOWN', `${id} is not registered`, { institution: id })
}

/** @throws {@link RuleError} `SEAL_UNKNOWN`. */
export async function requireSeal({ state }: Context, institution: InstitutionId, seal: SealId): Promise<Seal> {
  const found = await readRecord(state, KEY.seal(institution, seal), SealFormat)
  if (found !== undefined) return found
  throw new RuleError('SEAL_UNKNOWN', `${institution} has no seal ${seal}`, { institution, seal })
}

/** @throws {@link RuleError} `CERTIFICATE_UNKNOWN`. */
export async function requireCertificate(
  { state }: Context,
  institution: InstitutionId,
  certificate: Digest,
): Promise<CertificateRecord> {
  const found = await readRecord(state, KEY.certificate(institution, certificate), CertificateFormat)
  if (found !== undefined) return found
  const text = `${institution} has not registered the certificate ${certificate}`
  throw new RuleError('CERTIFICATE_UNKNOWN', text, { institution, certificate })
}

/** @throws {@link RuleError} `TSA_NOT_REGISTERED`. */
export async function requireTsa(
  { state }: Context,
  institution: InstitutionId,
  certificate: Digest,
): Promise<TsaRecord> {
  const found = await readRecord(state, KEY.tsa(institution, certificate), TsaFormat)
  if (found !== undefined) return found
  throw new RuleError('TSA_NOT_REGISTERED', `${institution} has no authority ${certificate}`, { certificate })
}

/** @throws {@link RuleError} `STATE_DAMAGED` when the DER that a record names is missing. */
export async function requireDer({ state }: Context, certificate: Digest): Promise<Uint8Array> {
  const found = await state.get(KEY.der(certificate))
  if (found !== undefined) return found
  throw new RuleError('STATE_DAMAGED', `the DER of ${certificate} is missing`, { certificate })
}

/** The record at `key`. @throws {@link RuleError} `STATE_DAMAGED` when it is not canonical. */
export async function readRecord<T>(state: State, key: string, format: Format<T>): Promise<T | undefined> {
  const bytes = await state.get(key)
  return bytes === undefined ? undefined : parseRecord(bytes, format)
}

/** @throws {@link RuleError} `STATE_DAMAGED` when the bytes are not canonical. */
export function parseRecord<T>(bytes: Uint8Array, format: Format<T>): T {
  try {
    return format.parse(bytes)
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new RuleError('STATE_DAMAGED', `a record cannot be read: ${cause.message}`, {}, cause)
  }
}
