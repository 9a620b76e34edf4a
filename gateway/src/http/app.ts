import express, { type Express } from 'express'
import { apiKeyRoutes, peopleEventRoutes } from './api-keys'
import { authorityRoutes } from './authorities'
import { bookRoutes } from './books'
import { bulkJobRoutes } from './bulk-jobs'
import { courtReportRoutes } from './court-reports'
import { depositRoutes } from './deposits'
import type { AppDeps } from './deps'
import { documentRoutes } from './documents'
import { evidenceRoutes } from './evidence'
import { healthRoutes } from './health'
import { HttpError } from './http-error'
import { jobRoutes } from './jobs'
import { logHeadRoutes } from './log-heads'
import { logRoutes } from './logs'
import { metricsRoutes } from './metrics-route'
import { openApiRoute } from './openapi-route'
import { pages, safeHeaders } from './page'
import { requestIds } from './request-watch'
import type { Route } from './route'
import { problems, routerOf } from './router'
import { sealCertificateRoutes } from './seal-certificates'
import { sealRoutes } from './seals'
import { sessionRoutes } from './sessions'
import { trustRoutes } from './trust'
import { userRoutes } from './users'
import { validationRoutes } from './validations'
import { verificationRoutes } from './verifications'
import { webhookRoutes } from './webhooks'

/** Every address with who may call it. */
export function routesOf(deps: AppDeps): readonly Route[] {
  const routes: Route[] = [
    ...sessionRoutes(deps),
    ...userRoutes(deps),
    ...apiKeyRoutes(deps),
    ...peopleEventRoutes(deps),
    ...sealRoutes(deps),
    ...bookRoutes(deps),
    ...sealCertificateRoutes(deps),
    ...documentRoutes(deps),
    ...jobRoutes(deps),
    ...bulkJobRoutes(deps),
    ...depositRoutes(deps),
    ...evidenceRoutes(deps),
    ...logRoutes(deps),
    ...logHeadRoutes(deps),
    ...trustRoutes(deps),
    ...verificationRoutes(deps),
    ...validationRoutes(deps),
    ...courtReportRoutes(deps),
    ...authorityRoutes(deps),
    ...webhookRoutes(deps),
    ...healthRoutes(deps),
    ...metricsRoutes(deps),
    openApiRoute(() => routes),
  ]
  return routes
}

/** The routes as declared, of a gateway with these limits; not to be called. */
export function declaredRoutes(maxPdfBytes: number): readonly Route[] {
  const surroundings = { env: {}, metrics: {}, tsas: [], maxPdfBytes, maxBulkDocuments: 1000, maxBulkBytes: 1 << 30 }
  return routesOf(surroundings as unknown as AppDeps)
}

/** The gateway's HTTP side: routes, page, and problems for everything else. */
export function createApp(deps: AppDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  if (deps.trustProxy !== undefined) app.set('trust proxy', deps.trustProxy)
  app.use(requestIds(deps.watch), safeHeaders(deps), routerOf(routesOf(deps), deps))
  if (deps.webFolder !== undefined) app.use(pages(deps.webFolder))
  app.use(() => {
    throw new HttpError('ROUTE_UNKNOWN', 'there is nothing at this address')
  })
  app.use(problems(deps))
  return app
}
