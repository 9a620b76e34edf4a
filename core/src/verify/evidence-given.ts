import type { Evidence } from '../evidence/evidence'
import { EvidenceError, type EvidenceErrorCode } from '../evidence/evidence-error'
import { readEvidence } from '../evidence/read-evidence'
import { onceAsked } from './once-asked'

/** One container, and what it holds or why it was not read. */
export interface Container {
  readonly bytes: Uint8Array
  readonly evidence?: Evidence
  readonly refusal?: { readonly code: EvidenceErrorCode; readonly detail: string }
}

/** What the given containers hold. */
export interface EvidenceGiven {
  readonly containers: readonly Container[]
  readonly evidence: readonly Evidence[]
  /** Why a container could not be read, if one could not. */
  readonly unreadable?: string
}

/**
 * Reads the containers when first asked for them, once. Unreadable evidence proves nothing; that it was unreadable is said
 * where evidence is missed, and in the report on the container.
 */
export function evidenceGiven(containers: readonly Uint8Array[]): () => EvidenceGiven {
  return onceAsked(() => readAll(containers))
}

function readAll(given: readonly Uint8Array[]): EvidenceGiven {
  const containers = given.map(read)
  const [refusal] = containers.flatMap((one) => one.refusal ?? [])
  return {
    containers,
    evidence: containers.flatMap(({ evidence }) => evidence ?? []),
    ...(refusal && { unreadable: `${refusal.code}: ${refusal.detail}` }),
  }
}

function read(bytes: Uint8Array): Container {
  try {
    return { bytes, evidence: readEvidence(bytes) }
  } catch (refusal) {
    if (!(refusal instanceof EvidenceError)) throw refusal
    return { bytes, refusal: { code: refusal.code, detail: refusal.message } }
  }
}
