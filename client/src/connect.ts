import { type Api, OPERATIONS, type OperationName, type Problem } from './api'
import { Refusal } from './refusal'

/** How a service is reached. */
export interface Connection {
  /** The address, with or without a slash at the end. */
  readonly url: string
  /** Of `logIn`; asked for with each request, so that it can be another one after a new log-in. */
  readonly token?: string | (() => string | undefined)
  /** Another `fetch` than the platform's. */
  readonly fetch?: typeof fetch
  /** How long one request may take; 60 s unless given: `wait` alone takes up to 30. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 60_000

/**
 * A client of the service: one method for each operation of its OpenAPI document, with all that the operation reads in one
 * object.
 * @example
 * const { token } = await connect({ url }).logIn({ body: { user, password } })
 * const service = connect({ url, token })
 * const { id } = await service.uploadDocument({ name: 'lease.pdf', body: pdf })
 */
export function connect(connection: Connection): Api {
  const names = Object.keys(OPERATIONS) as readonly OperationName[]
  const methods = names.map((name) => [name, (input?: Input) => ask(connection, OPERATIONS[name], input ?? {})])
  // The table and the interface are made from one document.
  return Object.fromEntries(methods)
}

type Input = Readonly<Record<string, unknown>>

interface Asked {
  readonly method: string
  /** With `{parameters}`. */
  readonly path: string
  readonly query: readonly string[]
  /** Names of headers by those of members. */
  readonly headers: Readonly<Record<string, string>>
  /** Media type of the body. */
  readonly sends?: string
  readonly gives: 'json' | 'bytes'
}

/** @throws {@link Refusal}; what `fetch` throws when there is no answer. */
async function ask(connection: Connection, asked: Asked, input: Input): Promise<unknown> {
  const url = addressOf(connection.url, asked, input)
  const { sends, method } = asked
  const body = sends === undefined ? undefined : sends === 'application/json' ? JSON.stringify(input.body) : input.body
  const response = await (connection.fetch ?? fetch)(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(connection.timeoutMs ?? TIMEOUT_MS),
    headers: headersOf(connection, asked, input),
    ...(body !== undefined && { body: body as BodyInit }),
  })
  if (!response.ok) throw new Refusal(response.status, await problemIn(response))
  return asked.gives === 'json' ? response.json() : new Uint8Array(await response.arrayBuffer())
}

function addressOf(base: string, { path, query }: Asked, input: Input): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])))
  const given = query.filter((name) => input[name] !== undefined).map((name) => [name, String(input[name])])
  const search = new URLSearchParams(given).toString()
  return `${base.replace(/\/+$/, '')}${filled}${search === '' ? '' : `?${search}`}`
}

function headersOf({ token }: Connection, { headers, sends }: Asked, input: Input): Record<string, string> {
  const bearer = typeof token === 'function' ? token() : token
  const own = Object.entries(headers).flatMap(([member, name]) =>
    input[member] === undefined ? [] : [[name, String(input[member])] as const],
  )
  return {
    ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    ...(sends !== undefined && { 'Content-Type': sends }),
    ...Object.fromEntries(own),
  }
}

/** Something in between may answer in another form. */
async function problemIn(response: Response): Promise<Partial<Problem>> {
  const isProblem = response.headers.get('Content-Type')?.startsWith('application/problem+json')
  return isProblem ? response.json() : {}
}
