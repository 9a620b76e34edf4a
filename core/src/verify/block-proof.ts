import { EncodingError, equal, fromBase64 } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { DerError } from '../encode/der'
import { sha256OfDocument } from '../encode/sha256'
import type { OtherMember } from '../evidence/evidence'
import { type BlockProof, BlockProofFormat, blockPath, LEDGER_ROLE, MAX_BLOCK_BYTES } from '../model/block-proof'
import { type Digest, digestBytes } from '../model/digest'
import { EntryFormat } from '../model/entry'
import type { Receipt } from '../model/receipt'
import type { RecordedBlock } from '../model/report'
import type { Trust } from '../model/trust'
import { parseCertificate } from '../x509/certificate'
import { X509Error } from '../x509/x509-error'
import { appendsEntry, transactionIn } from './fabric-append'
import { type FabricBlock, readBlock } from './fabric-block'
import type { Msps } from './fabric-config-messages'
import { differing, followConfigurations, type InForce, signersOf } from './fabric-configuration'
import { endorsersOf, mayChangeLedger } from './fabric-endorsement'
import { FabricError } from './fabric-protobuf'
import { blockSignatures, hasItsEnvelopes } from './fabric-signed-block'
import { type Finding, failed } from './finding'

const CLAUSE = 'FORMAT.md 12'
const VALID = 0
/** No policy here asks for more; each costs two verifications. */
const MAX_ENDORSEMENTS = 32
/** Place of the peer's verdicts in a block's metadata. */
const TRANSACTIONS_FILTER = 2

/** What the block of an entry is judged with. */
export interface BlockContext {
  readonly trust: Trust
  /** When the use was recorded, by the word of the quorum: orderers' and peers' certificates are judged then. */
  readonly at: Date
  /** The evidence's members of other roles. */
  readonly members: readonly OtherMember[]
}

/**
 * FORMAT.md 12: judges the block that the evidence carries for a receipt's entry. It can only make a verdict worse: that the
 * entry is recorded is proven by attestations.
 * @returns what the block shows; a finding when it is carried and wrong; undefined when there is no word of it.
 */
export async function judgeBlock(
  receipt: Receipt,
  context: BlockContext,
): Promise<RecordedBlock | Finding | undefined> {
  const entry = EntryFormat.digest(receipt.entry)
  const proofs = proofsIn(context.members).filter((proof) => proof.entry === entry)
  // Whoever carries several has the first left-out block or the worst of the others.
  const judged = await Promise.all(proofs.map((proof) => judgeReadable(proof, receipt, context)))
  return judged.find(isFinding) ?? judged.find((one) => !isFinding(one) && one.carried) ?? judged[0]
}

/** Whether {@link judgeBlock} found something wrong. */
export function isFinding(result: RecordedBlock | Finding | undefined): result is Finding {
  return result !== undefined && 'outcome' in result
}

function proofsIn(members: readonly OtherMember[]): readonly BlockProof[] {
  return members
    .filter(({ role, path }) => role === LEDGER_ROLE && path.endsWith('.json'))
    .flatMap(({ bytes }) => {
      try {
        return [BlockProofFormat.parse(bytes)]
      } catch (refusal) {
        // A record of a later version is of no entry that we know.
        if (refusal instanceof FormatError) return []
        throw refusal
      }
    })
}

async function judgeReadable(proof: BlockProof, receipt: Receipt, context: BlockContext) {
  try {
    return await judge(proof, receipt, context)
  } catch (refusal) {
    const unreadable = [FabricError, FormatError, EncodingError, DerError, X509Error].find(
      (one) => refusal instanceof one,
    )
    if (unreadable === undefined) throw refusal
    return wrong('BLOCK_INVALID', `a block that the evidence carries cannot be read: ${(refusal as Error).message}`)
  }
}

async function judge(proof: BlockProof, receipt: Receipt, context: BlockContext): Promise<RecordedBlock | Finding> {
  const { number, digest } = proof.block
  if (digest === undefined) return { ...NOTHING, number }
  const block = readBlock(await memberOf(digest, context.members))
  if (block.header.number !== number || !(await hasItsEnvelopes(block))) {
    return wrong('BLOCK_DATA_MISMATCH', `block ${number} does not hold what its header says`)
  }
  const endorsers = await judgeTransaction(block, proof, receipt, context)
  if ('outcome' in endorsers) return endorsers
  const followed = await judgeConfiguration(block, proof, context)
  if (followed !== undefined && 'outcome' in followed) return followed
  const { trust, at } = context
  const orderers = followed?.configuration.orderers ?? pinnedOrderers(trust)
  const signers = orderers === undefined ? [] : await signersOf(block, orderers, at)
  if (orderers !== undefined && signers.length === 0) {
    return wrong('BLOCK_SIGNER_NOT_TRUSTED', `no orderer that the trust file leads to signed block ${number}`)
  }
  const differs = followed === undefined ? [] : differing(followed.configuration.members, trust)
  return { carried: true, number, orderers: signers, endorsers, configuration: followed?.number ?? null, differs }
}

const NOTHING = { carried: false, orderers: [], endorsers: [], configuration: null, differs: [] } as const

async function memberOf(digest: Digest, members: readonly OtherMember[]): Promise<Uint8Array> {
  const path = blockPath(digest)
  const found = members.find((member) => member.role === LEDGER_ROLE && member.path === path)
  if (found === undefined) throw new FabricError('FABRIC_INVALID', `${path} is not there`)
  if (found.bytes.length > MAX_BLOCK_BYTES) throw new FabricError('FABRIC_INVALID', `${path} is too large`)
  if (equal(await sha256OfDocument(found.bytes), digestBytes(digest))) return found.bytes
  throw new FabricError('FABRIC_INVALID', `${path} is another block`)
}

async function judgeTransaction(
  block: FabricBlock,
  { transaction: id }: BlockProof,
  { entry, index }: Receipt,
  { trust, at }: BlockContext,
): Promise<readonly string[] | Finding> {
  const { number } = block.header
  const transaction = transactionIn(block, id)
  if (transaction?.endorsed === undefined || !appendsEntry(transaction.endorsed, { entry, index }, trust)) {
    return wrong('BLOCK_ENTRY_MISSING', `no transaction of block ${number} is the append of entry ${index}`)
  }
  // Not signed by anybody, so it proves nothing; but a peer that calls it invalid contradicts the attestations.
  if ((block.metadata[TRANSACTIONS_FILTER]?.[transaction.position] ?? VALID) !== VALID) {
    return wrong('BLOCK_TRANSACTION_INVALID', `the peer that gave block ${number} took the append as invalid`)
  }
  const endorsements = transaction.endorsed.endorsements.slice(0, MAX_ENDORSEMENTS)
  const endorsers = await endorsersOf({ ...transaction.endorsed, endorsements }, { trust, at })
  if (mayChangeLedger(endorsers, trust)) return [...endorsers].sort()
  const detail = `the append is endorsed by ${[...endorsers].join(', ') || 'nobody whom the trust file names'}; the trust file demands ${trust.quorum.organisations} organisations, one of them independent`
  return wrong('BLOCK_QUORUM_NOT_MET', detail)
}

/** @returns undefined when the trust file pins no first block, or the evidence carries no configuration. */
async function judgeConfiguration(
  block: FabricBlock,
  { configurations }: BlockProof,
  { trust, members }: BlockContext,
): Promise<InForce | Finding | undefined> {
  const { channel, genesis } = trust
  if (genesis === undefined || configurations.length === 0) return undefined
  const blocks: FabricBlock[] = []
  for (const digest of configurations) blocks.push(readBlock(await memberOf(digest, members)))
  const followed = await followConfigurations(blocks, { channel, genesis })
  if (followed !== undefined && blockSignatures(block).lastConfiguration === followed.number) return followed
  const detail = `the configuration in force at block ${block.header.number} does not follow from the pinned first block`
  return wrong('CONFIGURATION_NOT_FOLLOWED', detail)
}

const orderersOf = new WeakMap<Trust, Msps>()

/** @returns undefined when the trust file names no orderers. */
function pinnedOrderers(trust: Trust): Msps | undefined {
  const known = orderersOf.get(trust)
  if (known !== undefined) return known
  const pinned: Msps = new Map(
    trust.organisations.flatMap(({ id, ordererRoots = [] }) =>
      ordererRoots.length === 0 ? [] : [[id as string, ordererRoots.map((der) => parseCertificate(fromBase64(der)))]],
    ),
  )
  if (pinned.size === 0) return undefined
  orderersOf.set(trust, pinned)
  return pinned
}

function wrong(code: string, detail: string): Finding {
  return failed(code, CLAUSE, detail, 'SIG_CONSTRAINTS_FAILURE')
}
