import { type CertificateRecord, type Change, compareTimes, type LogHead, type Seal, type Time } from '@cinnabar/core'
import { type Context, requireCaller, requireCertificate, requireSeal } from './context'
import { RuleError } from './errors'
import type { OpenLog } from './log'
import { changeSeal, openRegister } from './register'
import { KEY } from './state'

type Of<K extends Change['change']> = Extract<Change, { change: K }>

/** As many as a seal's record holds. */
const MAX_SUSPENSIONS = 64

/**
 * Registers a seal with one of the institution's own unrevoked certificates, valid no longer than that.
 * @throws {@link RuleError} `ALREADY_REGISTERED`, `CERTIFICATE_UNKNOWN`, `CERTIFICATE_REVOKED`, `SEAL_VALIDITY_INVALID`.
 */
export async function registerSeal(context: Context, { institution, seal }: Of<'registerSeal'>): Promise<LogHead> {
  requireCaller(context, institution, 'registrar')
  const log = await openRegister(context, institution)
  if ((await context.state.get(KEY.seal(institution, seal.id))) !== undefined) {
    throw new RuleError('ALREADY_REGISTERED', `${institution} has a seal ${seal.id}`, { institution, seal: seal.id })
  }
  const certificate = await requireCertificate(context, institution, seal.certificate)
  requireUnrevoked(certificate)
  const { notBefore, notAfter } = seal
  const inside =
    compareTimes(certificate.notBefore, notBefore) <= 0 && compareTimes(notAfter, certificate.notAfter) <= 0
  if (!inside || compareTimes(notBefore, notAfter) >= 0) {
    const details = { notBefore: certificate.notBefore, notAfter: certificate.notAfter }
    throw new RuleError('SEAL_VALIDITY_INVALID', "a seal is valid within its certificate's validity", details)
  }
  const state = { institution, status: 'active', suspensions: [], type: 'cinnabar.seal.v1' } as const
  return changeSeal(context, log, 'sealRegistered', { ...seal, ...state })
}

/** Suspends an active seal from now on. @throws {@link RuleError} `SEAL_UNKNOWN`, `SEAL_STATUS_INVALID`, `REGISTER_FULL`. */
export async function suspendSeal(context: Context, change: Of<'suspendSeal'>): Promise<LogHead> {
  const { log, seal } = await openSeal(context, change, ['active'])
  if (seal.suspensions.length >= MAX_SUSPENSIONS) {
    throw new RuleError('REGISTER_FULL', `a seal is suspended at most ${MAX_SUSPENSIONS} times`, {
      max: MAX_SUSPENSIONS,
    })
  }
  const since = log.recordedAt
  const suspensions = [...seal.suspensions, { from: since }]
  return changeSeal(context, log, 'sealSuspended', { ...seal, since, status: 'suspended', suspensions })
}

/** Ends a suspension now. @throws {@link RuleError} `SEAL_UNKNOWN`, `SEAL_STATUS_INVALID`. */
export async function resumeSeal(context: Context, change: Of<'resumeSeal'>): Promise<LogHead> {
  const { log, seal } = await openSeal(context, change, ['suspended'])
  const since = log.recordedAt
  const suspensions = endedAt(seal.suspensions, since)
  return changeSeal(context, log, 'sealResumed', { ...seal, since, status: 'active', suspensions })
}

/** Ends a seal's life now. @throws {@link RuleError} `SEAL_UNKNOWN`, `SEAL_STATUS_INVALID`. */
export async function retireSeal(context: Context, change: Of<'retireSeal'>): Promise<LogHead> {
  const { log, seal } = await openSeal(context, change, ['active', 'suspended'])
  const since = log.recordedAt
  const suspensions = endedAt(seal.suspensions, since)
  return changeSeal(context, log, 'sealRetired', { ...seal, since, status: 'retired', suspensions })
}

/**
 * Gives a seal a new certificate, and with it that certificate's end of validity. Uses under the old certificate are
 * to be recorded before.
 * @throws {@link RuleError} `SEAL_UNKNOWN`, `SEAL_STATUS_INVALID`, `CERTIFICATE_UNKNOWN`, `CERTIFICATE_REVOKED`,
 * `ALREADY_REGISTERED` when it is the seal's certificate now; `SEAL_VALIDITY_INVALID` when nothing would be left.
 */
export async function renewSeal(context: Context, change: Of<'renewSeal'>): Promise<LogHead> {
  const { log, seal } = await openSeal(context, change, ['active', 'suspended'])
  const certificate = await requireCertificate(context, change.institution, change.certificate)
  requireUnrevoked(certificate)
  if (certificate.digest === seal.certificate) {
    throw new RuleError('ALREADY_REGISTERED', 'the seal has this certificate', { certificate: certificate.digest })
  }
  if (compareTimes(certificate.notAfter, seal.notBefore) <= 0) {
    const details = { notAfter: certificate.notAfter, notBefore: seal.notBefore }
    throw new RuleError('SEAL_VALIDITY_INVALID', 'the certificate ends before the seal begins', details)
  }
  const { digest, notAfter } = certificate
  return changeSeal(context, log, 'sealRenewed', { ...seal, certificate: digest, notAfter })
}

/**
 * Whether the seal could be used at `time`: FORMAT.md section 2, "active at T".
 * @returns undefined, or the code of what stood against it.
 */
export function sealFault(seal: Seal, time: Time): 'SEAL_EXPIRED' | 'SEAL_SUSPENDED' | 'SEAL_RETIRED' | undefined {
  if (compareTimes(time, seal.notBefore) < 0 || compareTimes(time, seal.notAfter) > 0) return 'SEAL_EXPIRED'
  if (seal.status === 'retired' && seal.since !== undefined && compareTimes(time, seal.since) >= 0)
    return 'SEAL_RETIRED'
  const suspended = seal.suspensions.some(
    ({ from, to }) => compareTimes(from, time) <= 0 && (to === undefined || compareTimes(time, to) < 0),
  )
  return suspended ? 'SEAL_SUSPENDED' : undefined
}

async function openSeal(
  context: Context,
  change: Of<'suspendSeal' | 'resumeSeal' | 'retireSeal' | 'renewSeal'>,
  allowed: readonly Seal['status'][],
): Promise<{ readonly log: OpenLog; readonly seal: Seal }> {
  requireCaller(context, change.institution, 'registrar')
  const log = await openRegister(context, change.institution)
  const seal = await requireSeal(context, change.institution, change.seal)
  if (allowed.includes(seal.status)) return { log, seal }
  const details = { seal: seal.id, status: seal.status }
  throw new RuleError('SEAL_STATUS_INVALID', `the seal is ${seal.status}, not ${allowed.join(' or ')}`, details)
}

function requireUnrevoked({ revocation, digest }: CertificateRecord): void {
  if (revocation === undefined) return
  throw new RuleError('CERTIFICATE_REVOKED', `revoked at ${revocation.declaredAt}`, { certificate: digest })
}

function endedAt(suspensions: Seal['suspensions'], to: Time): Seal['suspensions'] {
  return suspensions.map((one) => (one.to === undefined ? { ...one, to } : one))
}
