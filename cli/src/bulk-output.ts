import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { equal, sealSignatureIds } from '@cinnabar/core'
import type { BulkFile } from './bulk-files'
import type { BulkDocument } from './bulk-job'
import { CliError } from './cli-error'
import type { Context } from './context'
import { ask } from './gateway'
import { MAX_DOCUMENT_BYTES, readInput } from './input-file'
import { requireFree, writeWhole } from './output-file'
import type { LastingAccess } from './session'
import { stubbornly } from './stubbornly'

const TRANSFER_TIMEOUT_MS = 5 * 60_000

interface Wanted {
  readonly file: BulkFile
  readonly document: BulkDocument
  /** The folder of sealed files. */
  readonly output: string
  readonly force?: boolean | undefined
}

/**
 * Writes the sealed file unless it is there already, from an earlier run.
 * @returns where it is.
 * @throws {@link CliError} `OUTPUT_EXISTS` when another file is there; `SEALED_FILE_DIFFERS`; `PROBLEM`, `GATEWAY_*`.
 */
export async function fetchSealed(context: Context, access: LastingAccess, wanted: Wanted): Promise<string> {
  const { surroundings } = context
  const { file, document, force } = wanted
  const path = join(wanted.output, file.name)
  const original = await readInput(file.path, MAX_DOCUMENT_BYTES, surroundings)
  await mkdir(dirname(resolve(surroundings.folder, path)), { recursive: true })
  const output = { path, ...(force && { force }) }
  const there = await requireFree(output, surroundings).catch(async (error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'OUTPUT_EXISTS') throw error
    const kept = await readInput(path, MAX_DOCUMENT_BYTES, surroundings)
    if (isSealed(original, kept, document)) return undefined
    throw error
  })
  if (there === undefined) return path
  const sealed = await stubbornly(context, access.url, async () =>
    ask(access.url, {
      method: 'GET',
      path: `/v1/documents/${encodeURIComponent(document.document ?? '')}/file`,
      token: await access.token(),
      language: context.texts.language,
      maxBytes: MAX_DOCUMENT_BYTES,
      timeoutMs: TRANSFER_TIMEOUT_MS,
    }),
  )
  if (!isSealed(original, sealed, document)) {
    throw new CliError('SEALED_FILE_DIFFERS', { url: access.url, job: document.job ?? '' })
  }
  await writeWhole(output, sealed, surroundings)
  return path
}

/** The original's bytes come first, and the seal that was asked for stands after them. */
function isSealed(original: Uint8Array, sealed: Uint8Array, { sealSignature }: BulkDocument): boolean {
  const kept = sealed.length > original.length && equal(sealed.subarray(0, original.length), original)
  return kept && sealSignature !== undefined && sealSignatureIds(sealed).some((id) => id === sealSignature)
}
