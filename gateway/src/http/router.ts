import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import express, { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import type { Person } from '../people/users'

import { type Budget, type Budgeted, bodyBudget } from './body-budget'
import type { AppDeps } from './deps'
import { fileOfBody, fileReader, goOn, lingerOn } from './file-body'
import { guards } from './guard'
import { HttpError } from './http-error'
import { readInput } from './input'
import { problemOf } from './problem'
import { routeOf } from './request-watch'
import { type Answer, type BodyKind, type Call, isOpen, type Route, type Stream } from './route'

const MAX_JSON_BYTES = 64 << 10

/** All routes behind the one guard: who may call is decided before anything of the body is read. */
export function routerOf(routes: readonly Route[], deps: AppDeps): Router {
  const router = Router()
  // Two budgets: strangers' files must not keep users from theirs.
  const [strangers, users] = [roomFor(routes.filter(isOpen)), roomFor(routes.filter((route) => !isOpen(route)))]
  const guard = guards(deps)
  for (const route of routes) {
    router[route.method](
      route.path,
      guard(route.access),
      inputReader(route),
      bodyReader(route.body, isOpen(route) ? strangers : users, deps),
      async (request, response) => {
        const call: Call = { ...response.locals.read, body: bodyOf(request, response, route.body), request }
        const person = response.locals.person as Person | undefined
        await send(response, await dropping(response, route.body, () => route.handle(call, person)))
      },
    )
  }
  for (const path of new Set(routes.map((route) => route.path))) router.all(path, refuseMethod(path, routes))
  return router
}

/** What bodies under way may take, of memory and of the disk. */
interface Room {
  readonly memory: Budgeted
  readonly disk: Budget
}

/** How many of the largest files are on their way at once, for each kind of caller. */
const FILES_AT_ONCE = 16
const MIN_MEMORY_BYTES = 4 << 20

function roomFor(routes: readonly Route[]): Room {
  const largest = (kinds: readonly string[]) =>
    Math.max(0, ...routes.map(({ body }) => (body !== 'none' && kinds.includes(body.kind) ? (body.maxBytes ?? 0) : 0)))
  return {
    memory: bodyBudget(Math.max(MIN_MEMORY_BYTES, largest(['json', 'bytes']))),
    disk: { used: 0, max: FILES_AT_ONCE * largest(['file']) },
  }
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

const IDLE_MS = 30_000

function bodyReader(body: BodyKind, room: Room, deps: AppDeps): RequestHandler {
  if (body === 'none') return (_request, _response, next) => next()
  const type = body.kind === 'json' ? 'application/json' : body.type
  const reader = readerOf(body, room, deps)
  const isAny = body.kind !== 'json' && body.anyType === true
  return (request, response, next) => {
    if (!isAny && !request.is(type)) throw new HttpError('MEDIA_TYPE_UNSUPPORTED', `this route takes ${type}`, { type })
    return reader(request, response, next)
  }
}

function readerOf(body: Exclude<BodyKind, 'none'>, { memory, disk }: Room, deps: AppDeps): RequestHandler {
  switch (body.kind) {
    case 'json':
      return goingOn(jsonReader(body.maxBytes, memory))
    case 'bytes':
      return goingOn(memory(express.raw({ type: () => true, limit: body.maxBytes, inflate: false })))
    case 'file': {
      const { env, idleTimeoutMs: idleMs = IDLE_MS } = deps
      return fileReader({ maxBytes: body.maxBytes, idleMs, files: env.files, budget: disk })
    }
  }
}

function goingOn(reader: RequestHandler): RequestHandler {
  return (request, response, next) => {
    goOn(request, response)
    return reader(request, response, next)
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
function bodyOf(request: Request, response: Response, body: BodyKind): unknown {
  if (body === 'none') return undefined
  if (body.kind === 'file') return fileOfBody(response)
  if (body.kind === 'json') return readInput(body.schema, request.body)
  // Without a body the reader leaves something else than a Buffer.
  return Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array(0)
}

/** A file that the route did not keep is gone before the answer. */
async function dropping<T>(response: Response, body: BodyKind, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    if (body !== 'none' && body.kind === 'file') await fileOfBody(response).drop()
  }
}

async function send(response: Response, { status = 200, headers = {}, body }: Answer): Promise<void> {
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers })
  if ('json' in body) response.json(body.json)
  else if ('bytes' in body) response.type(body.type).end(body.bytes)
  else if ('file' in body) {
    response.type(body.type).set('Content-Length', String(body.file.bytes))
    await sendPieces(response, body.file.pieces)
  } else await sendStream(response.type(body.type), body)
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

async function sendPieces(response: Response, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await pipeline(pieces, response)
  } catch (cause) {
    // The client went away: nothing that anybody could mend.
    if ((cause as { readonly code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw cause
  }
}

const RETRY_AFTER_SECONDS = 5

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
    if (!request.complete) lingerOn(request, response)
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
    if (problem.status === 503 || problem.status === 429) {
      response.setHeader('Retry-After', String(problem.facts?.retryAfterSeconds ?? RETRY_AFTER_SECONDS))
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  }
}
