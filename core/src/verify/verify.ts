import { equal } from '../encode/bytes'
import type { EvidenceSignature } from '../evidence/evidence'
import type { Receipt } from '../model/receipt'
import type { Outcome, Report, SignatureReport } from '../model/report'
import { dateOf } from '../model/time'
import type { Trust } from '../model/trust'
import { type PdfDocument, readPdf } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import { unreferencedSignatures } from '../pdf/signature-field'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { commonName } from '../x509/name'
import { type AdesFile, adesFile, carriedCertificates, levelOf, validateAdes } from './ades'
import { checkAnchor } from './anchor'
import { checkCertificate, pathOf } from './certificate'
import { withContainers } from './container'
import { withStamps } from './document-stamps'
import { type EvidenceGiven, evidenceGiven } from './evidence-given'
import { type FileDigests, fileDigests } from './file-digests'
import { type Finding, worst } from './finding'
import { byAnchors } from './foreign'
import { checkIntegrity } from './integrity'
import { namesake } from './look-alike'
import { onceAsked } from './once-asked'
import { signatureReport } from './report'
import { checkSeal, shownPictures } from './seal'
import { checkSignature } from './signature'
import { isDocumentTimestamp, type Subject, subjectsOf } from './subject'
import { checkTimestamp, confirmed } from './timestamp'
import { type TrustView, viewOf } from './trust-view'
import { unsignedSealPicture } from './unsigned-picture'
import type { MaterialGiven } from './validation-material'

/** What to verify and with what. */
export interface VerifyRequest {
  /** The file, whole; hostile. */
  readonly pdf: Uint8Array
  /** Evidence containers; hostile. Evidence of other files does no harm and no good. */
  readonly evidence?: readonly Uint8Array[]
  /** What the verifier takes on trust. Without it nothing can pass. */
  readonly trust?: Trust
  /** The time to judge by where no time is proven; now, for most callers. */
  readonly at: Date
  /** Whom to trust beside the trust file, for signatures that are no seals of ours and for their timestamps. */
  readonly anchors?: Anchors
  /** CRLs, OCSP answers and certificates that the file lacks, DER; hostile. Nothing is fetched here. */
  readonly material?: MaterialGiven
  /** Demand that the register is attested as of at least this many entries of the log. */
  readonly minHead?: number
}

/** Certificates in DER, CAs mostly. A signer's anchor is trusted for no timestamp, and the other way round. */
export interface Anchors {
  readonly signers?: readonly Uint8Array[]
  readonly timestamps?: readonly Uint8Array[]
}

/**
 * Verifies every seal of a PDF: six facts each, all of them even after one has failed, offline and without any state.
 * A bad document is a finding and never an exception. ETSI EN 319 102-1; core/FORMAT.md section 11.
 * @throws X509Error or FormatError when *trust* or *anchors* hold what is no certificate: they are the caller's own.
 * @example
 * const report = await verify({ pdf, evidence: [zip], trust, at: new Date() })
 * report.outcome // 'passed' | 'failed' | 'indeterminate'
 */
export async function verify(request: VerifyRequest): Promise<Report> {
  const judging = { trust: request.trust && viewOf(request.trust), at: request.at }
  const given = evidenceGiven(request.evidence ?? [], judging)
  return withContainers(verifyWith(request, given), given)
}

/** {@link verify} with the request's evidence, which a caller reads for more than the seals. */
export async function verifyWith(request: VerifyRequest, evidence: () => EvidenceGiven): Promise<Report> {
  const trust = request.trust && viewOf(request.trust)
  const digests = fileDigests(request.pdf)
  const read = readHostile(() => {
    const document = readPdf(request.pdf)
    return { document, subjects: subjectsOf(document) }
  })
  if ('refusal' in read) {
    const { code, message: detail } = read.refusal
    const outcome: Outcome = NOT_JUDGED.has(code) ? 'indeterminate' : 'failed'
    const file = { sha256: await digests.whole(), bytes: request.pdf.length, revisions: 0 }
    return { outcome, code, detail, file, signatures: [], trust: trustFacts(trust) }
  }
  const { document, subjects } = read
  const anchors = anchorsOf(request.anchors)
  const ades = onceAsked(() => adesOf({ request, document, subjects, trust, digests, evidence }, anchors.timestamps))
  const context = { request, document, trust, digests, evidence, anchors, ades }
  const signatures: SignatureReport[] = []
  const seals = subjects.filter((one) => !isDocumentTimestamp(one))
  for (let i = 0; i < seals.length; i += AT_ONCE) {
    const begun = seals.slice(i, i + AT_ONCE).map((subject) => begin(subject, context))
    const anchoring = begun.map((one) => anchor(one, context))
    signatures.push(...(await Promise.all(anchoring.map((one) => judge(one, context)))))
  }
  const file = { sha256: await digests.whole(), bytes: request.pdf.length, revisions: document.revisions.length }
  return { ...(verdict(signatures) ?? unsealed(document)), file, signatures, trust: trustFacts(trust) }
}

/** What says something of this verifier's limits, not of the file. */
const NOT_JUDGED: ReadonlySet<string> = new Set(['PDF_ENCRYPTED', 'PDF_TOO_COMPLEX'])
/** Signatures judged at once: each may hold a copy of the file. */
const AT_ONCE = 4

function readHostile<T>(read: () => T): T | { readonly refusal: PdfError } {
  try {
    return read()
  } catch (refusal) {
    if (refusal instanceof PdfError) return { refusal }
    throw refusal
  }
}

interface Context {
  readonly request: VerifyRequest
  readonly document: PdfDocument
  readonly trust: TrustView | undefined
  readonly digests: FileDigests
  evidence(): EvidenceGiven
  readonly anchors: AnchorsRead
  ades(): Promise<AdesFile>
}

interface AnchorsRead {
  readonly signers: readonly Certificate[]
  readonly timestamps: readonly Certificate[]
}

function anchorsOf({ signers = [], timestamps = [] }: Anchors = {}): AnchorsRead {
  return { signers: signers.map(parseCertificate), timestamps: timestamps.map(parseCertificate) }
}

type AdesParts = Omit<Context, 'anchors' | 'ades'> & { readonly subjects: readonly Subject[] }

function adesOf(parts: AdesParts, timestamps: readonly Certificate[]): Promise<AdesFile> {
  const { request, document, subjects, trust, digests } = parts
  const { at, material = {} } = request
  const recorded = parts.evidence().evidence.flatMap(({ signatures }) => signatures.flatMap(({ crls }) => crls))
  const given = { ...material, crls: [...(material.crls ?? []), ...recorded] }
  const trusted = (trust?.tsas ?? []).map(({ certificate, withdrawnAt }) => ({
    certificate,
    ...(withdrawnAt !== undefined && { withdrawnAt: dateOf(withdrawnAt) }),
  }))
  const tsaAnchors = [...timestamps.map((certificate) => ({ certificate })), ...trusted]
  return adesFile({ document, subjects, digests, given, tsaAnchors, at })
}

interface Begun {
  readonly subject: Subject
  readonly signature: ReturnType<typeof checkSignature>
  readonly timestamp: ReturnType<typeof checkTimestamp>
}

/** What needs the file alone: the platform verifies these signatures while we read the evidence. */
function begin(subject: Subject, { request: { at, pdf }, trust }: Context): Begun {
  return { subject, signature: checkSignature(subject, pdf), timestamp: checkTimestamp(subject, trust, at) }
}

interface Anchoring extends Begun {
  readonly proofs: readonly EvidenceSignature[]
  readonly receipts: readonly Receipt[]
  readonly anchor: ReturnType<typeof checkAnchor>
}

/** What needs the evidence: the platform verifies the attesters' signatures while we look through the file. */
function anchor(begun: Begun, { request: { at, minHead }, trust, digests, ...context }: Context): Anchoring {
  const { evidence, unreadable } = context.evidence()
  const proofs = evidence.flatMap(({ signatures }) => signatures)
  const receipts = proofs.flatMap((proof) => proof.receipts)
  const { subject } = begun
  const revisionDigest = subject.range.ok ? digests.revision(subject.range) : undefined
  const members = evidence.flatMap(({ others }) => others)
  const judged = checkAnchor(subject, { trust, receipts, members, at, revisionDigest, minHead, unreadable })
  return { ...begun, proofs, receipts, anchor: judged }
}

/** The flow of the six facts: later ones are judged at the time and by the records that earlier ones prove. */
async function judge(anchoring: Anchoring, context: Context): Promise<SignatureReport> {
  const { subject, proofs } = anchoring
  const { request, document, trust, digests } = context
  const { at } = request
  const integrating = checkIntegrity(document, subject, digests)
  const pictures = shownPictures(subject, anchoring.receipts)
  const [integrity, signature, claimed, anchored, early] = await Promise.all([
    integrating,
    anchoring.signature,
    anchoring.timestamp,
    anchoring.anchor,
    pathOf(subject, trust, subject.token?.genTime ?? at),
  ])
  const { receipt, attested, block, recordedAt } = anchored
  const timestamp = confirmed(claimed, recordedAt)
  const proven = timestamp.provenTime
  const path = proven === undefined && subject.token !== undefined ? await pathOf(subject, trust, at) : early
  const index = attested && receipt?.index
  const crls = proofs.flatMap((proof) => proof.crls)
  const judged = await checkCertificate(subject, { trust, path, proven, attested, index, crls })
  const certificate = unlessNamesake(judged, subject, trust)
  const seal = checkSeal(subject, { receipt, attested, proven, trusted: trust !== undefined, pictures })
  const file = await context.ades()
  const ades = await validateAdes(subject, file, { integrity, signature, anchors: signerAnchors(subject, context) })
  const foreign = { certificate, timestamp, anchors: context.anchors.signers, ades }
  const by = subject.use === undefined ? await byAnchors(subject, file, foreign) : foreign
  const findings = {
    integrity: withStamps(integrity, subject, file.broken),
    ...{ signature, certificate: by.certificate, timestamp: by.timestamp.finding, seal, anchor: anchored.finding },
  }
  const known = { trust, receipt, attested, block, recordedAt, proven: by.timestamp.provenTime, ades }
  return signatureReport(subject, findings, { ...known, level: levelOf(subject, file) })
}

function signerAnchors({ use }: Subject, { anchors, trust }: Context): readonly Certificate[] {
  return [...anchors.signers, ...(use === undefined ? [] : (trust?.sealCasOf(use.institution) ?? []))]
}

/** A stranger's certificate that bears a known institution's name, or one that looks like it. */
function unlessNamesake(finding: Finding, { certificate }: Subject, trust: TrustView | undefined): Finding {
  const name = certificate && commonName(certificate.subject)
  if (trust === undefined || name === undefined || !STRANGER.has(finding.code)) return finding
  const known = namesake(name, trust.trust)
  if (known === undefined || certificate === undefined) return finding
  if (trust.sealCasOf(known.id).some(({ subject }) => equal(subject, certificate.issuer))) return finding
  const detail = `the certificate says "${name}", which can be taken for ${known.names.en}, and is none of theirs`
  return { ...finding, code: 'SIGNER_LOOKALIKE', detail }
}

/** Findings that say that nobody known issued the certificate. */
const STRANGER: ReadonlySet<string> = new Set(['SIGNER_UNKNOWN', 'PATH_NOT_FOUND'])

type Verdict = Pick<Report, 'outcome' | 'code' | 'detail'>

/** Of a file without a signature in force. One that no field leads to was taken out of the form, or its field was damaged. */
function unsealed(document: PdfDocument): Verdict {
  const permissions = document.dictValue(document.catalog, 'Perms')
  // Usage rights are a reader's licence and stand in no field (ISO 32000-1 12.8.2.3).
  const rights = ['UR', 'UR3'].map((key) => permissions && document.dictValue(permissions, key))
  const hidden = readHostile(() => unreferencedSignatures(document).filter(({ dict }) => !rights.includes(dict)))
  if ('refusal' in hidden || hidden.length > 0) {
    return { outcome: 'failed', code: 'SIGNATURE_HIDDEN', detail: 'the file holds a signature that no field shows' }
  }
  const picture = unsignedSealPicture(document)
  if (picture !== undefined) return { outcome: 'indeterminate', code: 'SEAL_PICTURE_UNSIGNED', detail: picture }
  return { outcome: 'indeterminate', code: 'NO_SEAL', detail: 'the file holds no seal and no signature' }
}

/** The file's verdict by its seals: the worst counts; undefined when it has none. */
export function verdict(signatures: readonly SignatureReport[]): Verdict | undefined {
  const gravest = worst(signatures)
  if (gravest === undefined) return undefined
  const check = worst(gravest.checks)
  const { outcome } = gravest
  if (outcome === 'passed') return { outcome, code: 'OK', detail: 'every seal of the file holds' }
  return { outcome, code: check?.code ?? 'NO_SEAL', detail: `${gravest.field}: ${check?.detail ?? ''}` }
}

function trustFacts(view: TrustView | undefined): Report['trust'] {
  if (view === undefined) {
    return { ledger: 'none', fingerprint: null, organisations: [], singleOperator: false, demonstration: false }
  }
  const { trust, fingerprint } = view
  const singleOperator = trust.singleOperator !== undefined
  return {
    ledger: singleOperator ? 'embedded' : 'fabric',
    fingerprint,
    organisations: trust.organisations.map(({ id }) => id),
    singleOperator,
    demonstration: trust.demonstration,
  }
}

/** Ids of the SealSignatures that the file's signatures claim to be: what to ask a gateway for. Empty for what is no PDF. */
export function sealSignatureIds(pdf: Uint8Array): readonly string[] {
  const read = readHostile(() => ({ subjects: subjectsOf(readPdf(pdf)) }))
  return 'refusal' in read ? [] : read.subjects.flatMap(({ use }) => use?.id ?? [])
}

/** All certificates that the signatures and document timestamps of a file and their timestamps carry, unverified. Empty for what is no PDF. */
export function certificatesIn(pdf: Uint8Array): readonly Certificate[] {
  const read = readHostile(() => carriedCertificates(subjectsOf(readPdf(pdf))))
  return 'refusal' in read ? [] : read
}
