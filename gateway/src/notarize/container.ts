import { type EvidenceContents, type InstitutionId, prepareEvidence, writeEvidence } from '@cinnabar/core'
import type { Surroundings } from './ports'
import { timestamp } from './timestamp'

/** `asic-e`: with a time assertion, so that other validators open it, too. `zip`: the same members without. */
export type ContainerKind = 'asic-e' | 'zip'

/**
 * Evidence as a container, FORMAT.md section 9. The time assertion is by an authority of another institution than the one
 * whose evidence it is; where none answers the evidence goes without, since every fact in it stands by itself.
 * @throws EvidenceError as `writeEvidence` does.
 */
export async function containerOf(
  env: Pick<Surroundings, 'timestampAuthorities' | 'report'>,
  institution: InstitutionId,
  contents: EvidenceContents,
  kind: ContainerKind = 'zip',
): Promise<Uint8Array> {
  if (kind === 'zip') return writeEvidence(contents)
  const prepared = prepareEvidence(contents)
  try {
    return prepared.close(await timestamp(env, institution, prepared.manifest))
  } catch (error) {
    env.report({ step: 'preserve', institution, error })
    return writeEvidence(contents)
  }
}
