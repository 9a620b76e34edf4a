import { type EvidenceContents, prepareEvidence, sha256, writeEvidence } from '@cinnabar/core'
import { CliError } from './cli-error'
import type { Context } from './context'
import { tell } from './tell-error'
import { timestampBy } from './timestamp'

/**
 * Evidence as an ASiC-E container, its time assertion by the gateway's authority: only the manifest's digest is sent.
 * Without an answer it is the same evidence without a time assertion, and that is said.
 * @throws EvidenceError as `writeEvidence` does.
 */
export async function closedContainer(context: Context, url: string, contents: EvidenceContents): Promise<Uint8Array> {
  const prepared = prepareEvidence(contents)
  try {
    return prepared.close(await timestampBy(url, sha256(prepared.manifest)))
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    context.voice.note(context.texts.note.assertionMissing(tell(error, context.texts).sentence))
    return writeEvidence(contents)
  }
}
