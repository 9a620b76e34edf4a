import type { Evidence } from '../evidence/evidence'
import { EvidenceError } from '../evidence/evidence-error'
import { readEvidence } from '../evidence/read-evidence'
import { onceAsked } from './once-asked'

/** What the given containers hold. */
export interface EvidenceGiven {
  readonly evidence: readonly Evidence[]
  /** Why a container could not be read, if one could not. */
  readonly unreadable?: string
}

/**
 * Reads the containers when first asked for them, once. Unreadable evidence proves nothing; that it was unreadable is said
 * where evidence is missed.
 */
export function evidenceGiven(containers: readonly Uint8Array[]): () => EvidenceGiven {
  return onceAsked(() => readAll(containers))
}

function readAll(containers: readonly Uint8Array[]): EvidenceGiven {
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
