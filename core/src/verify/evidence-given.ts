import type { Evidence } from '../evidence/evidence'
import { EvidenceError, type EvidenceErrorCode } from '../evidence/evidence-error'
import { readEvidence } from '../evidence/read-evidence'
import type { AssertionReport } from '../model/report'
import { type Judging, judgeAssertion } from './assertion'
import { onceAsked } from './once-asked'

/** One container, and what it holds or why it was not read. */
export interface Container {
  readonly bytes: Uint8Array
  readonly evidence?: Evidence
  readonly refusal?: { readonly code: EvidenceErrorCode; readonly detail: string }
  /** By whose clock it was closed: judged from the moment it was read, while the rest goes on. */
  readonly assertion: Promise<AssertionReport | null>
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
export function evidenceGiven(containers: readonly Uint8Array[], judging: Judging): () => EvidenceGiven {
  return onceAsked(() => readAll(containers, judging))
}

function readAll(given: readonly Uint8Array[], judging: Judging): EvidenceGiven {
  const containers = given.map((bytes) => read(bytes, judging))
  const [refusal] = containers.flatMap((one) => one.refusal ?? [])
  return {
    containers,
    evidence: containers.flatMap(({ evidence }) => evidence ?? []),
    ...(refusal && { unreadable: `${refusal.code}: ${refusal.detail}` }),
  }
}

function read(bytes: Uint8Array, judging: Judging): Container {
  const nobody = Promise.resolve(null)
  try {
    const evidence = readEvidence(bytes)
    const assertion = evidence.assertion === undefined ? nobody : judgeAssertion(evidence.assertion, judging)
    return { bytes, evidence, assertion }
  } catch (refusal) {
    if (!(refusal instanceof EvidenceError)) throw refusal
    return { bytes, assertion: nobody, refusal: { code: refusal.code, detail: refusal.message } }
  }
}
