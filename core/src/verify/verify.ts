import type { Evidence } from '../evidence/evidence'
import { EvidenceError } from '../evidence/evidence-error'
import { readEvidence } from '../evidence/read-evidence'
import { digestOfDocument } from '../model/digest'
import type { Report, SignatureReport } from '../model/report'
import type { Trust } from '../model/trust'
import { type PdfDocument, readPdf } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import { checkAnchor } from './anchor'
import { checkCertificate } from './certificate'
import { worst } from './finding'
import { checkIntegrity } from './integrity'
import { signatureReport } from './report'
import { checkSeal } from './seal'
import { checkSignature } from './signature'
import { isDocumentTimestamp, type Subject, subjectsOf } from './subject'
import { checkTimestamp } from './timestamp'
import { type TrustView, viewOf } from './trust-view'

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
  /** Demand that the register is attested as of at least this many entries of the log. */
  readonly minHead?: number
}

/**
 * Verifies every seal of a PDF: six facts each, all of them even after one has failed, offline and without any state.
 * A bad document is a finding and never an exception. ETSI EN 319 102-1; core/FORMAT.md section 11.
 * @throws X509Error or FormatError when the *trust* holds what is no certificate: it is the caller's own.
 * @example
 * const report = await verify({ pdf, evidence: [zip], trust, at: new Date() })
 * report.outcome // 'passed' | 'failed' | 'indeterminate'
 */
export async function verify(request: VerifyRequest): Promise<Report> {
  const trust = request.trust && viewOf(request.trust)
  const sha256 = await digestOfDocument(request.pdf)
  const base = { sha256, bytes: request.pdf.length, revisions: 0 }
  const read = readHostile(() => {
    const document = readPdf(request.pdf)
    return { document, subjects: subjectsOf(document) }
  })
  if ('refusal' in read) {
    const outcome = read.refusal.code === 'PDF_ENCRYPTED' ? 'indeterminate' : 'failed'
    return {
      outcome,
      code: read.refusal.code,
      detail: read.refusal.message,
      file: base,
      signatures: [],
      trust: trustFacts(trust),
    }
  }
  const { document, subjects } = read
  const { evidence, unreadable } = evidenceOf(request.evidence ?? [])
  const signatures: SignatureReport[] = []
  for (const subject of subjects.filter((one) => !isDocumentTimestamp(one))) {
    signatures.push(await judge(subject, { request, document, trust, evidence, unreadable }))
  }
  const file = { ...base, revisions: document.revisions.length }
  return { ...verdict(signatures), file, signatures, trust: trustFacts(trust) }
}

function readHostile<T>(read: () => T): T | { readonly refusal: PdfError } {
  try {
    return read()
  } catch (refusal) {
    if (refusal instanceof PdfError) return { refusal }
    throw refusal
  }
}

/** Unreadable evidence proves nothing; that it was unreadable is said where evidence is missed. */
function evidenceOf(containers: readonly Uint8Array[]): { evidence: readonly Evidence[]; unreadable?: string } {
  const evidence: Evidence[] = []
  let unreadable: string | undefined
  for (const container of containers) {
    try {
      evidence.push(readEvidence(container))
    } catch (refusal) {
      if (!(refusal instanceof EvidenceError)) throw refusal
      unreadable = `${refusal.code}: ${refusal.message}`
    }
  }
  return { evidence, unreadable }
}

interface Context {
  readonly request: VerifyRequest
  readonly document: PdfDocument
  readonly trust: TrustView | undefined
  readonly evidence: readonly Evidence[]
  readonly unreadable?: string
}

/** The flow of the six facts: later ones are judged at the time and by the records that earlier ones prove. */
async function judge(subject: Subject, context: Context): Promise<SignatureReport> {
  const { request, document, trust } = context
  const { range } = subject
  const proofs = context.evidence.flatMap(({ signatures }) => signatures)
  const signature = await checkSignature(subject)
  const integrity = await checkIntegrity(document, subject, signature.check)
  const timestamp = await checkTimestamp(subject, trust, request.at)
  const revisionDigest = range.ok ? await digestOfDocument(request.pdf.subarray(0, range.revisionEnd)) : undefined
  const anchor = await checkAnchor(subject, {
    trust,
    receipts: proofs.flatMap(({ receipts }) => receipts),
    revisionDigest,
    minHead: request.minHead,
    unreadable: context.unreadable,
  })
  const { receipt, attested } = anchor
  const proven = timestamp.provenTime
  const certificate = await checkCertificate(subject, {
    trust,
    at: request.at,
    proven,
    attested,
    index: attested && receipt?.index,
    crls: proofs.flatMap(({ crls }) => crls),
  })
  const seal = checkSeal(subject, { receipt, attested, proven, trusted: trust !== undefined })
  const findings = {
    integrity,
    signature: signature.finding,
    certificate,
    timestamp: timestamp.finding,
    seal,
    anchor: anchor.finding,
  }
  return signatureReport(subject, findings, { trust, receipt, attested, proven })
}

function verdict(signatures: readonly SignatureReport[]): Pick<Report, 'outcome' | 'code' | 'detail'> {
  const gravest = worst(signatures)
  if (gravest === undefined) {
    return { outcome: 'indeterminate', code: 'NO_SEAL', detail: 'the file holds no seal and no signature' }
  }
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
