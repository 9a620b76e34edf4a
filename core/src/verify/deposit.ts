import type { EvidenceDeposit, OtherMember } from '../evidence/evidence'
import { type Digest, digestBytes, digestOf } from '../model/digest'
import type { DepositEntry } from '../model/entry'
import { type DepositOpening, OpeningFormat } from '../model/opening'
import type { Receipt } from '../model/receipt'
import { DEPOSIT_CHECKS, type DepositReport } from '../model/report'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { type AnchorFacts, anchoredBy, chosenOf, inclusionFault, preservationFault, wrong } from './anchor'
import { withBlock } from './anchored-block'
import { type Authentic, forkAmong, isAttested, judgeAttestations } from './attested'
import { type Finding, failed, indeterminate, passed } from './finding'
import { onceAsked } from './once-asked'
import { authenticWhenPreserved, preservingTokens } from './preservation'
import { attestedFacts, judgedBy } from './report'
import { confirmed, judgeToken, type TimestampFacts } from './timestamp'
import type { TrustView } from './trust-view'

const CLAUSE = 'FORMAT.md 11'

/** What deposits are judged with. */
export interface DepositContext {
  /** Of the file under test. */
  readonly digest: Digest
  /** Members of the evidence that are no receipts: blocks among them. */
  readonly members: readonly OtherMember[]
  readonly trust: TrustView | undefined
  readonly at: Date
  /** Demand that the log is attested as of at least this many entries. */
  readonly minHead?: number
}

type DepositReceipt = Receipt & { readonly entry: DepositEntry; readonly opening: DepositOpening }

/**
 * Judges one deposit of a file, FORMAT.md section 11: three facts, all of them even after one has failed.
 * @param deposit - from hostile evidence.
 * @returns undefined when none of its receipts is one of a deposit.
 */
export async function judgeDeposit(
  deposit: EvidenceDeposit,
  context: DepositContext,
): Promise<DepositReport | undefined> {
  const receipts = deposit.receipts.filter(isOfDeposit)
  const [first] = receipts
  if (first === undefined) return undefined
  const { institution } = first.entry
  const read = readToken(deposit.token)
  const [claimed, anchor] = await Promise.all([
    checkToken(read, institution, context),
    checkDepositAnchor(receipts, read, context),
  ])
  const timestamp = confirmed(claimed, anchor.recordedAt)
  const findings = {
    integrity: checkDigest(receipts, context.digest),
    timestamp: timestamp.finding,
    anchor: anchor.finding,
  }
  const { outcome, subIndication, checks } = judgedBy(DEPOSIT_CHECKS, findings)
  const organisation = context.trust?.organisations.get(institution)
  return {
    id: deposit.id,
    outcome,
    subIndication,
    institution,
    institutionNames: organisation?.names ?? null,
    institutionKind: organisation?.kind ?? null,
    provenTime: timestamp.provenTime?.text ?? null,
    recorded: recordedOf(anchor, timestamp),
    checks,
  }
}

/** Whether any receipt of the deposit is of the file with this digest. */
export function isOfFile({ receipts }: EvidenceDeposit, digest: Digest): boolean {
  return receipts.some((receipt) => isOfDeposit(receipt) && receipt.opening.digest === digest)
}

function isOfDeposit(receipt: Receipt): receipt is DepositReceipt {
  return receipt.entry.kind === 'deposit' && receipt.opening.type === 'cinnabar.depositOpening.v1'
}

function checkDigest(receipts: readonly DepositReceipt[], digest: Digest): Finding {
  if (receipts.every(({ opening }) => opening.digest === digest)) {
    return passed(CLAUSE, 'the file is the one that was deposited, byte for byte')
  }
  return failed('DEPOSIT_MISMATCH', CLAUSE, 'this is not the file that was deposited', 'HASH_FAILURE')
}

type TokenRead = { readonly token: TimestampToken } | { readonly refusal: TimestampError }

function readToken(der: Uint8Array): TokenRead {
  try {
    return { token: parseToken(der) }
  } catch (refusal) {
    if (refusal instanceof TimestampError) return { refusal }
    throw refusal
  }
}

async function checkToken(
  read: TokenRead,
  institution: string,
  { digest, trust, at }: DepositContext,
): Promise<TimestampFacts> {
  if ('refusal' in read) {
    return { finding: failed(read.refusal.code, 'RFC 3161 2.4.2', read.refusal.message, 'FORMAT_FAILURE') }
  }
  const facts = await judgeToken(read.token, { imprint: digestBytes(digest), at, sealer: institution }, trust)
  const { finding, provenTime } = facts
  if (provenTime === undefined) return facts
  const detail = `the file existed at ${provenTime.text}, by the word of another organisation's authority`
  return { ...facts, finding: passed(finding.clause, detail) }
}

async function checkDepositAnchor(
  receipts: readonly DepositReceipt[],
  read: TokenRead,
  { digest, members, trust, at, minHead }: DepositContext,
): Promise<AnchorFacts> {
  if (trust === undefined) {
    return { finding: indeterminate('TRUST_MISSING', 'FORMAT.md 11.6', 'no trust file says whose attestation counts') }
  }
  const preserving = receipts.map((receipt) => onceAsked(() => preservingTokens(receipt)))
  const authentic = await Promise.all(
    receipts.map((receipt, i) => authenticWhenPreserved(receipt, preserving[i], { trust, at })),
  )
  const fork = forkAmong(authentic.flat())
  if (fork !== undefined) return { receipt: receipts[0], finding: fork }
  const facts = receipts.map((receipt, i): AnchorFacts => {
    const fault = openingFault(receipt, read, digest) ?? preservationFault(preserving[i]())
    return fault === undefined ? judgeReceipt(receipt, authentic[i] ?? [], trust) : { receipt, finding: fault }
  })
  return withBlock(chosenOf(facts, minHead), { trust, members })
}

function judgeReceipt(receipt: DepositReceipt, authentic: readonly Authentic[], trust: TrustView): AnchorFacts {
  const attested = judgeAttestations(receipt, authentic, trust)
  if (!isAttested(attested)) return { receipt, finding: attested }
  const astray = inclusionFault(receipt, attested)
  if (astray !== undefined) return { receipt, finding: astray }
  return { receipt, attested, finding: anchoredBy(receipt, attested) }
}

/** Opening, entry, token and file belong together. */
function openingFault({ entry, opening }: DepositReceipt, read: TokenRead, digest: Digest): Finding | undefined {
  if (opening.digest !== digest) return wrong('DEPOSIT_MISMATCH', 'another file was recorded')
  if ('refusal' in read || opening.token !== digestOf(read.token.der)) {
    return wrong('OPENING_MISMATCH', 'the recorded timestamp is another')
  }
  if (OpeningFormat.digest(opening) !== entry.commitment) {
    return wrong('COMMITMENT_MISMATCH', 'the opening is not what the entry commits to')
  }
  if (entry.institution !== opening.institution || entry.tokenTime !== read.token.genTimeText) {
    return wrong('ENTRY_MISMATCH', "institution or time of the entry are others than the deposit's")
  }
  return undefined
}

function recordedOf(
  { receipt, attested, block, recordedAt }: AnchorFacts,
  { provenTime }: TimestampFacts,
): DepositReport['recorded'] {
  if (receipt === undefined || attested === undefined) return null
  return attestedFacts({ receipt, attested, block, recordedAt }, provenTime)
}
