import { type Digest, digestOfDocument } from '../model/digest'
import type { AssertionReport, ContainerReport, Report } from '../model/report'
import type { Container, EvidenceGiven } from './evidence-given'

/**
 * The report with what is to be said of each container that was given: whether it was read, what in it proves what, by whose
 * clock it was closed, and what of it this version does not know. It informs: the facts are judged by what they rest on.
 */
export async function withContainers(reporting: Promise<Report>, given: () => EvidenceGiven): Promise<Report> {
  const { containers } = given()
  if (containers.length === 0) return reporting
  const [report, ...assertions] = await Promise.all([reporting, ...containers.map(({ assertion }) => assertion)])
  const ids = [...report.signatures, ...(report.deposits ?? [])].map(({ id }) => id as string | null)
  const context = { ids, file: report.file.sha256 }
  const judged = containers.map((one, i) => reportOn(one, assertions[i], context))
  return { ...report, evidence: await Promise.all(judged) }
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
