import { equal } from '../encode/bytes'
import { DerError } from '../encode/der'
import { type CertificateRecord, isCompromise, type Revocation } from '../model/certificate'
import { digestOf } from '../model/digest'
import type { SubIndication } from '../model/report'
import { compareTimes, timeOf } from '../model/time'
import type { Certificate } from '../x509/certificate'
import { type Crl, type CrlEntry, isOrderly, parseCrl, revocationOf } from '../x509/crl'
import { isIssuedBy } from '../x509/issued'
import { type PathResult, validatePath } from '../x509/path'
import { readable } from '../x509/readable'
import { X509Error } from '../x509/x509-error'
import type { Attested } from './attested'
import { type Finding, failed, indeterminate, passed } from './finding'
import type { Subject } from './subject'
import type { ProvenTime } from './timestamp'
import type { TrustView } from './trust-view'

const PATH = 'RFC 5280 6.1'
const REVOCATION = 'EN 319 102-1 5.2.6'

/** What the certificate is judged with. */
export interface CertificateContext {
  readonly trust: TrustView | undefined
  /** {@link pathOf} at the proven time, else at the time of verification. */
  readonly path: PathResult | undefined
  readonly proven: ProvenTime | undefined
  readonly attested: Attested | undefined
  /** Index of this use in the log, once anchored. */
  readonly index: number | undefined
  /** CRLs of the evidence, DER; hostile. */
  readonly crls: readonly Uint8Array[]
}

/** The path from the signer's certificate to a seal CA of the institution that the signature names, if it names any. */
export async function pathOf(
  { certificate, certificates, use }: Subject,
  trust: TrustView | undefined,
  at: Date,
): Promise<PathResult | undefined> {
  const anchors = use === undefined ? undefined : trust?.sealCasOf(use.institution)
  if (certificate === undefined || anchors === undefined || anchors.length === 0) return undefined
  return validatePath({ leaf: certificate, others: certificates, anchors, at, purpose: 'seal' })
}

/** Fact 3: issued to that institution by its seal CA, valid and not revoked at the proven time. */
export async function checkCertificate(subject: Subject, context: CertificateContext): Promise<Finding> {
  const { certificate, use } = subject
  const { trust, path, proven } = context
  if (certificate === undefined) {
    return indeterminate(
      'CERTIFICATE_MISSING',
      PATH,
      'there is no certificate to judge',
      'NO_SIGNING_CERTIFICATE_FOUND',
    )
  }
  if (trust === undefined) {
    return indeterminate(
      'TRUST_MISSING',
      PATH,
      'no trust file says whose certificates count',
      'NO_CERTIFICATE_CHAIN_FOUND',
    )
  }
  if (path === undefined) {
    const detail =
      use === undefined ? 'the signature names no institution' : `the trust file names no seal CA of ${use.institution}`
    return indeterminate('SIGNER_UNKNOWN', PATH, detail, 'NO_CERTIFICATE_CHAIN_FOUND')
  }
  if (!path.ok) return pathFinding(path, proven !== undefined)
  return notRevoked(certificate, path.chain, context)
}

/** Faults that time or trust might yet mend are `indeterminate`; those of the certificate itself are `failed`. */
function pathFinding(path: PathResult & { readonly ok: false }, provenTime: boolean): Finding {
  const { code, detail } = path
  const subIndication: SubIndication =
    path.subIndication === 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' ? 'CRYPTO_CONSTRAINTS_FAILURE' : path.subIndication
  if (code === 'CERTIFICATE_EXPIRED' && provenTime) {
    return failed(code, PATH, `${detail}, before the proven time`, 'EXPIRED')
  }
  const mended = ['PATH_NOT_FOUND', 'CERTIFICATE_EXPIRED', 'ALGORITHM_UNSUPPORTED'].includes(code)
  return mended ? indeterminate(code, PATH, detail, subIndication) : failed(code, PATH, detail, subIndication)
}

async function notRevoked(
  certificate: Certificate,
  chain: readonly Certificate[],
  context: CertificateContext,
): Promise<Finding> {
  const issuer = chain[1]
  const record = context.attested?.statement.certificate
  const entries = issuer === undefined ? [] : await crlEntries(certificate, issuer, context.crls)
  if (record === undefined || record.digest !== digestOf(certificate.der)) {
    const [entry] = entries
    if (entry !== undefined) return judgeRevocation(explained(entry, undefined), context)
    const detail = 'no attested record of this certificate: whether it was revoked is not known'
    return indeterminate('REVOCATION_UNKNOWN', REVOCATION, detail, 'TRY_LATER')
  }
  if (!isRegistered(chain, context.attested)) {
    return failed(
      'SEAL_CA_NOT_REGISTERED',
      'FORMAT.md 11.3',
      "the issuing CA is not in the ledger's register",
      'CHAIN_CONSTRAINTS_FAILURE',
    )
  }
  const revocations = [
    ...(record.revocation === undefined ? [] : [record.revocation]),
    ...entries.map((entry) => explained(entry, record)),
  ]
  for (const revocation of revocations) {
    const finding = judgeRevocation(revocation, context)
    if (finding.outcome !== 'passed') return finding
  }
  return passed(PATH, "issued by the institution's seal CA, valid and not revoked at the proven time")
}

function isRegistered(chain: readonly Certificate[], attested: Attested | undefined): boolean {
  const registered: readonly string[] = attested?.statement.registered.sealCas ?? []
  return chain.slice(1).some((certificate) => registered.includes(digestOf(certificate.der)))
}

/** Entries for this certificate in CRLs that its issuer signed; what anybody else signed is nothing. */
async function crlEntries(
  certificate: Certificate,
  issuer: Certificate,
  ders: readonly Uint8Array[],
): Promise<readonly CrlEntry[]> {
  const crls = ders.flatMap((der) => readable(() => parseCrl(der)) ?? [])
  const found: CrlEntry[] = []
  for (const crl of crls) {
    if (!equal(crl.issuer, issuer.subject) || !(await signedBy(crl, issuer))) continue
    const entry = revocationOf(crl, certificate)
    if (entry !== undefined) found.push(entry)
  }
  return found
}

async function signedBy(crl: Crl, issuer: Certificate): Promise<boolean> {
  try {
    return await isIssuedBy(crl, issuer.spki)
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return false
    throw refusal
  }
}

/**
 * A CRL entry as a revocation. Without a record of the register it counts as compromise since ever; with one the worse of
 * reason and date counts.
 */
function explained(entry: CrlEntry, record: CertificateRecord | undefined): Revocation {
  const known = record?.revocation
  const declaredAt = timeOf(entry.at)
  if (known === undefined) {
    return { declaredAt, invalidityDate: timeOf(new Date(0)), reason: 'unspecified', disputedFrom: 0 }
  }
  const dates = [known.invalidityDate, timeOf(entry.invalidityDate ?? entry.at)]
  const reason = isOrderly(entry.reason) || isCompromise(known.reason) ? known.reason : 'unspecified'
  return { ...known, reason, invalidityDate: dates.sort(compareTimes)[0] }
}

/** FORMAT.md 2: after a compromise time and order in the log both count, and the worse wins. */
function judgeRevocation(revocation: Revocation, { proven, index }: CertificateContext): Finding {
  const { reason, invalidityDate, disputedFrom, ratified = [] } = revocation
  if (proven === undefined) {
    return indeterminate('REVOKED', REVOCATION, `revoked (${reason}), and no time is proven`, 'REVOKED_NO_POE')
  }
  const inTime = compareTimes(proven.latest, invalidityDate) < 0
  if (!isCompromise(reason)) {
    return inTime
      ? passed(REVOCATION, `revoked later (${reason}), from ${invalidityDate}`)
      : failed('CERTIFICATE_REVOKED', REVOCATION, `revoked (${reason}) from ${invalidityDate}`, 'REVOKED')
  }
  const isRatified = index !== undefined && ratified.some(({ from, to }) => index >= from && index < to)
  if (isRatified || (inTime && index !== undefined && index < disputedFrom)) {
    return passed(REVOCATION, `recorded before the compromise (${reason}) of ${invalidityDate}, or ratified since`)
  }
  const detail = `disputed: the key was compromised (${reason}) from ${invalidityDate}, entry ${disputedFrom}`
  return failed('SEAL_DISPUTED', REVOCATION, detail, 'REVOKED')
}
