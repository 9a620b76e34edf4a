import {
  type Certificate,
  type Change,
  compareTimes,
  DerError,
  type Digest,
  digestOf,
  EncodingError,
  fromBase64,
  type Institution,
  isCompromise,
  type LogHead,
  leafFault,
  parseCertificate,
  type Revocation,
  readKeyKind,
  TsaFormat,
  timeOf,
  utf8,
  validatePath,
  X509Error,
} from '@cinnabar/core'
import {
  type Context,
  parseRecord,
  requireCaller,
  requireCertificate,
  requireDer,
  requireInstitution,
  requireTsa,
} from './context'
import { RuleError } from './errors'
import { firstRecordedFrom, openLog } from './log'
import { changeCertificate, changeInstitution, changeTsa, openRegister } from './register'
import { KEY, valuesUnder } from './state'

type Of<K extends Change['change']> = Extract<Change, { change: K }>

/** As many as a record of an institution holds. */
const MAX_SEAL_CAS = 16

/**
 * Registers a CA, self-signed or not, under which the institution's seal certificates are issued.
 * @throws {@link RuleError} `CERTIFICATE_INVALID`, `ALREADY_REGISTERED`, `REGISTER_FULL`.
 */
export async function registerSealCa(context: Context, change: Of<'registerSealCa'>): Promise<LogHead> {
  requireCaller(context, change.institution, 'registrar')
  const institution = await requireInstitution(context, change.institution)
  const certificate = readCertificate(change.certificate)
  if (certificate.basicConstraints?.ca !== true || certificate.keyUsage?.has('keyCertSign') !== true) {
    throw invalid('not a CA certificate with key usage keyCertSign')
  }
  const digest = digestOf(certificate.der)
  if (institution.sealCas.includes(digest)) throw registered(digest)
  if (institution.sealCas.length >= MAX_SEAL_CAS) {
    throw new RuleError('REGISTER_FULL', `an institution has at most ${MAX_SEAL_CAS} seal CAs`, { max: MAX_SEAL_CAS })
  }
  const log = await openLog(context, institution.id)
  await context.state.put(KEY.der(digest), certificate.der)
  const record = { ...institution, sealCas: [...institution.sealCas, digest] }
  return changeInstitution(context, log, 'sealCaRegistered', record, digest)
}

/**
 * Registers a timestamp authority (RFC 3161 2.3).
 * @throws {@link RuleError} `CERTIFICATE_INVALID`; `ALREADY_REGISTERED`, by whatever institution.
 */
export async function registerTsa(context: Context, change: Of<'registerTsa'>): Promise<LogHead> {
  requireCaller(context, change.institution, 'registrar')
  const log = await openRegister(context, change.institution)
  const certificate = readCertificate(change.certificate)
  requireLeaf(certificate, 'tsa')
  const digest = digestOf(certificate.der)
  // One authority answers to one institution: who takes another's as its own would make its tokens nobody's proof.
  const known = (await valuesUnder(context.state, 'tsa/')).map((bytes) => parseRecord(bytes, TsaFormat))
  if (known.some((one) => one.digest === digest)) throw registered(digest)
  await context.state.put(KEY.der(digest), certificate.der)
  const { institution } = change
  const record = { digest, institution, ...validityOf(certificate), type: 'cinnabar.tsa.v1' } as const
  return changeTsa(context, log, 'tsaRegistered', record)
}

/**
 * Refuses the authority's tokens at and after a time, once and for all.
 * @throws {@link RuleError} `TSA_NOT_REGISTERED`, `TSA_WITHDRAWN`.
 */
export async function withdrawTsa(context: Context, change: Of<'withdrawTsa'>): Promise<LogHead> {
  requireCaller(context, change.institution, 'registrar')
  const log = await openRegister(context, change.institution)
  const record = await requireTsa(context, change.institution, change.certificate)
  if (record.withdrawnAt !== undefined) {
    throw new RuleError('TSA_WITHDRAWN', `withdrawn at ${record.withdrawnAt}`, { certificate: record.digest })
  }
  return changeTsa(context, log, 'tsaWithdrawn', { ...record, withdrawnAt: change.at })
}

/**
 * Registers a seal certificate that one of the institution's own seal CAs issued.
 * @throws {@link RuleError} `CERTIFICATE_INVALID`, `CERTIFICATE_NOT_ISSUED`, `ALREADY_REGISTERED`.
 */
export async function registerCertificate(context: Context, change: Of<'registerCertificate'>): Promise<LogHead> {
  requireCaller(context, change.institution, 'registrar')
  const institution = await requireInstitution(context, change.institution)
  const certificate = readCertificate(change.certificate)
  requireLeaf(certificate, 'seal')
  const digest = digestOf(certificate.der)
  if ((await context.state.get(KEY.certificate(institution.id, digest))) !== undefined) throw registered(digest)
  await requireIssued(context, institution, certificate)
  const log = await openLog(context, institution.id)
  const { id } = institution
  await context.state.put(KEY.der(digest), certificate.der)
  await context.state.put(KEY.sealKey(id, digestOf(certificate.spki)), utf8(digest))
  const record = { digest, institution: id, ...validityOf(certificate), type: 'cinnabar.certificate.v1' } as const
  return changeCertificate(context, log, 'certificateRegistered', record)
}

/**
 * Declares from when a certificate is not to be relied on, and from which entry its uses are disputed. A later revocation
 * may only make things worse: an earlier date, or compromise where there was none.
 * @throws {@link RuleError} `CERTIFICATE_UNKNOWN`, `ALREADY_REVOKED`, `INVALIDITY_DATE_INVALID`.
 */
export async function revokeCertificate(context: Context, change: Of<'revokeCertificate'>): Promise<LogHead> {
  requireCaller(context, change.institution, 'registrar')
  const log = await openRegister(context, change.institution)
  const record = await requireCertificate(context, change.institution, change.certificate)
  const { reason, invalidityDate } = change
  const { revocation, notBefore } = record
  const latest = revocation?.invalidityDate ?? log.recordedAt
  if (compareTimes(invalidityDate, notBefore) < 0 || compareTimes(invalidityDate, latest) > 0) {
    const details = { invalidityDate, notBefore, latest }
    throw new RuleError('INVALIDITY_DATE_INVALID', `expected ${notBefore} to ${latest}`, details)
  }
  if (revocation !== undefined) requireWorse(revocation, change)
  const first = await firstRecordedFrom(context.state, log, invalidityDate)
  const disputedFrom = Math.min(first, revocation?.disputedFrom ?? first)
  const declared = { declaredAt: log.recordedAt, disputedFrom, invalidityDate, reason }
  return changeCertificate(context, log, 'certificateRevoked', {
    ...record,
    revocation: { ...revocation, ...declared },
  })
}

function requireWorse(revocation: Revocation, { reason, invalidityDate }: Of<'revokeCertificate'>): void {
  const now = isCompromise(reason)
  const before = isCompromise(revocation.reason)
  const earlier = compareTimes(invalidityDate, revocation.invalidityDate) < 0
  if ((now && !before) || (earlier && now === before)) return
  throw new RuleError('ALREADY_REVOKED', `revoked at ${revocation.declaredAt} for ${revocation.reason}`, {
    reason: revocation.reason,
    invalidityDate: revocation.invalidityDate,
  })
}

function readCertificate(base64: string): Certificate {
  try {
    const certificate = parseCertificate(fromBase64(base64))
    readKeyKind(certificate.spki)
    return certificate
  } catch (cause) {
    if (cause instanceof X509Error || cause instanceof DerError || cause instanceof EncodingError) {
      throw invalid(cause.message, cause)
    }
    throw cause
  }
}

function requireLeaf(certificate: Certificate, purpose: 'seal' | 'tsa'): void {
  const fault = leafFault(certificate, purpose)
  if (fault !== undefined) throw invalid(fault.detail)
  if (certificate.unknownCritical.length > 0) throw invalid('it has a critical extension that nobody here knows')
}

async function requireIssued(context: Context, institution: Institution, leaf: Certificate): Promise<void> {
  const ders = await Promise.all(institution.sealCas.map((digest) => requireDer(context, digest)))
  const anchors = ders.map(parseCertificate)
  const path = await validatePath({ leaf, others: [], anchors, at: leaf.notBefore, purpose: 'seal' })
  if (path.ok) return
  const text = `not issued under a seal CA of ${institution.id}: ${path.detail}`
  throw new RuleError('CERTIFICATE_NOT_ISSUED', text, { institution: institution.id, reason: path.code })
}

function validityOf({ notBefore, notAfter }: Certificate) {
  return { notAfter: timeOf(notAfter), notBefore: timeOf(notBefore) }
}

function registered(digest: Digest): RuleError {
  return new RuleError('ALREADY_REGISTERED', `${digest} is registered`, { certificate: digest })
}

function invalid(why: string, cause?: unknown): RuleError {
  return new RuleError('CERTIFICATE_INVALID', why, {}, cause)
}
