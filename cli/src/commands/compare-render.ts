import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  COMPARE_TOLERANCE,
  documentIn,
  type PageComparison,
  type RenderComparison,
  type RevisionComparison,
  type SealedRevision,
  sealedRevisions,
} from '@cinnabar/core'
import { CliError } from '../cli-error'
import type { Context } from '../context'
import { systemCode } from '../input-file'
import { writeWhole } from '../output-file'
import { compareRevision } from '../render/compare-revision'
import type { PagePictures } from '../render/messages'
import { whileWaiting } from '../wait'

/** What `cinnabar verify` was told about the second reading; each of them asks for it. */
export interface CompareOptions {
  readonly compareRender?: boolean
  /** A signature's field, or `all`; else the earliest. */
  readonly renderFrom?: string
  readonly renderOut?: string
}

/** What is to be compared, made sure of before anything is verified. */
export interface CompareTask {
  readonly document: Uint8Array
  readonly revisions: readonly SealedRevision[]
  readonly folder: string | undefined
}

/**
 * What of a file is compared with what.
 * @throws {@link CliError} `RENDER_FROM_UNKNOWN` for a field without a signature, `OUTPUT_NOT_WRITABLE`.
 */
export async function compareTask(
  { surroundings }: Context,
  file: Uint8Array,
  { renderFrom, renderOut }: CompareOptions,
): Promise<CompareTask> {
  const document = isZip(file) ? (documentIn(file) ?? file) : file
  const revisions = chosen(sealedRevisions(document), renderFrom)
  const folder = renderOut === undefined ? undefined : resolve(surroundings.folder, renderOut)
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw new CliError('OUTPUT_NOT_WRITABLE', { path: String(renderOut), reason: systemCode(error) }, error)
    })
  }
  return { document, revisions, folder }
}

const isZip = (file: Uint8Array) => file[0] === 0x50 && file[1] === 0x4b

function chosen(revisions: readonly SealedRevision[], from: string | undefined): readonly SealedRevision[] {
  if (from === undefined) return revisions.slice(0, 1)
  if (from === 'all') return revisions
  const named = revisions.filter(({ field }) => field === from)
  const fields = revisions.flatMap(({ field }) => field ?? []).join(', ')
  if (named.length === 0) throw new CliError('RENDER_FROM_UNKNOWN', { field: from, fields })
  return named
}

/** Reads and compares with pdf.js. Whatever happens to it is a remark: nothing is thrown for a file. */
export async function compareRender(context: Context, task: CompareTask): Promise<RenderComparison> {
  const revisions: RevisionComparison[] = []
  for (const [index, revision] of task.revisions.entries()) {
    const pictures = task.folder === undefined ? undefined : new Map<string, Uint8Array>()
    const onPictures = pictures && ((page: PageComparison, made: PagePictures) => gather(pictures, page, made))
    const comparing = compareRevision(task.document, revision, { ...(onPictures && { onPictures }) })
    revisions.push(await whileWaiting(context, context.texts.render.comparing, comparing))
    await writePictures(context, `seal-${index + 1}`, { pictures, folder: task.folder })
  }
  return { engine: engineName(), tolerance: COMPARE_TOLERANCE, revisions }
}

function engineName(): string {
  try {
    const about = JSON.parse(readFileSync(require.resolve('pdfjs-dist/package.json'), 'utf8')) as { version: string }
    return `pdfjs-dist ${about.version}`
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return 'pdfjs-dist'
    throw cause
  }
}

function gather(pictures: Map<string, Uint8Array>, { page }: PageComparison, made: PagePictures): void {
  for (const [what, png] of Object.entries(made)) pictures.set(`page-${page}-${what}.png`, png)
}

interface Gathered {
  readonly pictures: ReadonlyMap<string, Uint8Array> | undefined
  readonly folder: string | undefined
}

/** A picture that cannot be written is told, and changes no verdict. */
async function writePictures(context: Context, name: string, { pictures, folder }: Gathered): Promise<void> {
  if (pictures === undefined || folder === undefined) return
  const { note } = context.voice
  for (const [file, png] of pictures) {
    const path = join(folder, `${name}-${file}`)
    try {
      await writeWhole({ path }, png, context.surroundings)
      note(context.texts.render.written(path))
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      note(context.texts.render.notWritten(path, error.code))
    }
  }
}
