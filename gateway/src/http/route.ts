import type { Request } from 'express'
import { z } from 'zod'
import type { Person, Role } from '../people/users'
import { HttpError } from './http-error'

/** Who may call: everybody; who holds the random id in the address; any user; users who have one of the roles. */
export type Access = 'public' | 'capability' | 'user' | readonly Role[]

/** The body that a route reads; what is larger, or of another type, is refused. */
export type BodyKind =
  | 'none'
  | { readonly kind: 'json' }
  | { readonly kind: 'bytes'; readonly type: string; readonly maxBytes: number }

/** What a route answers with. */
export interface Answer {
  /** 200 unless given. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, or bytes with their type. */
  readonly body: { readonly json: unknown } | { readonly bytes: Uint8Array; readonly type: string }
}

/** One address: who may call it and what it does. The whole list is the matrix of who may do what. */
export interface Route {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly access: Access
  readonly body: BodyKind
  /** @param person - undefined exactly where access is `public` or `capability`. */
  handle(request: Request, person: Person | undefined): Promise<Answer>
}

type OpenRoute = Omit<Route, 'access' | 'handle' | 'body'> & {
  readonly access: 'public' | 'capability'
  readonly body?: BodyKind
  handle(request: Request): Promise<Answer>
}

/** A route without log-in. */
export function openRoute(route: OpenRoute): Route {
  return { body: 'none', ...route }
}

type GuardedRoute = Omit<Route, 'access' | 'handle' | 'body'> & {
  readonly access: 'user' | readonly Role[]
  readonly body?: BodyKind
  handle(request: Request, person: Person): Promise<Answer>
}

/** A route for users: without a log-in, or without one of the roles, it is not called. */
export function guardedRoute(route: GuardedRoute): Route {
  return {
    body: 'none',
    ...route,
    handle: (request, person) => {
      if (person === undefined) throw new HttpError('LOGIN_REQUIRED', 'this route is for users')
      return route.handle(request, person)
    },
  }
}

export function json(value: unknown): Answer {
  return { body: { json: value } }
}

export function bytes(value: Uint8Array, type: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { headers, body: { bytes: value, type } }
}

/**
 * Input by its schema.
 * @throws {@link HttpError} `REQUEST_INVALID` that names the first member at fault.
 */
export function readInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new HttpError('REQUEST_INVALID', `${path || 'the body'}: ${issue?.message ?? 'not as expected'}`, { path })
}

/** A path parameter. @throws {@link HttpError} `REQUEST_INVALID` unless it is plain text of at most 130 characters. */
export function parameter(request: Request, name: string): string {
  const schema = z.string().min(1).max(130)
  return readInput(z.object({ [name]: schema }), { [name]: request.params[name] })[name]
}
