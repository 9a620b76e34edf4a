import { equal } from '../encode/bytes'
import type { AdesTimestamp, AdesValidation, SignatureReport } from '../model/report'
import { timeOf } from '../model/time'
import type { PdfDocument } from '../pdf/document'
import type { Certificate } from '../x509/certificate'
import { sameName } from '../x509/name-compare'
import { undecided, type Verdict, verdictOf } from './ades-verdict'
import { signatureWeakness } from './algorithm-strength'
import {
  type BrokenStamp,
  brokenStamps,
  described,
  documentStamps,
  type ProvenTimes,
  proveTimes,
} from './document-stamps'
import { type AdesContext, existedBy, isCovered, placeOf, type TsaAnchor } from './existence'
import type { FileDigests } from './file-digests'
import type { Finding } from './finding'
import { disorderAmong, type Layer } from './stamp-order'
import { namedIn, standingOf, weaknessVerdict } from './standing'
import type { Subject } from './subject'
import { imprintBy, judgeStamp } from './time-proofs'
import {
  type Carrier,
  certificatesAmong,
  collectMaterial,
  type Material,
  type MaterialGiven,
  type Place,
} from './validation-material'

/** What all signatures of a file are validated with. */
export interface AdesFile {
  readonly material: Material
  readonly times: ProvenTimes
  readonly broken: readonly BrokenStamp[]
  readonly tsaAnchors: readonly TsaAnchor[]
  readonly at: Date
}

/** What a file is validated with. */
export interface AdesRequest {
  readonly document: PdfDocument
  readonly subjects: readonly Subject[]
  readonly digests: FileDigests
  readonly given: MaterialGiven
  readonly tsaAnchors: readonly TsaAnchor[]
  readonly at: Date
}

/** What a signature's CMS and its timestamps carry. */
function carriersOf(subjects: readonly Subject[], stamps: ReturnType<typeof documentStamps>): readonly Carrier[] {
  const inSignatures = subjects.flatMap(({ range, signed, signer, tokens }): readonly Carrier[] => {
    if (!range.ok || signed === undefined) return []
    const { certificates, crls } = signed
    return [{ range, signer, certificates, crls }, ...tokens.map((token) => ({ ...token, range, signer: undefined }))]
  })
  return [...inSignatures, ...stamps.map(({ range, token }) => ({ ...token, range, signer: undefined }))]
}

/** Certificates that came along inside signatures and timestamps, each once. */
export function carriedCertificates(subjects: readonly Subject[]): readonly Certificate[] {
  return certificatesAmong(carriersOf(subjects, documentStamps(subjects)))
}

/** All that came along to validate a file's signatures with, hostile and unverified. */
export function materialOf(document: PdfDocument, subjects: readonly Subject[], given: MaterialGiven): Material {
  return collectMaterial(document, carriersOf(subjects, documentStamps(subjects)), given)
}

/** Collects what came along and judges the document timestamps: once for all signatures of the file. */
export async function adesFile(request: AdesRequest): Promise<AdesFile> {
  const { document, subjects, digests, given, tsaAnchors, at } = request
  const stamps = documentStamps(subjects)
  const material = collectMaterial(document, carriersOf(subjects, stamps), given)
  const context: AdesContext = { material, tsaAnchors, at }
  const times = await proveTimes(stamps, context, digests)
  return { material, times, broken: brokenStamps(subjects, times), tsaAnchors, at }
}

/** What is known of a signature already, and whom to trust for it. */
export interface AdesSubject {
  readonly integrity: Finding
  readonly signature: Finding
  readonly anchors: readonly Certificate[]
}

interface Stamped {
  /** That good timestamps contradict each other. */
  readonly disorder?: string
  readonly timestamps: readonly AdesTimestamp[]
  /** By when the signature existed, by its own timestamps and those of the document. */
  readonly existed: Date
  readonly process: AdesValidation['process']
}

function isGood({ indication }: Pick<Verdict, 'indication'>): boolean {
  return indication === 'TOTAL-PASSED'
}

/** EN 319 102-1 5.5.4 step 2 and 5.6.3: the best signature time is the earliest of what the good timestamps prove. */
async function stampsOf({ range, signer, tokens }: Subject, file: AdesFile): Promise<Stamped> {
  const { at, times } = file
  if (!range.ok || signer === undefined) return { timestamps: [], existed: at, process: 'basic' }
  const place = placeOf(range)
  const byDocument = existedBy([place], times.proofs, at)
  const covering = times.timestamps.filter((one) => one.range.revisionEnd > range.revisionEnd)
  const timestamps: AdesTimestamp[] = []
  const layers: Layer[] = covering.map((one) => ({ token: one.token, level: one.range.revisionEnd, good: isGood(one) }))
  let existed = byDocument
  for (const token of tokens) {
    const imprint = await imprintBy(token, signer.signature)
    const judged = await judgeStamp({ token, imprint, place }, times.proofs, file)
    timestamps.push(described('signature', token, judged))
    layers.push({ token, level: range.revisionEnd, good: isGood(judged.verdict) })
    if (isGood(judged.verdict) && judged.latest < existed) existed = judged.latest
  }
  const process = byDocument < at ? 'long-term' : existed < at ? 'time' : 'basic'
  const shown = covering.map(({ range: _, token: _token, ...one }) => one)
  return { timestamps: [...timestamps, ...shown], existed, process, disorder: disorderAmong(layers) }
}

/** That an algorithm is too weak today is no fault here: whether it was good enough then is asked next. */
function faultOf({ integrity, signature }: AdesSubject): Verdict | undefined {
  // 5.3.4: what cannot be read is a matter of form before it is one of what was signed.
  const facts = signature.subIndication === 'FORMAT_FAILURE' ? [signature] : [integrity, signature]
  const [fault] = facts.filter(({ code }) => code !== 'ALGORITHM_WEAK').flatMap((one) => verdictOf(one) ?? [])
  return fault
}

async function verdictOn(subject: Subject, stamped: Stamped, known: AdesSubject, file: AdesFile): Promise<Verdict> {
  const faulty = faultOf(known)
  const { certificate: leaf, signer } = subject
  if (faulty !== undefined) return faulty
  if (leaf === undefined || signer === undefined) {
    return undecided('NO_SIGNING_CERTIFICATE_FOUND', 'there is no certificate to judge')
  }
  const { existed, disorder } = stamped
  const purpose = subject.use === undefined ? 'signature' : 'seal'
  const { anchors } = known
  const standing = { leaf, purpose, anchors, existed, proofs: file.times.proofs, isNamed: namedIn(subject) } as const
  const verdict = await standingOf(standing, file)
  if (verdict.indication !== 'TOTAL-PASSED') return verdict
  const { signatureAlgorithm: algorithmIdentifier, digestAlgorithm: digestOid } = signer
  const weak = signatureWeakness({ algorithmIdentifier, spki: leaf.spki, digestOid }, existed)
  if (weak !== undefined) return weaknessVerdict(weak)
  return disorder === undefined ? verdict : undecided('TIMESTAMP_ORDER_FAILURE', disorder)
}

/**
 * Validates a signature as EN 319 102-1 has it: by paths, revocation, timestamps and proofs of existence alone, whatever the
 * ledger says (clauses 5.3, 5.5 and 5.6).
 */
export async function validateAdes(subject: Subject, file: AdesFile, known: AdesSubject): Promise<AdesValidation> {
  const stamped = await stampsOf(subject, file)
  const { indication, subIndication, detail } = await verdictOn(subject, stamped, known, file)
  const { process, timestamps, existed } = stamped
  const bestSignatureTime = process === 'basic' ? null : timeOf(existed)
  return { indication, subIndication, detail, process, bestSignatureTime, timestamps }
}

/**
 * How much the file holds of what validation will need (EN 319 142-1 6.1): a timestamp (B-T), word on the signer's revocation in the
 * security store (B-LT), a later document timestamp over that (B-LTA). Nothing is judged by it.
 */
export function levelOf(subject: Subject, { material, times }: AdesFile): SignatureReport['level'] {
  const { signer, certificate, tokens, range } = subject
  if (signer === undefined) return null
  if (tokens.length === 0) return 'B-B'
  if (certificate === undefined || !range.ok) return 'B-T'
  const inStore = (place: Place) => place !== undefined && place.start >= range.revisionEnd
  const crls = material.crls.filter(({ what }) => sameName(what.issuer, certificate.issuer))
  const answers = material.answers.filter(({ what }) =>
    what.statuses.some(({ serial }) => equal(serial, certificate.serial)),
  )
  const places = [...crls, ...answers].flatMap((one) => one.places).filter(inStore)
  if (places.length === 0) return 'B-T'
  const isStamped = times.timestamps.some((one) => places.some((place) => isCovered(place, one.range)))
  return isStamped ? 'B-LTA' : 'B-LT'
}
