import { type Evidence, EvidenceError, mergeEvidence, readEvidence, sealSignatureIds } from '@cinnabar/core'
import { CliError } from '../cli-error'
import { closedContainer } from '../close-container'
import type { Context } from '../context'
import { depositContainers } from '../deposit-evidence'
import { EXIT, type Exit } from '../exit'
import { fetchEvidence, noteMissing } from '../fetch-evidence'
import { MAX_DOCUMENT_BYTES, readInput } from '../input-file'
import { type Output, requireFree, writeWhole } from '../output-file'
import { DEFAULT_URL } from '../url'
import { knownGateway } from './verify'

/** What `cinnabar evidence` was told. */
export interface EvidenceOptions {
  readonly json?: boolean
  readonly output: string
  readonly force?: boolean
  readonly gateway?: string
  /** The file itself goes into the container. */
  readonly withDocument?: boolean
}

/**
 * Fetches the evidence of every seal of a file, or of the user's own deposits of one without seals, into one container, so
 * that it can be checked without any network.
 * @returns `indeterminate` when some of the seals have no evidence there: what there is was written.
 * @throws {@link CliError} `NO_SEAL`, `EVIDENCE_NOT_FOUND`, `GATEWAY_*`, `PROBLEM`, `OUTPUT_*`: nothing was written.
 */
export async function saveEvidence(context: Context, path: string, options: EvidenceOptions): Promise<Exit> {
  const { surroundings, texts, voice } = context
  const output = { path: options.output, force: options.force }
  const pdf = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
  const ids = sealSignatureIds(pdf)
  await requireFree(output, surroundings)
  const { gateway, json } = options
  const document = options.withDocument ? pdf : undefined
  if (ids.length === 0) return saveDepositEvidence(context, path, { output, pdf, gateway, json, document })
  const url = (await knownGateway(context, options.gateway)) ?? DEFAULT_URL
  const fetched = await fetchEvidence(context, url, ids)
  if (fetched.failure !== undefined) throw fetched.failure
  if (fetched.containers.length === 0) throw new CliError('EVIDENCE_NOT_FOUND', { path, url })
  const read = fetched.containers.map(({ id, bytes }) => evidenceOf(url, id, bytes))
  await writeWhole(output, await container(context, url, { read, fetched, document }), surroundings)
  noteMissing(context, fetched)
  voice.note(texts.note.evidenceWritten(options.output, read.length))
  const signatures = fetched.containers.map(({ id }) => id)
  if (json) voice.json({ file: path, output: output.path, signatures, missing: fetched.unknown })
  return fetched.unknown.length > 0 ? EXIT.indeterminate : EXIT.passed
}

interface Unsealed {
  readonly output: Output
  readonly pdf: Uint8Array
  readonly gateway: string | undefined
  readonly json: boolean | undefined
  readonly document: Uint8Array | undefined
}

async function saveDepositEvidence(
  context: Context,
  path: string,
  { output, pdf, gateway, json, document }: Unsealed,
): Promise<Exit> {
  const containers = await depositContainers(context, pdf, gateway)
  if (containers.length === 0) throw new CliError('NO_SEAL', { path })
  const read = containers.map((bytes) => readEvidence(bytes))
  const fetched = { containers: containers.map((bytes) => ({ bytes })) }
  const url = (await knownGateway(context, gateway)) ?? DEFAULT_URL
  await writeWhole(output, await container(context, url, { read, fetched, document }), context.surroundings)
  context.voice.note(context.texts.note.depositEvidenceWritten(output.path, containers.length))
  const deposits = read.flatMap((one) => one.deposits.map(({ id }) => id))
  if (json) context.voice.json({ file: path, output: output.path, deposits })
  return EXIT.passed
}

/** What the gateway gave must be readable and of that seal: finding out offline would be too late. */
function evidenceOf(url: string, id: string, bytes: Uint8Array): Evidence {
  try {
    const evidence = readEvidence(bytes)
    if (evidence.signatures.some((one) => one.id === id)) return evidence
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause
    throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `${cause.code}: ${cause.message}` }, cause)
  }
  throw new CliError('GATEWAY_ANSWER_INVALID', { url, what: `no evidence of ${id}` })
}

interface Gathered {
  readonly read: readonly Evidence[]
  readonly fetched: { readonly containers: readonly { readonly bytes: Uint8Array }[] }
  readonly document: Uint8Array | undefined
}

/** One container as it came; of several, or with the document, a new one. */
async function container(context: Context, url: string, { read, fetched, document }: Gathered): Promise<Uint8Array> {
  const [only, ...more] = fetched.containers
  if (only !== undefined && more.length === 0 && document === undefined) return only.bytes
  try {
    return await closedContainer(context, url, { ...mergeEvidence(read), ...(document && { document }) })
  } catch (cause) {
    if (cause instanceof EvidenceError) throw new CliError('EVIDENCE_TOO_LARGE', { seals: read.length }, cause)
    throw cause
  }
}
