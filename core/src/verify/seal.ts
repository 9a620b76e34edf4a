import type { Receipt } from '../model/receipt'
import { type Seal, SealFormat } from '../model/seal'
import { compareTimes, type Time } from '../model/time'
import type { Attested } from './attested'
import { type Finding, failed, indeterminate, passed } from './finding'
import { pictureFault } from './picture-check'
import type { Subject, Unreadable } from './subject'
import type { ProvenTime } from './timestamp'

const CLAUSE = 'FORMAT.md 11.5'

/** What the seal is judged with. */
export interface SealContext {
  readonly receipt: Receipt | undefined
  readonly attested: Attested | undefined
  readonly proven: ProvenTime | undefined
  /** Whether the caller gave a trust file. */
  readonly trusted: boolean
  readonly pictures: ShownPictures
}

/** What is wrong with the seal's picture if it is to be that of a registered seal. */
export type ShownPictures = (seal: Seal) => Unreadable | undefined

/**
 * Compares the picture that the signed revision shows with the seals that receipts of this use name: at once, since the
 * platform checks signatures meanwhile; with others when asked.
 */
export function shownPictures(subject: Subject, receipts: readonly Receipt[]): ShownPictures {
  const { range, use } = subject
  const known = new Map<Seal, Unreadable | undefined>()
  const compare = (seal: Seal) => {
    if (range.ok && !known.has(seal)) known.set(seal, pictureFault(range.document, subject, seal))
    return known.get(seal)
  }
  for (const { opening, seal } of receipts) {
    if (seal !== undefined && opening.id === use?.id && known.size < MAX_COMPARED) compare(seal)
  }
  return compare
}

const MAX_COMPARED = 4

/**
 * Fact 5: the seal named is registered for that institution and that certificate, was active at the proven time, and
 * its picture and place are the registered, signed ones.
 */
export function checkSeal(subject: Subject, context: SealContext): Finding {
  const { use } = subject
  const { receipt, attested } = context
  if (use === undefined) return indeterminate('SEAL_UNNAMED', CLAUSE, 'the signature names no seal')
  if (!context.trusted) return indeterminate('TRUST_MISSING', CLAUSE, 'no trust file says whose register counts')
  if (receipt?.seal === undefined || receipt.entry.kind !== 'sealSignature') {
    return indeterminate('EVIDENCE_MISSING', CLAUSE, 'no evidence shows the registered seal')
  }
  const { seal, entry } = receipt
  if (SealFormat.digest(seal) !== entry.sealRecord)
    return wrong('SEAL_MISMATCH', 'the seal record is not the one in the entry')
  if (seal.id !== use.seal || seal.institution !== use.institution || seal.certificate !== entry.certificate) {
    return wrong('SEAL_MISMATCH', 'the registered seal is another than the signature names')
  }
  const picture = context.pictures(seal)
  if (picture?.code === 'PDF_TOO_COMPLEX') return indeterminate(picture.code, CLAUSE, picture.detail)
  if (picture !== undefined) return wrong(picture.code, picture.detail)
  if (context.proven === undefined)
    return indeterminate('TIME_UNPROVEN', CLAUSE, 'whether the seal was active then is not known')
  if (attested?.statement.seal === undefined) {
    return indeterminate('SEAL_NOT_ATTESTED', CLAUSE, 'no quorum attests this seal')
  }
  const present = attested.statement.seal
  if (present.id !== seal.id || present.institution !== seal.institution) {
    return wrong('SEAL_MISMATCH', 'the attested seal is another')
  }
  return activity(seal, present, context.proven)
}

function wrong(code: string, detail: string): Finding {
  return failed(code, CLAUSE, detail, 'SIG_CONSTRAINTS_FAILURE')
}

function activity(inForce: Seal, present: Seal, proven: ProvenTime): Finding {
  for (const seal of [inForce, present]) {
    const fault = inactive(seal, proven.text, proven.latest)
    if (fault !== undefined) return wrong(fault.code, fault.detail)
  }
  const since = present.status === 'active' ? '' : `; since ${present.since} it is ${present.status}`
  return passed(CLAUSE, `registered, active at the proven time, with the registered picture${since}`)
}

/** FORMAT.md 2: active at T. `latest` is T with the token's accuracy. */
function inactive(seal: Seal, at: Time, latest: Time): { code: string; detail: string } | undefined {
  if (compareTimes(at, seal.notBefore) < 0 || compareTimes(latest, seal.notAfter) > 0) {
    return { code: 'SEAL_EXPIRED', detail: `the seal is valid from ${seal.notBefore} to ${seal.notAfter}` }
  }
  if (seal.status === 'retired' && seal.since !== undefined && compareTimes(latest, seal.since) >= 0) {
    return { code: 'SEAL_RETIRED', detail: `the seal was retired at ${seal.since}` }
  }
  const suspended = seal.suspensions.find(
    ({ from, to }) => compareTimes(latest, from) >= 0 && (to === undefined || compareTimes(at, to) < 0),
  )
  return suspended && { code: 'SEAL_SUSPENDED', detail: `the seal was suspended from ${suspended.from}` }
}
