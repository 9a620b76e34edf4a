import { join } from 'node:path'
import express, { type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import type { AppDeps } from './deps'

/** The page's own script and style only; workers and pictures that it makes itself; nothing to or from elsewhere. */
const CSP = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
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
  router.use(express.static(webFolder, { index: 'index.html', redirect: false, dotfiles: 'deny', maxAge: 0 }))
  return router
}
