import { join } from 'node:path'
import express, { type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import type { AppDeps } from './deps'

/** The page's own script and style only; workers and pictures that it makes itself; nothing to or from elsewhere. */
const CSP = {
  defaultSrc: ["'none'"],
  // The viewer decodes JPEG 2000 by WebAssembly.
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:', 'blob:'],
  workerSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
}

/** Headers that keep other sites out of the page. */
export function safeHeaders({ https }: AppDeps): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: CSP },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  })
}

/** The built page; at `/s/:id`, where QR codes lead, it shows that seal's facts. */
export function pages(webFolder: string): Router {
  const router = Router()
  router.get('/s/:id', (_request, response) => response.sendFile(join(webFolder, 'index.html'), { maxAge: 0 }))
  // To be kept: opened from here its own script is refused, and the operator could serve another one tomorrow.
  router.get('/verify.html', (_request, response) =>
    response.download(join(webFolder, 'verify.html'), 'verify.html', { maxAge: 0 }),
  )
  // Their names change with their content.
  router.use('/assets', express.static(join(webFolder, 'assets'), { immutable: true, maxAge: '1y', redirect: false }))
  router.use(express.static(webFolder, { index: 'index.html', redirect: false, dotfiles: 'deny', maxAge: 0 }))
  return router
}
