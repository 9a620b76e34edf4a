import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { COMPARE_LIMITS, type CompareRemark, comparePage, differencePicture, type PageReading } from '@cinnabar/core'
import type { PagePictures, RenderAnswer, RenderTask } from './messages'
import { loadEngine, type OpenDocument, openDocument } from './open-document'

// A process of its own: whatever a file does to the engine ends here. Its parent keeps the time.

new Worker(join(__dirname, 'watch-memory.js'), { workerData: COMPARE_LIMITS.memoryBytes }).unref()

process.once('message', (task: RenderTask) => {
  compare(task)
    .then(() => answer({ kind: 'done' }))
    .catch((error: unknown) => answer(refused('ENGINE_FAILED', error)))
    .finally(() => process.disconnect())
})

/** Resolves when the parent has it, so that no answer is lost when the next page ends the process. */
function answer(message: RenderAnswer): Promise<void> {
  return new Promise((resolve, reject) =>
    process.send?.(message, undefined, {}, (error) => (error ? reject(error) : resolve())),
  )
}

async function compare(task: RenderTask): Promise<void> {
  const engine = await loadEngine().catch((error: unknown) => answer(refused('ENGINE_MISSING', error)))
  if (!engine) return
  const open = (bytes: Uint8Array, side: 'sealed' | 'now') =>
    openDocument(engine, bytes).catch((error: unknown) => answer(refused(codeOf(error), error, side)))
  const before = await open(task.file.subarray(0, task.end), 'sealed')
  const after = before && (await open(task.file, 'now'))
  if (!before || !after) return
  await answer({ kind: 'opened', before: before.pages, after: after.pages })
  if (!after.draws) await answer({ kind: 'remark', remark: { code: 'PICTURES_MISSING', detail: '' } })
  const last = Math.min(Math.max(before.pages, after.pages), task.maxPages)
  for (let page = task.from; page <= last; page++) await onePage(page, { before, after, task })
}

interface Both {
  readonly before: OpenDocument
  readonly after: OpenDocument
  readonly task: RenderTask
}

async function onePage(page: number, { before, after, task }: Both): Promise<void> {
  const read = async (document: OpenDocument, side: 'sealed' | 'now') => {
    if (page > document.pages) return undefined
    return document.read(page).catch((error: unknown) => unreadable(page, side, error))
  }
  const one = await read(before, 'sealed')
  const other = await read(after, 'now')
  for (const remark of [one, other]) if (isRemark(remark)) return answer({ kind: 'remark', remark })
  if (isRemark(one) || isRemark(other)) return
  const found = comparePage(page, one, other)
  const wanted = task.pictures && found.state !== 'same'
  await answer({ kind: 'page', page: found, ...(wanted && { pictures: pngs(after, one, other) }) })
}

const isRemark = (read: PageReading | CompareRemark | undefined): read is CompareRemark =>
  read !== undefined && 'code' in read

function pngs(by: OpenDocument, one: PageReading | undefined, other: PageReading | undefined): PagePictures {
  const [before, after] = [one?.picture, other?.picture]
  return {
    ...(before && { before: by.png(before) }),
    ...(after && { after: by.png(after) }),
    ...(before && after && { difference: by.png(differencePicture(before, after)) }),
  }
}

function unreadable(page: number, side: 'sealed' | 'now', error: unknown): CompareRemark {
  return { code: 'PAGE_UNREADABLE', side, page, detail: wordOf(error) }
}

function refused(code: CompareRemark['code'], error: unknown, side?: 'sealed' | 'now'): RenderAnswer {
  return { kind: 'refused', remark: { code, ...(side && { side }), detail: wordOf(error) } }
}

function codeOf(error: unknown): CompareRemark['code'] {
  return error instanceof Error && error.name === 'PasswordException' ? 'ENCRYPTED' : 'UNREADABLE'
}

const MAX_WORD = 200

function wordOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_WORD)
}
