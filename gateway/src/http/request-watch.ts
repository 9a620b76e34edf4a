import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { stopwatch } from '../clock'
import type { Person } from '../people/users'

/**
 * One request as it ended, for log and metrics. Never its address as sent: ids in addresses open evidence, and queries name
 * files.
 */
export interface RequestEnd {
  readonly id: string
  readonly method: string
  /** As declared, with `:name` for parameters. */
  readonly route: string
  /** 499: the client went away before the answer. */
  readonly status: number
  readonly seconds: number
  /** Of a problem. */
  readonly code: string | undefined
  readonly person: Pick<Person, 'user' | 'institution'> | undefined
  readonly address: string | undefined
  /** As the client announced it. */
  readonly bodyBytes: number | undefined
}

/** Told of requests. */
export interface RequestWatch {
  begun(): void
  ended(end: RequestEnd): void
}

const GONE = 499
/** What no route and no page is at. */
const OTHER = 'other'

/** Gives each request an id, which its answer, its problem and its line in the log carry. */
export function requestIds(watch: RequestWatch | undefined): RequestHandler {
  return (request, response, next) => {
    const seconds = stopwatch()
    response.locals.requestId = randomUUID()
    response.setHeader('X-Request-Id', response.locals.requestId)
    watch?.begun()
    // Known now: a connection that is gone has no address.
    const address = request.ip
    response.once('close', () => watch?.ended(endOf(request, response, { seconds, address })))
    next()
  }
}

/** The route's pattern, never the address itself. */
export function routeOf(request: Request): string {
  const path: unknown = request.route?.path
  return typeof path === 'string' ? path : OTHER
}

function endOf(
  request: Request,
  response: Response,
  { seconds, address }: { readonly seconds: () => number; readonly address: string | undefined },
): RequestEnd {
  const { requestId: id, person, code } = response.locals
  const sent = Number(request.headers['content-length'])
  const found = routeOf(request)
  return {
    id,
    method: request.method,
    route: found === OTHER && response.statusCode < 400 ? 'page' : found,
    status: response.writableFinished ? response.statusCode : GONE,
    seconds: seconds(),
    code,
    person,
    address,
    bodyBytes: Number.isFinite(sent) ? sent : undefined,
  }
}
