import {
  type Attestation,
  preservationRecord,
  type Receipt,
  ReceiptFormat,
  type SealId,
  type SealUse,
  toBase64,
} from '@cinnabar/core'
import type { Landing, Place } from './batch'
import type { LogMirror } from './log-mirror'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import { timestamp } from './timestamp'

/** What is signed of a head. */
export type Attested = Pick<Receipt, 'attestations' | 'preservation'>

/** One head's statements serve all uses of a seal that landed with it. */
const attestedOf = new WeakMap<Landing, Map<SealId, Promise<Attested>>>()

/**
 * The receipt of a recorded use: its path to the head that it landed with, and the signed statements of that head.
 * @throws {@link LedgerError} `LEDGER_UNAVAILABLE`, `HEAD_UNKNOWN`; {@link NotarizeError} `LOG_MIRROR_MISMATCH`.
 */
export async function anchor(
  env: Surroundings,
  mirror: LogMirror,
  { use, place }: { readonly use: SealUse; readonly place: Place },
): Promise<Receipt> {
  const { landing, index, entry, seal } = place
  const { institution, size } = landing
  if (seal === undefined) throw new NotarizeError('INTERNAL', 'a use of a seal lacks its record')
  await mirror.catchUp(institution, size)
  const [proof, attested] = await Promise.all([
    mirror.path(institution, index, size),
    attestedFor(env, landing, seal.id),
  ])
  const receipt: Receipt = {
    ...attested,
    entry,
    index,
    opening: use.opening,
    proof,
    seal,
    size,
    type: 'cinnabar.receipt.v1',
  }
  return ReceiptFormat.check(JSON.parse(JSON.stringify(receipt)))
}

/**
 * The receipt of the same use at the log's present head: what the register has come to say since, revocations included.
 * @returns undefined while nothing was recorded since.
 * @throws as {@link anchor} does.
 */
export async function presentReceipt(
  env: Surroundings,
  mirror: LogMirror,
  { entry, index, opening, seal, size }: Receipt,
): Promise<Receipt | undefined> {
  const { institution } = entry
  const head = await env.ledger.head(institution)
  if (head.size <= size || entry.kind !== 'sealSignature') return undefined
  await mirror.catchUp(institution, head.size)
  const [proof, attestations] = await Promise.all([
    mirror.path(institution, index, head.size),
    env.ledger.attest({ institution, size: head.size, seal: entry.seal, certificate: entry.certificate }),
  ])
  const receipt = { attestations, entry, index, opening, proof, seal, size: head.size, type: 'cinnabar.receipt.v1' }
  return ReceiptFormat.check(JSON.parse(JSON.stringify(receipt)))
}

function attestedFor(env: Surroundings, landing: Landing, seal: SealId): Promise<Attested> {
  const known = attestedOf.get(landing) ?? new Map<SealId, Promise<Attested>>()
  attestedOf.set(landing, known)
  const before = known.get(seal)
  if (before !== undefined) return before
  const asking = attest(env, landing, seal)
  known.set(seal, asking)
  // A failure is not an answer: the next use asks again.
  asking.catch(() => known.delete(seal))
  return asking
}

/** Signed statements of a head, and of a seal as it stood then. */
export async function attest(env: Surroundings, { institution, size }: Landing, seal?: SealId): Promise<Attested> {
  const attestations = await env.ledger.attest({ institution, size, ...(seal && { seal }) })
  return { attestations, ...(await preserve(env, { institution, attestations })) }
}

/** FORMAT.md section 6: a token over the statements, from another institution, so that they outlive their signers. */
async function preserve(
  env: Surroundings,
  { institution, attestations }: Pick<Landing, 'institution'> & { readonly attestations: readonly Attestation[] },
): Promise<Pick<Receipt, 'preservation'>> {
  try {
    const token = await timestamp(env, institution, preservationRecord({ attestations } as Receipt, [], []))
    return { preservation: { crls: [], tokens: [toBase64(token)] } }
  } catch (error) {
    // The receipt proves as much today without it, and a token can be added later.
    env.report({ step: 'preserve', institution, error })
    return {}
  }
}
