import { equal } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { OtherMember } from '../evidence/evidence'
import { verifyInclusion } from '../log/inclusion'
import { leafHash } from '../log/merkle'
import { type Digest, digestBytes, digestOf } from '../model/digest'
import { EntryFormat, type SealSignatureEntry } from '../model/entry'
import { OpeningFormat, type SealSignatureOpening } from '../model/opening'
import type { Receipt } from '../model/receipt'
import type { RecordedBlock } from '../model/report'
import type { Time } from '../model/time'
import { withBlock } from './anchored-block'
import { type Attested, type Authentic, forkAmong, isAttested, judgeAttestations } from './attested'
import { type Finding, failed, indeterminate, passed } from './finding'
import { onceAsked } from './once-asked'
import { authenticWhenPreserved, type Preserving, preservingTokens } from './preservation'
import type { Subject } from './subject'
import type { TrustView } from './trust-view'

const CLAUSE = 'FORMAT.md 11.6'

/** What the anchor check found, for the other checks and for the report. */
export interface AnchorFacts {
  readonly finding: Finding
  readonly receipt?: Receipt
  /** The quorum's word about exactly this use; absent unless the anchor passed. */
  readonly attested?: Attested
  /** When it was recorded: the word of the append that holds the entry, by whichever receipt attests that one. */
  readonly recordedAt?: Time
  /** The block that the evidence carries for it, once nothing is wrong with it. */
  readonly block?: RecordedBlock
}

/** What the anchor is judged with. */
export interface AnchorContext {
  readonly trust: TrustView | undefined
  readonly receipts: readonly Receipt[]
  /** Members of the evidence that are no receipts: blocks among them. */
  readonly members: readonly OtherMember[]
  /** When attesting peers' certificates are judged where no preservation token says when. */
  readonly at: Date
  /** SHA-256 of the file's bytes up to this revision's end. */
  readonly revisionDigest: Promise<Digest> | undefined
  /** Demand that the register is attested as of at least this many entries. */
  readonly minHead?: number
  /** Why a given evidence container could not be read, if one could not. */
  readonly unreadable?: string
}

/** Fact 6: this very use is an entry in the institution's log, proven up to a head that the quorum attests. */
export async function checkAnchor(subject: Subject, context: AnchorContext): Promise<AnchorFacts> {
  const { trust, revisionDigest } = context
  if (subject.use === undefined) {
    return { finding: indeterminate('SEAL_UNNAMED', CLAUSE, 'the signature names no seal, so no log can hold it') }
  }
  if (trust === undefined) {
    return { finding: indeterminate('TRUST_MISSING', CLAUSE, 'no trust file says whose attestation counts') }
  }
  const receipts = receiptsOf(subject, context.receipts)
  if (receipts.length === 0 || revisionDigest === undefined) {
    if (context.unreadable !== undefined) {
      return { finding: indeterminate('EVIDENCE_INVALID', 'FORMAT.md 9', `evidence not read: ${context.unreadable}`) }
    }
    return { finding: indeterminate('EVIDENCE_MISSING', CLAUSE, 'no receipt shows that this use was recorded') }
  }
  const preserving = receipts.map((receipt) => onceAsked(() => preservingTokens(receipt)))
  const { at } = context
  const signed = Promise.all(
    receipts.map((receipt, i) => authenticWhenPreserved(receipt, preserving[i], { trust, at })),
  )
  // While the platform checks the attesters' signatures.
  const faults = receipts.map((receipt, i) => faultOf(subject, receipt, preserving[i]))
  const authentic = await signed
  const fork = forkAmong(authentic.flat())
  if (fork !== undefined) return { receipt: receipts[0], finding: fork }
  const revision = await revisionDigest
  const facts = receipts.map((receipt, i) =>
    judgeReceipt(receipt, { trust, revision, authentic: authentic[i], fault: faults[i] }),
  )
  return withBlock(chosenOf(facts, context.minHead), { trust, members: context.members })
}

/** What several receipts of one thing prove together. */
export function chosenOf(facts: readonly AnchorFacts[], minHead: number | undefined): AnchorFacts {
  const chosen = { ...best(facts), recordedAt: recordedAtOf(facts) }
  return tooOld(chosen, minHead) ?? chosen
}

/** A receipt belongs to a signature by the digest of its value; ids are hints that anybody can copy. */
function receiptsOf({ signer }: Subject, receipts: readonly Receipt[]): readonly SealReceipt[] {
  if (signer === undefined) return []
  const signature = digestOf(signer.signature)
  return receipts.filter(isOfSeal).filter(({ opening }) => opening.signature === signature)
}

type SealReceipt = Receipt & { readonly entry: SealSignatureEntry; readonly opening: SealSignatureOpening }

function isOfSeal(receipt: Receipt): receipt is SealReceipt {
  return receipt.entry.kind === 'sealSignature' && receipt.opening.type === 'cinnabar.opening.v1'
}

/** Of those that passed the one with the greatest size speaks for the register; else the first says what is wrong. */
function best(facts: readonly AnchorFacts[]): AnchorFacts {
  const held = facts.filter(({ attested }) => attested !== undefined)
  return held.reduce((a, b) => ((b.receipt?.size ?? 0) > (a.receipt?.size ?? 0) ? b : a), held[0] ?? facts[0])
}

/** Proven only by the attestation of the very append that holds the entry, not by a later head's. */
function recordedAtOf(facts: readonly AnchorFacts[]): Time | undefined {
  const own = facts.find(
    ({ receipt, attested }) =>
      receipt !== undefined &&
      attested !== undefined &&
      attested.statement.from <= receipt.index &&
      receipt.index < attested.statement.size,
  )
  return own?.attested?.statement.recordedAt
}

function tooOld(facts: AnchorFacts, minHead: number | undefined): AnchorFacts | undefined {
  const size = facts.attested?.statement.size
  if (size === undefined || minHead === undefined || size >= minHead) return undefined
  const detail = `the register is attested as of entry ${size}, ${minHead} was demanded`
  return { ...facts, finding: indeterminate('HEAD_TOO_OLD', CLAUSE, detail) }
}

interface Known {
  readonly trust: TrustView
  readonly revision: Digest
  readonly authentic: readonly Authentic[]
  /** {@link faultOf} the receipt. */
  readonly fault: Finding | undefined
}

/** What the receipt itself shows to be wrong, whoever attests it and whatever the revision's digest. */
function faultOf(
  subject: Subject,
  { entry, opening }: SealReceipt,
  preserving: () => readonly Preserving[],
): Finding | undefined {
  return openingFault(subject, opening) ?? entryFault(subject, entry, opening) ?? preservationFault(preserving())
}

function judgeReceipt(receipt: SealReceipt, known: Known): AnchorFacts {
  const { entry, opening } = receipt
  const fault =
    opening.revisionDigest === known.revision
      ? known.fault
      : wrong('REVISION_MISMATCH', 'another file was recorded under this signature')
  if (fault !== undefined) return { receipt, finding: fault }
  const attested = judgeAttestations(receipt, known.authentic, known.trust)
  if (!isAttested(attested)) return { receipt, finding: attested }
  const astray = inclusionFault(receipt, attested)
  if (astray !== undefined) return { receipt, finding: astray }
  const { certificate, seal } = attested.statement
  if (
    (certificate !== undefined && certificate.digest !== entry.certificate) ||
    (seal !== undefined && seal.id !== entry.seal)
  ) {
    return { receipt, finding: wrong('ATTESTATION_MISMATCH', 'the attested seal or certificate is another') }
  }
  return { receipt, attested, finding: anchoredBy(receipt, attested) }
}

/** The entry is in the log, by the attesters' word. */
export function anchoredBy({ entry, index }: Receipt, { by }: Attested): Finding {
  return passed(CLAUSE, `entry ${index} of ${entry.institution}'s log, attested by ${by.join(', ')}`)
}

/** FORMAT.md 11.6: the path of the entry leads to the attested root. */
export function inclusionFault({ entry, index, proof, size }: Receipt, { statement }: Attested): Finding | undefined {
  const path = {
    index,
    size,
    leafHash: leafHash(EntryFormat.encode(entry)),
    proof: proof.map(digestBytes),
    root: digestBytes(statement.root),
  }
  if (verifyInclusion(path)) return undefined
  return wrong('INCLUSION_PROOF_INVALID', 'the entry does not lead to the attested root')
}

/** A false fact of the anchor. */
export function wrong(code: string, detail: string): Finding {
  return failed(code, CLAUSE, detail, 'SIG_CONSTRAINTS_FAILURE')
}

/** Each digest of the opening is that of what the file holds. */
function openingFault(subject: Subject, opening: SealSignatureOpening): Finding | undefined {
  const { signer, certificate, token } = subject
  if (signer?.signedAttributes === undefined || opening.signedAttributes !== digestOf(signer.signedAttributes)) {
    return wrong('OPENING_MISMATCH', 'the recorded signed attributes are others')
  }
  if (certificate === undefined || opening.certificate !== digestOf(certificate.der)) {
    return wrong('OPENING_MISMATCH', 'the recorded certificate is another')
  }
  if (token === undefined || opening.token !== digestOf(token.der)) {
    return wrong('OPENING_MISMATCH', 'the recorded timestamp is another')
  }
  return undefined
}

function entryFault(subject: Subject, entry: SealSignatureEntry, opening: SealSignatureOpening): Finding | undefined {
  const { use, token } = subject
  if (OpeningFormat.digest(opening) !== entry.commitment) {
    return wrong('COMMITMENT_MISMATCH', 'the opening is not what the entry commits to')
  }
  const institutions = [entry.institution, opening.institution]
  const seals = [entry.seal, opening.seal]
  if (
    use === undefined ||
    institutions.some((one) => one !== use.institution) ||
    seals.some((one) => one !== use.seal)
  ) {
    return wrong('SEAL_USE_MISMATCH', 'entry, opening and signature name different seals')
  }
  if (opening.id !== use.id || entry.certificate !== opening.certificate || entry.tokenTime !== token?.genTimeText) {
    return wrong('ENTRY_MISMATCH', "id, certificate or time of the entry are others than the signature's")
  }
  return undefined
}

/** Tokens over the attestations, if there are any, must be over these: a wrong one is not merely missing. */
export function preservationFault(preserving: readonly Preserving[]): Finding | undefined {
  const covered = preserving.every(
    ({ token, record }) => token !== undefined && equal(token.imprint.digest, sha256(record)),
  )
  return covered ? undefined : wrong('PRESERVATION_MISMATCH', 'a preservation token is over other attestations')
}
