import { EvidenceError } from './evidence-error'
import { readEvidence } from './read-evidence'

/** The document that an evidence container holds; undefined when it holds none, or is no evidence. Nothing is judged. */
export function documentIn(container: Uint8Array): Uint8Array | undefined {
  try {
    return readEvidence(container).document
  } catch (refusal) {
    if (refusal instanceof EvidenceError) return undefined
    throw refusal
  }
}
