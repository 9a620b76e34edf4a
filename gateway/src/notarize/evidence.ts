import { fromBase64, type Receipt, type SealSignatureId, type Time, type Trust, timeOf } from '@cinnabar/core'
import { presentReceipt } from './anchor'
import { type BlockChoice, blockMembers } from './blocks'
import { closedOnce, keptClosing } from './closing'
import { type ContainerKind, containerOf } from './container'
import type { LogMirror } from './log-mirror'
import { NotarizeError } from './notarize-error'
import type { Surroundings } from './ports'
import type { SealSignatureRecord } from './records'

/** The present state of the register is asked for with the evidence; without it the evidence still stands, as of then. */
async function receiptsOf(
  env: Surroundings,
  mirror: LogMirror,
  receipts: readonly Receipt[],
): Promise<readonly Receipt[]> {
  const [recorded] = receipts
  try {
    const present = await presentReceipt(env, mirror, recorded)
    return present === undefined ? receipts : [...receipts, present]
  } catch (error) {
    env.report({ step: 'anchor', institution: recorded.entry.institution, error })
    return receipts
  }
}

/** What evidence holds beside what proves the use. */
export interface EvidenceOptions {
  /** The gateway's trust file, to be shown. */
  readonly trust?: Trust
  /** `small` unless said otherwise. */
  readonly block?: BlockChoice
  /** `zip` unless said otherwise: a time assertion costs a timestamp, one for as long as the record stays the same. */
  readonly container?: ContainerKind
  /** Whether the sealed file itself goes in: who asks knows the id inside it, and so holds it. Left out unless said. */
  readonly document?: 'included'
}

/**
 * All that a stranger needs to check this use offline: FORMAT.md section 9.
 * @throws {@link NotarizeError} `SEAL_SIGNATURE_UNKNOWN`, `EVIDENCE_NOT_READY` before it is anchored.
 */
export async function evidence(
  env: Surroundings,
  mirror: LogMirror,
  { id, trust, block = 'small', container, document }: EvidenceOptions & { readonly id: SealSignatureId },
): Promise<Uint8Array> {
  const use = await anchoredUse(env, id)
  const { certificates, institution } = use
  const key = `${id}.${block}${document === undefined ? '' : '.document'}`
  const kept = container === 'asic-e' ? await keptClosing(env, key) : undefined
  const [receipts, others, file, crls] = await Promise.all([
    receiptsNow(env, mirror, { recorded: use.receipts, kept: kept?.value.receipts }),
    blockMembers(env, use.receipts[0], block),
    document === 'included' ? env.files.get(use.fileSha256) : undefined,
    env.sealKeys.crls(institution),
  ])
  const contents = (created: Time) => ({
    created,
    signatures: [{ id, receipts, certificates: certificates.map(fromBase64), crls }],
    others,
    ...(file && { document: file }),
    ...(trust && { trust }),
  })
  if (container === 'asic-e') return closedOnce(env, { key, institution, kept, receipts, contents })
  return containerOf(env, institution, contents(timeOf(env.clock.now())), container)
}

interface Known {
  readonly recorded: readonly Receipt[]
  /** As the container held them that was closed last. */
  readonly kept: readonly Receipt[] | undefined
}

/** What was kept, as long as nothing was recorded since; what is anew of the present, else. */
async function receiptsNow(
  env: Surroundings,
  mirror: LogMirror,
  { recorded, kept }: Known,
): Promise<readonly Receipt[]> {
  const { institution } = recorded[0].entry
  const last = kept?.at(-1)
  if (kept === undefined || last === undefined) return receiptsOf(env, mirror, recorded)
  try {
    const { size } = await env.ledger.head(institution)
    return size === last.size ? kept : receiptsOf(env, mirror, recorded)
  } catch (error) {
    // The register's word as of then is more than none.
    env.report({ step: 'anchor', institution, error })
    return kept
  }
}

/**
 * A use that is in the log, by the code printed beside the seal: whoever sees the paper knows it.
 * @throws as {@link anchoredUse} does.
 */
export async function anchoredUseOnPaper(
  { store }: Pick<Surroundings, 'store'>,
  printedCode: string,
): Promise<SealSignatureRecord> {
  const query = { field: 'printedCode', equals: printedCode, limit: 1 }
  const [found] = await store.find<SealSignatureRecord>('sealSignatures', query)
  if (found !== undefined) return anchoredUse({ store }, found.id as SealSignatureId)
  throw new NotarizeError('SEAL_SIGNATURE_UNKNOWN', 'there is no use of a seal with this code here', { printedCode })
}

/**
 * A use that is in the log, by its id: who knows the id holds the file.
 * @throws {@link NotarizeError} `SEAL_SIGNATURE_UNKNOWN`, `EVIDENCE_NOT_READY`.
 */
export async function anchoredUse(
  { store }: Pick<Surroundings, 'store'>,
  id: SealSignatureId,
): Promise<SealSignatureRecord> {
  const found = await store.get<SealSignatureRecord>('sealSignatures', id)
  if (found === undefined) {
    throw new NotarizeError('SEAL_SIGNATURE_UNKNOWN', 'there is no use of a seal with this id here', { id })
  }
  if (found.value.receipts.length > 0) return found.value
  throw new NotarizeError('EVIDENCE_NOT_READY', 'this use is not in the log yet', { id })
}
