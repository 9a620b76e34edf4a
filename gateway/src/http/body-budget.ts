import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { HttpError } from './http-error'

/** How many of the largest bodies are in memory at once, for each kind of caller. */
const BODIES_AT_ONCE = 4

/** Counts the bytes of bodies under way. */
export interface Budget {
  used: number
  readonly max: number
}

/** Wraps a body reader so that all bodies read by it share one budget. */
export type Budgeted = (reader: RequestHandler) => RequestHandler

/**
 * Bounds what bodies under way take of memory. Bytes count when they arrive, not when they are promised: whoever only
 * opens connections takes nothing from others. They count until the request is answered or given up.
 * The reader passes on {@link HttpError} `TOO_BUSY` and cuts off a body for which there is no room.
 * @param largest - bytes of the largest body.
 */
export function bodyBudget(largest: number): Budgeted {
  const budget: Budget = { used: 0, max: BODIES_AT_ONCE * largest }
  return (reader) => (request, response, next) => readWithin(budget, reader, { request, response, next })
}

interface Call {
  readonly request: Request
  readonly response: Response
  readonly next: NextFunction
}

function readWithin(budget: Budget, reader: RequestHandler, { request, response, next }: Call): void {
  let mine = 0
  let refused = false
  request.on('data', (chunk: Uint8Array) => {
    mine += chunk.length
    budget.used += chunk.length
    if (refused || budget.used <= budget.max) return
    refused = true
    request.pause()
    response.setHeader('Connection', 'close')
    next(new HttpError('TOO_BUSY', 'too many files are being sent at once'))
  })
  response.once('close', () => {
    budget.used -= mine
    mine = 0
  })
  reader(request, response, (error) => {
    if (!refused) next(error)
  })
}
