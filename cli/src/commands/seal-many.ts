import { type BulkFile, bulkFilesIn } from '../bulk-files'
import { type BulkDocument, MAX_BULK_DOCUMENTS, openBulk, sealBulk } from '../bulk-job'
import { fetchSealed } from '../bulk-output'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { type LastingAccess, requireLastingAccess } from '../session'
import { tell } from '../tell-error'
import { isOpenLine } from '../url'
import type { SealOptions } from './seal'

/** What became of one file. */
interface Told {
  readonly file: string
  readonly state: string
  /** Where the sealed file is. */
  readonly output?: string
  readonly sealSignature?: string
  readonly code?: string
}

/**
 * Has a gateway seal many files with one seal, as bulk jobs of up to 1,000, and writes the sealed files into a folder. The
 * same command given again goes on with the same bulk jobs: nothing is sealed twice. What cannot be sealed is told, and the
 * rest goes on.
 * @throws {@link CliError} `NOTHING_TO_SEAL`, `NAMES_COLLIDE`; `PROBLEM`, `GATEWAY_*`.
 */
export async function sealMany(context: Context, paths: readonly string[], options: SealOptions): Promise<Exit> {
  const { texts, voice } = context
  const files = await bulkFilesIn(context, paths)
  const access = await requireLastingAccess(context)
  if (isOpenLine(access.url)) voice.note(texts.note.openLine(access.url))
  const told: Told[] = []
  for (let at = 0; at < files.length; at += MAX_BULK_DOCUMENTS) {
    told.push(...(await sealSome(context, access, files.slice(at, at + MAX_BULK_DOCUMENTS), options)))
  }
  if (options.json) voice.json({ documents: told })
  const sealed = told.filter(({ output }) => output !== undefined).length
  voice.note(texts.note.bulkSealed(sealed, told.length))
  return sealed === told.length ? EXIT.passed : EXIT.failed
}

async function sealSome(
  context: Context,
  access: LastingAccess,
  files: readonly BulkFile[],
  options: SealOptions,
): Promise<readonly Told[]> {
  const job = await openBulk(context, access, { files, wish: options })
  const { documents, refused } = await sealBulk(context, access, { files, job })
  const told: Told[] = []
  for (const [number, file] of files.entries()) {
    const reason = refused.get(number)
    const one =
      reason === undefined
        ? await finish(context, access, { file, document: documents[number], options })
        : { file: file.path, state: 'refused', code: String(reason.details.code) }
    if (!options.json)
      context.voice.print([context.texts.sealedDocument(one.file, one.output ?? one.code ?? one.state)])
    told.push(one)
  }
  return told
}

interface Finishing {
  readonly file: BulkFile
  readonly document: BulkDocument | undefined
  readonly options: SealOptions
}

async function finish(context: Context, access: LastingAccess, { file, document, options }: Finishing): Promise<Told> {
  if (document?.state !== 'anchored') {
    return { file: file.path, state: document?.state ?? 'missing', ...(document?.code && { code: document.code }) }
  }
  const { state, sealSignature } = document
  try {
    const output = await fetchSealed(context, access, { file, document, output: options.output, force: options.force })
    return { file: file.path, state, output, ...(sealSignature && { sealSignature }) }
  } catch (error) {
    // Of a file that is in the way the others are written all the same.
    if (!(error instanceof CliError) || error.code !== 'OUTPUT_EXISTS') throw error
    context.voice.note(tell(error, context.texts).sentence)
    return { file: file.path, state, code: error.code, ...(sealSignature && { sealSignature }) }
  }
}
