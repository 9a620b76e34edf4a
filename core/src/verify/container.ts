import { equal } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { Assertion } from '../evidence/asic'
import { type Digest, digestOfDocument } from '../model/digest'
import type { AssertionReport, ContainerReport, Report } from '../model/report'
import { timeOf } from '../model/time'
import { verifyToken } from '../timestamp/verify-token'
import type { Container, EvidenceGiven } from './evidence-given'
import type { TrustView } from './trust-view'

interface Judging {
  readonly trust: TrustView | undefined
  readonly at: Date
}

/**
 * The report with what is to be said of each container that was given: whether it was read, what in it proves what, by whose
 * clock it was closed, and what of it this version does not know. It informs: the facts are judged by what they rest on. The
 * clock's word is judged while the report is made.
 */
export async function withContainers(
  reporting: Promise<Report>,
  given: () => EvidenceGiven,
  judging: Judging,
): Promise<Report> {
  const { containers } = given()
  if (containers.length === 0) return reporting
  const asserting = Promise.all(containers.map((one) => assertionOf(one, judging)))
  const [report, assertions] = await Promise.all([reporting, asserting])
  const ids = [...report.signatures, ...(report.deposits ?? [])].map(({ id }) => id as string | null)
  const context = { ids, file: report.file.sha256 }
  const judged = containers.map((one, i) => reportOn(one, assertions[i], context))
  return { ...report, evidence: await Promise.all(judged) }
}

async function assertionOf({ evidence }: Container, judging: Judging): Promise<AssertionReport | null> {
  return evidence?.assertion === undefined ? null : judgeAssertion(evidence.assertion, judging)
}

interface Context {
  readonly ids: readonly (string | null)[]
  readonly file: Digest
}

async function reportOn(
  { bytes, evidence, refusal }: Container,
  assertion: AssertionReport | null,
  context: Context,
): Promise<ContainerReport> {
  const about = { sha256: await digestOfDocument(bytes), bytes: bytes.length }
  if (evidence === undefined) {
    const { code, detail } = refusal ?? { code: 'EVIDENCE_INVALID', detail: '' }
    return { ...about, code, detail, created: null, assertion: null, document: null, claims: [], unknown: [] }
  }
  const { created, document, claims, others } = evidence
  const held = document === undefined ? null : (await digestOfDocument(document)) === context.file
  return {
    ...about,
    code: 'OK',
    detail: assertion === null ? 'a container without a time assertion' : 'an ASiC-E container',
    created,
    assertion,
    document: held === null ? 'absent' : held ? 'this' : 'other',
    claims: claims.filter(({ of }) => context.ids.includes(of)),
    unknown: others.filter(({ role }) => role !== 'ledger').map(({ path, role }) => ({ path, role })),
  }
}

/** EN 319 162-1 4.4: the token over the manifest, by an authority that the trust file names. */
async function judgeAssertion({ manifest, token }: Assertion, { trust, at }: Judging): Promise<AssertionReport> {
  const time = timeOf(token.genTime)
  const nobody = { time, organisation: null }
  if (trust === undefined) {
    return { ...nobody, outcome: 'indeterminate', code: 'TRUST_MISSING', detail: 'no trust file names authorities' }
  }
  const certificates = trust.tsas.map(({ certificate }) => certificate)
  const check = await verifyToken(token, { imprint: sha256(manifest), certificates, at })
  if (!check.ok) {
    const forged = check.code === 'TIMESTAMP_SIGNATURE_INVALID' || check.code === 'TIMESTAMP_IMPRINT_MISMATCH'
    return { ...nobody, outcome: forged ? 'failed' : 'indeterminate', code: check.code, detail: check.detail }
  }
  const anchors = [check.tsa, ...check.chain].map(({ der }) => der)
  const by = trust.tsas.find(({ certificate }) => anchors.some((der) => equal(der, certificate.der)))
  if (by?.withdrawnAt !== undefined) {
    return { ...nobody, outcome: 'indeterminate', code: 'TIMESTAMP_UNTRUSTED', detail: 'the authority was withdrawn' }
  }
  const organisation = by?.organisation ?? null
  return { time, organisation, outcome: 'passed', code: 'OK', detail: 'nothing in it was changed since' }
}
