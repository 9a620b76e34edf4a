import type { LogEntry } from '@cinnabar/client'
import { columns } from '../columns'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { listIn, requireService } from '../service'

/** What `cinnabar log` was told. */
export interface LogOptions {
  readonly from?: number
  readonly limit?: number
  readonly kind?: LogEntry['kind']
  readonly seal?: string
  readonly json?: boolean
}

const AT_ONCE = 1000

/** Lists entries of an institution's log, one's own unless named. */
export async function listLog(context: Context, institution: string | undefined, options: LogOptions): Promise<Exit> {
  const { texts, voice } = context
  const { limit = Number.POSITIVE_INFINITY, kind, seal, json } = options
  const service = await requireService(context)
  const id = institution ?? (await service.ask((api) => api.getMe())).institution
  const found: { readonly index: number; readonly entry: LogEntry }[] = []
  const answered = { size: 0, root: '' }
  for (let cursor: string | undefined; found.length < limit; ) {
    const at = cursor === undefined ? { from: options.from } : { cursor: Number(cursor) }
    const wanted = { id, ...at, limit: Math.min(AT_ONCE, limit - found.length), kind, seal }
    const page = await service.ask((api) => api.listLog(wanted))
    const entries = listIn(service.url, 'GET /v1/institutions/{id}/log', page.entries)
    found.push(...entries.map((entry, i) => ({ index: page.indices[i], entry })))
    Object.assign(answered, { size: page.size, root: page.root })
    cursor = page.next
    if (cursor === undefined) break
  }
  if (json)
    voice.json({ institution: id, ...answered, entries: found.map(({ index, entry }) => ({ index, ...entry })) })
  else {
    voice.print(columns([texts.list.entries, ...found.map(({ index, entry }) => texts.list.entry(index, entry))]))
    voice.note(texts.list.logSize(id, answered.size))
  }
  return EXIT.passed
}
