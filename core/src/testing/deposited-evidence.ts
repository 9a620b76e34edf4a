import { toHex, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import type { EvidenceDeposit } from '../evidence/evidence'
import { inclusionProof } from '../log/inclusion'
import { leafHash } from '../log/merkle'
import { LogTree, rootAt } from '../log/tree'
import type { Statement } from '../model/attestation'
import { digestFromBytes, digestOf } from '../model/digest'
import { type DepositEntry, EntryFormat } from '../model/entry'
import type { Salt, SealSignatureId } from '../model/identifiers'
import { type DepositOpening, OpeningFormat } from '../model/opening'
import type { Receipt } from '../model/receipt'
import { time, timeOf } from '../model/time'
import { parseToken } from '../timestamp/token'
import { randomBytes, type TestKey } from './keys'
import { type Holder, tokenOf } from './pki'
import { attest } from './sealed-evidence'
import { SEALED_AT } from './sealed-sample'
import type { Party, World } from './sealed-world'

/** What of a deposit is to be otherwise, so that a test can make one thing wrong. */
export interface DepositChanges {
  readonly party?: Party
  /** The court's unless given. */
  readonly tsa?: Holder
  /** What the token is over: the file unless given. */
  readonly stamped?: Uint8Array
  readonly opening?: (opening: DepositOpening) => DepositOpening
  readonly entry?: (entry: DepositEntry) => DepositEntry
  readonly statement?: (statement: Statement) => Statement
  readonly receipt?: (receipt: Receipt) => Receipt
  readonly attester?: TestKey
}

/** A deposit of the file with its token and receipt: entry 5 of a log of 9, attested by the node. */
export async function depositOf(
  world: World,
  file: Uint8Array,
  changes: DepositChanges = {},
): Promise<EvidenceDeposit> {
  const { party = world.bureau, tsa = world.court.pki.tsa, stamped = file } = changes
  const token = await tokenOf(tsa, sha256(stamped), SEALED_AT)
  const id = toHex(randomBytes(16)) as SealSignatureId
  const said: DepositOpening = {
    digest: digestOf(file),
    id,
    institution: party.id,
    salt: toHex(randomBytes(32)) as Salt,
    token: digestOf(token),
    type: 'cinnabar.depositOpening.v1',
  }
  const opening = changes.opening?.(said) ?? said
  const made: DepositEntry = {
    commitment: OpeningFormat.digest(opening),
    institution: party.id,
    kind: 'deposit',
    tokenTime: time(parseToken(token).genTimeText, ''),
    type: 'cinnabar.entry.v1',
  }
  const receipt = await receiptOf(world, { party, opening, entry: changes.entry?.(made) ?? made }, changes)
  return { id, receipts: [receipt], token }
}

interface Recorded {
  readonly party: Party
  readonly opening: DepositOpening
  readonly entry: DepositEntry
}

async function receiptOf(world: World, { party, opening, entry }: Recorded, changes: DepositChanges): Promise<Receipt> {
  const [index, size] = [5, 9]
  const leaves = Array.from({ length: size }, (_, at) =>
    leafHash(at === index ? EntryFormat.encode(entry) : utf8(`leaf ${at}`)),
  )
  const tree = new LogTree(leaves)
  const statement: Statement = {
    channel: 'cinnabar',
    from: index,
    institution: party.id,
    recordedAt: timeOf(new Date(SEALED_AT.getTime() + 2000)),
    registered: party.institution,
    root: digestFromBytes(rootAt(tree.node, size)),
    size,
    type: 'cinnabar.attest.v1',
  }
  const receipt: Receipt = {
    attestations: [await attest(changes.attester ?? world.node, changes.statement?.(statement) ?? statement)],
    entry,
    index,
    opening,
    proof: inclusionProof(tree.node, index, size).map(digestFromBytes),
    size,
    type: 'cinnabar.receipt.v1',
  }
  return changes.receipt?.(receipt) ?? receipt
}
