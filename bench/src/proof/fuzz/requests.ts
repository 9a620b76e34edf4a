import { type Making, oddText, oddValue, type Schema, valueFor } from './from-schema'

/** The parts of the document that requests are made from. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Operation {
  readonly operationId: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Schema
  }[]
  readonly security: readonly unknown[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>
}

/** One request, ready to be sent. */
export interface Request {
  readonly method: string
  /** With its query, percent-encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** What requests are made with beside values. */
export interface Supplies extends Making {
  readonly document: Document
  /** Of the users, in their order, and of the target; a run that ends their sessions puts new ones in. */
  readonly tokens: string[]
  /** Bodies with refresh tokens of the target; likewise. */
  readonly refreshes: { readonly refreshToken: string }[]
  /** Path parameters and JSON bodies that are right, by operation: half of the time they are taken. */
  readonly right: Readonly<
    Record<
      string,
      {
        readonly path?: readonly string[]
        /** What a second parameter of the path may be. */
        readonly seconds?: readonly string[]
        readonly query?: Readonly<Record<string, string>>
        readonly bodies?: readonly unknown[]
      }
    >
  >
  /** Good bodies by their media type. */
  readonly files: Readonly<Record<string, readonly Uint8Array[]>>
}

/** The operation that a request really comes to: a spoilt one may have become another's. */
export function operationOf(
  document: Document,
  { method, path }: Pick<Request, 'method' | 'path'>,
): Operation | undefined {
  const bare = path.split('?')[0].replace(/(?<=.)\/$/, '')
  const fitting = Object.keys(document.paths).filter((template) =>
    new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+?')}$`, 'i').test(bare),
  )
  const best = fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0]
  return best === undefined ? undefined : document.paths[best][method.toLowerCase()]
}

/** Ways in which a request is spoilt. */
const SPOILS = ['query', 'path', 'body', 'type', 'token', 'method', 'header', 'json', 'bytes', 'extra'] as const

/** A request of the operation; a spoilt one differs from a good one in one to three places. */
export function requestFor(
  at: { readonly path: string; readonly method: string },
  supplies: Supplies,
  spoilt: boolean,
): Request {
  const { chance, document } = supplies
  const operation = document.paths[at.path][at.method]
  const draft = draftOf(operation, supplies)
  if (spoilt) for (let i = chance.below(3); i >= 0; i--) spoil(draft, supplies)
  const path = at.path.replace(/\{(\w+)\}/g, (_, name) => encoded(draft.path[name] ?? 'x'))
  const query = draft.query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
  return {
    method: draft.method ?? at.method.toUpperCase(),
    path: `${path}${draft.suffix}${query === '' ? '' : `?${query}`}`,
    headers: draft.headers,
    ...(draft.body !== undefined && { body: draft.body }),
  }
}

interface Draft {
  readonly path: Record<string, string>
  query: [string, string][]
  readonly headers: Record<string, string>
  body: Uint8Array | undefined
  json: unknown
  method?: string
  suffix: string
}

function draftOf(operation: Operation, supplies: Supplies): Draft {
  const { chance, tokens } = supplies
  const known = chance.oneIn(2) ? supplies.right[operation.operationId] : undefined
  const draft: Draft = { path: {}, query: [], headers: {}, body: undefined, json: undefined, suffix: '' }
  if (operation.security.length > 0 || chance.oneIn(4)) draft.headers.authorization = `Bearer ${chance.of(tokens)}`
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (!required && chance.oneIn(2)) continue
    const right = rightFor(known, place, { name, isSecond: Object.keys(draft.path).length > 0 })
    const value = right === undefined ? String(valueFor(schema, supplies)) : chance.of(right)
    if (place === 'path') draft.path[name] = value
    else if (place === 'query') draft.query.push([name, value])
    else draft.headers[name] = value
  }
  addBody(draft, operation, supplies)
  return draft
}

function rightFor(
  known: Supplies['right'][string] | undefined,
  place: string,
  { name, isSecond }: { readonly name: string; readonly isSecond: boolean },
): readonly string[] | undefined {
  if (place === 'path') return isSecond ? known?.seconds : known?.path
  const value = place === 'query' ? known?.query?.[name] : undefined
  return value === undefined ? undefined : [value]
}

function addBody(draft: Draft, operation: Operation, supplies: Supplies): void {
  const { chance, files } = supplies
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  if (type === undefined) return
  draft.headers['content-type'] = type
  const bodies = chance.oneIn(2) ? supplies.right[operation.operationId]?.bodies : undefined
  if (content?.schema === undefined) draft.body = chance.of(files[type] ?? [new Uint8Array(8)])
  else setJson(draft, bodies === undefined ? valueFor(content.schema, supplies) : chance.of(bodies))
}

function setJson(draft: Draft, value: unknown): void {
  draft.json = value
  draft.body = new TextEncoder().encode(JSON.stringify(value))
}

function spoil(draft: Draft, supplies: Supplies): void {
  const { chance } = supplies
  switch (chance.of(SPOILS)) {
    case 'query': {
      const at = chance.below(draft.query.length + 1)
      draft.query[at] = [draft.query[at]?.[0] ?? oddText(supplies), oddText(supplies)]
      if (chance.oneIn(3)) draft.query.push(draft.query[at])
      return
    }
    case 'path': {
      const name = Object.keys(draft.path)[0]
      if (name === undefined) draft.suffix = `/${encoded(oddText(supplies))}`
      else draft.path[name] = oddText(supplies)
      return
    }
    case 'token':
      draft.headers.authorization = chance.of(['', 'Bearer', 'Basic Og==', `Bearer ${'a'.repeat(200)}`, 'Bearer a.b.c'])
      return
    case 'method':
      draft.method = chance.of(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST', 'GET'])
      return
    case 'header':
      draft.headers['Idempotency-Key'] = chance.of(['a'.repeat(500), ' ', '"', 'k'])
      return
    default:
      spoilBody(draft, supplies)
  }
}

function spoilBody(draft: Draft, supplies: Supplies): void {
  const { chance } = supplies
  const kind = chance.below(5)
  if (kind === 0) draft.headers['content-type'] = chance.of(['text/plain', '', 'application/json; charset=utf-7', 'a'])
  else if (kind === 1)
    draft.body = chance.of([new Uint8Array(0), new TextEncoder().encode('{"a":'), new Uint8Array(70_000)])
  else if (kind === 2) draft.headers['content-encoding'] = chance.of(['gzip', 'br', 'x'])
  else if (draft.json !== undefined) setJson(draft, spoiltJson(draft.json, supplies))
  else if (draft.body !== undefined) draft.body = flipped(draft.body, supplies)
}

function spoiltJson(value: unknown, supplies: Supplies): unknown {
  const { chance } = supplies
  if (typeof value !== 'object' || value === null || chance.oneIn(6)) return oddValue(supplies)
  // An odd new password may be a good one, and the user could not log in again.
  const members = Object.entries(value).filter(([name]) => name !== 'newPassword')
  if (chance.oneIn(3) || members.length === 0) return { ...value, [oddText(supplies)]: oddValue(supplies) }
  const [name] = chance.of(members)
  return chance.oneIn(3)
    ? Object.fromEntries(Object.entries(value).filter(([one]) => one !== name))
    : { ...value, [name]: oddValue(supplies) }
}

function flipped(bytes: Uint8Array, { chance }: Supplies): Uint8Array {
  if (chance.oneIn(3)) return bytes.slice(0, chance.below(bytes.length + 1))
  const copy = bytes.slice()
  for (let i = chance.below(20); i >= 0 && copy.length > 0; i--) copy[chance.below(copy.length)] = chance.below(256)
  return copy
}

/** Percent-encoded; what is no Unicode is sent as it would be by who has no better way. */
function encoded(text: string): string {
  return encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)))
}
