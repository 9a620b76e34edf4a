import type { Seal } from '@cinnabar/client'
import { columns } from '../columns'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { listIn, requireService } from '../service'

/** What `cinnabar seals` was told. */
export interface SealsOptions {
  readonly status?: Seal['status']
  readonly kind?: Seal['kind']
  readonly json?: boolean
}

const AT_ONCE = 200

/** Lists the institution's seals. */
export async function listSeals(context: Context, { status, kind, json }: SealsOptions): Promise<Exit> {
  const { texts, voice } = context
  const service = await requireService(context)
  const seals: Seal[] = []
  let institution = ''
  for (let cursor: string | undefined; ; ) {
    const page = await service.ask((api) => api.listSeals({ limit: AT_ONCE, cursor, status, kind }))
    seals.push(...listIn(service.url, 'GET /v1/seals', page.seals))
    institution = page.institution
    cursor = page.next
    if (cursor === undefined) break
  }
  if (json) voice.json({ institution, seals })
  else voice.print(columns([texts.list.seals, ...seals.map((seal) => texts.list.seal(seal))]))
  return EXIT.passed
}

/** What `cinnabar seals replace-key` was told. */
export interface ReplaceKeyOptions {
  readonly replaces?: string
  readonly json?: boolean
}

/** Gives a seal another certificate over a new key. @throws {@link CliError} `PROBLEM`, `GATEWAY_*`. */
export async function replaceKey(context: Context, id: string, options: ReplaceKeyOptions): Promise<Exit> {
  const { texts, voice } = context
  const service = await requireService(context)
  const { seals } = await service.ask((api) => api.listSeals({}))
  const listed = listIn(service.url, 'GET /v1/seals', seals).find((one) => one.id === id)
  // Of a seal that there is not, the service says so.
  const replaces = options.replaces ?? listed?.certificate ?? `sha256:${'0'.repeat(64)}`
  const body = { replaces: replaces as Seal['certificate'] }
  const seal = await service.ask((api) => api.replaceSealCertificate({ id, body }))
  if (options.json) voice.json(seal)
  else voice.print(columns([texts.list.seals, texts.list.seal(seal)]))
  return EXIT.passed
}
