import type { Request } from 'express'
import type { z } from 'zod'
import type { Person, Role } from '../people/users'
import type { IncomingFile, StreamedFile } from '../store/store'
import { HttpError } from './http-error'
import type { ProblemCode } from './problem-codes'

/*
 * To add a route: in the file of its noun, give `guardedRoute` (for users) or `openRoute` (for everybody) one declaration,
 * and list the file's function in `app.ts`. The declaration is all there is: requests are read by it before `handle` is
 * called, `/openapi.json`, the client in `client/` and `docs/authorisation.md` are made from it (`npm run api` writes them
 * anew), and tests hold every answer against it.
 *
 *   guardedRoute({
 *     method: 'get', path: '/v1/documents/:id', access: 'user',
 *     operation: 'getDocument', tag: 'documents', summary: 'A document and its revisions',
 *     params: z.object({ id: Id }),                        also: query, headers, body
 *     answers: { 200: { description: 'The document', json: DocumentShape } },
 *     problems: ['DOCUMENT_UNKNOWN'],                      beside those that access and input entail: problemsOf
 *     others: 'DOCUMENT_UNKNOWN',                          what users of another institution are told
 *     handle: async ({ params: { id } }, { institution }) => json(…),
 *   })
 *
 * Shapes of JSON that several routes share stand in `shapes/` under a name. A new problem code needs its line in
 * `problems.ts`. A POST that creates something takes `headers: IdempotencyKey` and gives the same answer to a repeat.
 */

/** Who may call without log-in: everybody; who holds the random id in the address; who runs the gateway, as the route finds. */
export type OpenAccess = 'public' | 'capability' | 'operator'
/** Who may call; besides: any user; users who have one of the roles. */
export type Access = OpenAccess | 'user' | readonly Role[]

/** The body that a route reads; what is larger, or of another type, is refused. */
export type BodyKind =
  | 'none'
  | {
      readonly kind: 'json'
      readonly schema: z.ZodType
      /** 64 KiB unless given; what may be larger shares the memory that bodies in bytes share. */
      readonly maxBytes?: number
    }
  | {
      /** In a `file` on the disk, for what may be large; else in memory. */
      readonly kind: 'bytes' | 'file'
      readonly type: string
      readonly maxBytes: number
      /** Files of every other type, and of none, are taken as well: `type` is what the client sends. */
      readonly anyType?: true
    }

/** A body as the handler gets it. */
type BodyOf<B> = B extends { readonly kind: 'json'; readonly schema: infer S }
  ? z.output<S>
  : B extends { readonly kind: 'bytes' }
    ? Uint8Array
    : B extends { readonly kind: 'file' }
      ? IncomingFile
      : undefined

/** What a route answers with. */
export interface Answer {
  /** 200 unless given. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, or bytes with their type, or a file piece by piece, or text that comes bit by bit. */
  readonly body:
    | { readonly json: unknown }
    | { readonly bytes: Uint8Array; readonly type: string }
    | { readonly file: StreamedFile; readonly type: string }
    | Stream
}

/** Text that comes bit by bit. */
export interface Stream {
  readonly type: string
  /** @param gone - aborted when nobody reads any more; then it ends soon. */
  readonly stream: (gone: AbortSignal) => AsyncIterable<string>
}

/** One kind of answer, for those who read about the route. */
export interface AnswerKind {
  readonly description: string
  /** Of a JSON answer. */
  readonly json?: z.ZodType
  /** Of an answer in bytes. */
  readonly type?: string
  /** What each header says that is not on every answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The parts of the documentation that routes stand in. */
export type Tag = 'people' | 'seals' | 'documents' | 'log' | 'verification' | 'authorities' | 'webhooks' | 'operation'

/** What a request says, read by the route's own schemas. */
export interface Call<P = unknown, Q = unknown, H = unknown, B = unknown> {
  readonly params: P
  readonly query: Q
  readonly headers: H
  readonly body: B
  /** For what no schema reads, such as the caller's address. */
  readonly request: Request
}

/** What is the same for every route, whatever it reads. */
interface Declaration {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As express has it: `:name` is a parameter. */
  readonly path: string
  /** A verb and its object, unique: the client's method. */
  readonly operation: string
  readonly tag: Tag
  /** One line. */
  readonly summary: string
  /** What one line cannot say. */
  readonly description?: string
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerKind>>
  /** Codes beside those that {@link problemsOf} adds; any fault, 500 and above, may come without being listed. */
  readonly problems?: readonly ProblemCode[]
}

/** One address: who may call it, what it reads, what it does and answers. The whole list is the matrix of who may do what. */
export interface Route extends Declaration {
  readonly access: Access
  readonly params?: z.ZodObject
  /** Without one, the query is not looked at. */
  readonly query?: z.ZodObject
  /** By their names as sent. */
  readonly headers?: z.ZodObject
  readonly body: BodyKind
  /** What users of another institution than the one whose thing is addressed are told; absent where nobody's is. */
  readonly others?: ProblemCode
  /** @param person - undefined exactly where access is an {@link OpenAccess}. */
  handle(call: Call, person: Person | undefined): Promise<Answer>
}

interface Reads<P, Q, H, B> {
  readonly params?: P
  readonly query?: Q
  readonly headers?: H
  readonly body?: B
}

/** Without a schema nothing is read. */
type Nothing = z.ZodObject<Record<never, never>>

interface OpenRoute<P, Q, H, B> extends Declaration, Reads<P, Q, H, B> {
  readonly access: OpenAccess
  handle(call: Call<z.output<P>, z.output<Q>, z.output<H>, BodyOf<B>>): Promise<Answer>
}

/** A route without log-in. */
export function openRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  const B extends BodyKind = 'none',
>(route: OpenRoute<P, Q, H, B>): Route {
  return {
    ...route,
    body: route.body ?? 'none',
    handle: (call) => route.handle(call as Parameters<typeof route.handle>[0]),
  }
}

interface GuardedRoute<P, Q, H, B> extends Declaration, Reads<P, Q, H, B> {
  readonly access: 'user' | readonly Role[]
  readonly others?: ProblemCode
  handle(call: Call<z.output<P>, z.output<Q>, z.output<H>, BodyOf<B>>, person: Person): Promise<Answer>
}

/** A route for users: without a log-in, or without one of the roles, it is not called. */
export function guardedRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  const B extends BodyKind = 'none',
>(route: GuardedRoute<P, Q, H, B>): Route {
  return {
    ...route,
    body: route.body ?? 'none',
    handle: (call, person) => {
      if (person === undefined) throw new HttpError('LOGIN_REQUIRED', 'this route is for users')
      return route.handle(call as Parameters<typeof route.handle>[0], person)
    },
  }
}

export function json(value: unknown): Answer {
  return { body: { json: value } }
}

export function bytes(value: Uint8Array, type: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { headers, body: { bytes: value, type } }
}

/** A file that may be large, as an answer. */
export function streamed(file: StreamedFile, type: string, headers: Readonly<Record<string, string>>): Answer {
  return { headers, body: { file, type } }
}

/** Whether anybody may call it without log-in. */
export function isOpen({ access }: Pick<Route, 'access'>): boolean {
  return access === 'public' || access === 'capability' || access === 'operator'
}

/** What whoever sends a token or key that does not count is told. */
const LOGGED_IN: readonly ProblemCode[] = [
  'LOGIN_REQUIRED',
  'SESSION_INVALID',
  'SESSION_EXPIRED',
  'SESSION_ENDED',
  'API_KEY_INVALID',
  'API_KEY_EXPIRED',
  'API_KEY_REVOKED',
]

/** Every code that the route refuses with: its own, and those that its access and what it reads entail. */
export function problemsOf({
  access,
  params,
  query,
  headers,
  body,
  problems = [],
  others,
}: Route): readonly ProblemCode[] {
  const reads = params ?? query ?? headers ?? (body === 'none' ? undefined : body)
  const entailed: readonly ProblemCode[] = [
    ...(reads === undefined ? [] : (['REQUEST_INVALID'] as const)),
    ...(body === 'none' ? [] : (['BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'] as const)),
    ...(body !== 'none' && body.kind === 'file' ? (['BODY_TOO_SLOW'] as const) : []),
    ...(access === 'operator' ? [] : (['RATE_LIMITED', 'TOO_MANY_AT_ONCE'] as const)),
    ...(isOpen({ access }) ? [] : LOGGED_IN),
    ...(Array.isArray(access) ? (['ROLE_REQUIRED'] as const) : []),
  ]
  return [...new Set([...entailed, ...problems, ...(others === undefined ? [] : [others])])]
}
