import { once } from 'node:events'
import express, { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import type { Person } from '../people/users'
import { type Budgeted, bodyBudget } from './body-budget'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { readInput } from './input'
import { problemOf } from './problem'
import { routeOf } from './request-watch'
import { type Access, type Answer, type BodyKind, type Call, isOpen, type Route, type Stream } from './route'

const MAX_JSON_BYTES = 64 << 10

/** All routes behind the one guard: who may call is decided before anything of the body is read. */
export function routerOf(routes: readonly Route[], deps: AppDeps): Router {
  const router = Router()
  // Two budgets: strangers' files must not keep users from theirs.
  const largest = Math.max(deps.maxPdfBytes, ...routes.map(({ body }) => (body === 'none' ? 0 : (body.maxBytes ?? 0))))
  const [strangers, users] = [bodyBudget(deps.maxPdfBytes), bodyBudget(largest)]
  for (const route of routes) {
    const budgeted = isOpen(route) ? strangers : users
    router[route.method](
      route.path,
      guard(route.access, deps),
      inputReader(route),
      bodyReader(route.body, budgeted),
      async (request, response) => {
        const call: Call = { ...response.locals.read, body: bodyOf(request, route.body), request }
        await send(response, await route.handle(call, response.locals.person as Person | undefined))
      },
    )
  }
  for (const path of new Set(routes.map((route) => route.path))) router.all(path, refuseMethod(path, routes))
  return router
}

/** RFC 9110 15.5.6: the address is right, the method is not. */
function refuseMethod(path: string, routes: readonly Route[]): RequestHandler {
  const methods = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return (_request, response) => {
    response.setHeader('Allow', allowed)
    throw new HttpError('METHOD_UNKNOWN', `this address takes ${allowed}`, { allowed })
  }
}

function guard(access: Access, { people }: AppDeps): RequestHandler {
  return async (request, response, next) => {
    if (access === 'public' || access === 'capability' || access === 'operator') return next()
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined) throw new HttpError('LOGIN_REQUIRED', 'this route is for users')
    const person = await people.person(token)
    // Who was refused belongs into the log, too.
    response.locals.person = person
    if (access !== 'user' && !access.some((role) => person.roles.includes(role))) {
      throw new HttpError('ROLE_REQUIRED', `this needs the role ${access.join(' or ')}`, { roles: access.join(' ') })
    }
    next()
  }
}

function bodyReader(body: BodyKind, budgeted: Budgeted): RequestHandler {
  if (body === 'none') return (_request, _response, next) => next()
  const [type, reader] =
    body.kind === 'json'
      ? ['application/json', jsonReader(body.maxBytes, budgeted)]
      : [body.type, budgeted(express.raw({ type: body.type, limit: body.maxBytes, inflate: false }))]
  return (request, response, next) => {
    if (!request.is(type)) throw new HttpError('MEDIA_TYPE_UNSUPPORTED', `this route takes ${type}`, { type })
    reader(request, response, next)
  }
}

function jsonReader(maxBytes: number | undefined, budgeted: Budgeted): RequestHandler {
  const reader = express.json({ limit: maxBytes ?? MAX_JSON_BYTES })
  return maxBytes === undefined ? reader : budgeted(reader)
}

/** What stands before the body: a request that is wrong there is refused unread. */
function inputReader({ params, query, headers }: Route): RequestHandler {
  return (request, response, next) => {
    const sent = Object.fromEntries(Object.keys(headers?.shape ?? {}).map((name) => [name, request.get(name)]))
    response.locals.read = {
      params: params && readInput(params, request.params),
      query: query && readInput(query, request.query),
      headers: headers && readInput(headers, sent),
    }
    next()
  }
}

/** The body as {@link bodyReader} left it. */
function bodyOf(request: Request, body: BodyKind): unknown {
  if (body === 'none') return undefined
  if (body.kind === 'json') return readInput(body.schema, request.body)
  // Without a body the reader leaves something else than a Buffer.
  return Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array(0)
}

async function send(response: Response, { status = 200, headers = {}, body }: Answer): Promise<void> {
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers })
  if ('json' in body) response.json(body.json)
  else if ('bytes' in body) response.type(body.type).end(body.bytes)
  else await sendStream(response.type(body.type), body)
}

/** As fast as it is read: a slow reader holds up nothing but its own stream. */
async function sendStream(response: Response, { stream }: Stream): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.flushHeaders()
  // RFC 9110 9.3.2: what would be sent is not.
  if (response.req.method !== 'HEAD') {
    for await (const text of stream(gone.signal)) {
      if (gone.signal.aborted || response.writableEnded) return
      if (!response.write(text)) await drained(response, gone.signal)
    }
  }
  response.end()
}

async function drained(response: Response, gone: AbortSignal): Promise<void> {
  await Promise.race([once(response, 'drain', { signal: gone }), once(response, 'close', { signal: gone })]).catch(
    () => {
      // Its only rejections are the reader's going away, which ends the stream.
    },
  )
}

/** RFC 9457 for every error; nothing else of it leaves the house. */
export function problems({ onFault }: AppDeps) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const id = String(response.locals.requestId)
    const problem = problemOf(error, id)
    response.locals.code = problem.code
    if (problem.status >= 500) onFault(error, { id, method: request.method, route: routeOf(request) })
    if (response.headersSent) {
      next(error)
      return
    }
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
    if (problem.status === 503 || problem.status === 429) response.setHeader('Retry-After', '5')
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  }
}
