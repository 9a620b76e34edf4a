import type { Request, RequestHandler, Response } from 'express'
import type { FileStore, IncomingFile } from '../store/store'
import type { Budget } from './body-budget'
import { HttpError } from './http-error'

/** What one body in a file may be, and who takes it. */
export interface FileBody {
  readonly maxBytes: number
  /** Between two pieces of it. */
  readonly idleMs: number
  readonly files: Pick<FileStore, 'receive'>
  /** Bytes that bodies on the disk take together. */
  readonly budget: Budget
}

/** A refused body is read and thrown away for so long, so that the sender sees the answer; then it is cut off. */
const LINGER_MS = 2000

/**
 * Writes the body to the disk as it comes, so that neither a large file nor a slow sender takes memory. Whoever calls the
 * route drops it afterwards, whatever the route did. Passes on {@link HttpError} `BODY_TOO_LARGE`, before anything is read where
 * the length is announced; `MEDIA_TYPE_UNSUPPORTED` for an encoded one; `BODY_TOO_SLOW`; `TOO_BUSY`.
 */
export function fileReader(body: FileBody): RequestHandler {
  return async (request, response, next) => {
    response.locals.file = await fileFrom(request, response, body)
    next()
  }
}

/** The body as {@link fileReader} left it. */
export function fileOfBody(response: Response): IncomingFile {
  return response.locals.file as IncomingFile
}

async function fileFrom(request: Request, response: Response, body: FileBody): Promise<IncomingFile> {
  const { maxBytes, files } = body
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HttpError('MEDIA_TYPE_UNSUPPORTED', 'a file is sent as it is, without Content-Encoding')
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  goOn(request, response)
  return files.receive(piecesOf(request, response, body))
}

async function* piecesOf(
  request: Request,
  response: Response,
  { maxBytes, idleMs, budget }: FileBody,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  response.once('close', () => {
    budget.used -= bytes
    bytes = 0
  })
  // Left open when we stop reading: the refusal is still to be sent.
  const pieces = request.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      const { done, value } = await inTime(pieces.next(), idleMs)
      if (done) return
      const piece = value as Uint8Array
      bytes += piece.length
      budget.used += piece.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      if (budget.used > budget.max) throw new HttpError('TOO_BUSY', 'too many files are being sent at once')
      yield piece
    }
  } finally {
    // Not waited for: after a pause it ends with the connection only.
    void pieces.return?.()
  }
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError('BODY_TOO_LARGE', `the file is larger than ${maxBytes} bytes`, { maxBytes })
}

async function inTime<T>(piece: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new HttpError('BODY_TOO_SLOW', `nothing came for ${idleMs} ms`, { idleMs })
    timer = setTimeout(() => reject(error), idleMs)
  })
  try {
    return await Promise.race([piece, late])
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    throw new HttpError('REQUEST_INVALID', 'the sender went away', {}, cause)
  } finally {
    clearTimeout(timer)
  }
}

/** RFC 9110 10.1.1: who asked before sending the body hears that it is wanted. */
export function goOn(request: Request, response: Response): void {
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue()
}

/** Of a request that is refused before all of it was read: the sender has time to see the answer, and is cut off then. */
export function lingerOn(request: Request, response: Response): void {
  response.once('finish', () => {
    request.resume()
    setTimeout(() => request.complete || request.destroy(), LINGER_MS).unref()
  })
}
