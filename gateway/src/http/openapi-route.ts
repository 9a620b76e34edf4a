import { z } from 'zod'
import { openApiOf } from './openapi'
import { json, openRoute, type Route } from './route'

/** `GET /openapi.json`: the document of all routes, this one included. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let made: unknown
  return openRoute({
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    operation: 'getOpenApi',
    tag: 'operation',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', json: z.looseObject({ openapi: z.string() }) } },
    async handle() {
      made ??= openApiOf(routes())
      return json(made)
    },
  })
}
