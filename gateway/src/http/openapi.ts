import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { type JsonSchema, jsonSchemas, namedSchemas, referenceTo } from './json-schemas'
import { PROBLEMS } from './problems'
import { type Access, type AnswerKind, type BodyKind, isOpen, problemsOf, type Route } from './route'
import { ProblemShape } from './shapes/problem-shape'

/** OpenAPI 3.1.1: what this gateway takes and answers. */
export interface OpenApi {
  readonly openapi: '3.1.1'
  readonly info: Readonly<Record<string, unknown>>
  readonly servers: readonly { readonly url: string }[]
  /** By path with `{parameters}`, then by method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: RequestBody
  readonly responses: Readonly<Record<string, Response>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: JsonSchema
  readonly description?: string
}

export interface RequestBody {
  readonly required: true
  readonly description?: string
  readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>>
}

export interface Response {
  readonly description: string
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>>
}

const INFO = {
  title: 'Cinnabar',
  version: '1',
  summary: 'Electronic seals on a consortium ledger: seal, timestamp, record, verify.',
  description:
    'Refusals are RFC 9457 problems with a `code` that stays and an `advice`. Answers may gain members; the ones here stay. ' +
    'Every answer carries `X-Request-Id`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}
const PROBLEM_TYPE = 'application/problem+json'
const PROBLEM = referenceTo(ProblemShape)

/** The document of a table of routes. */
export function openApiOf(routes: readonly Route[]): OpenApi {
  const made = schemasOf(routes)
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route, made) }
  }
  return {
    openapi: '3.1.1',
    info: INFO,
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The token of `POST /v1/sessions`.',
        },
      },
    },
  }
}

/** JSON Schemas of all that routes read and answer, by operation and part. */
interface Made {
  readonly input: ReadonlyMap<string, JsonSchema>
  readonly output: ReadonlyMap<string, JsonSchema>
}

function schemasOf(routes: readonly Route[]): Made {
  const parts = routes.flatMap((route) =>
    partsOf(route).map(([part, schema]) => [`${route.operation} ${part}`, schema] as const),
  )
  return { input: jsonSchemas(new Map(parts), 'input'), output: jsonSchemas(new Map(parts), 'output') }
}

function partsOf({ params, query, headers, body, answers }: Route): readonly (readonly [string, z.ZodType])[] {
  const all: readonly (readonly [string, z.ZodType | undefined])[] = [
    ['path', params],
    ['query', query],
    ['header', headers],
    ['body', body !== 'none' && body.kind === 'json' ? body.schema : undefined],
    ...Object.entries(answers).map(([status, { json }]) => [status, json] as const),
  ]
  return all.flatMap(([part, schema]) => (schema === undefined ? [] : [[part, schema] as const]))
}

function operationOf(route: Route, made: Made): Operation {
  const { operation, tag, summary, description, body } = route
  const requestBody = bodyOf(body, made.input.get(`${operation} body`))
  return {
    operationId: operation,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: securityOf(route.access),
    parameters: (['path', 'query', 'header'] as const).flatMap((place) => parametersOf(operation, place, made)),
    ...(requestBody && { requestBody }),
    responses: responsesOf(route, made),
  }
}

/** A requirement for each role: any one of them is enough. */
function securityOf(access: Access): Operation['security'] {
  if (isOpen({ access })) return []
  return Array.isArray(access) ? access.map((role) => ({ session: [role] })) : [{ session: [] }]
}

/** What may be left out is seen in what is sent, what a member must be in what is read. */
function parametersOf(operation: string, place: Parameter['in'], { input, output }: Made): readonly Parameter[] {
  const sent = input.get(`${operation} ${place}`)
  const read = output.get(`${operation} ${place}`)
  const required = (sent?.required ?? []) as readonly string[]
  return Object.entries((read?.properties ?? {}) as Readonly<Record<string, JsonSchema>>).map(([name, schema]) => {
    const { description, ...rest } = schema
    return {
      name,
      in: place,
      required: required.includes(name),
      schema: rest,
      ...(typeof description === 'string' && { description }),
    }
  })
}

function bodyOf(body: BodyKind, schema: JsonSchema | undefined): RequestBody | undefined {
  if (body === 'none') return undefined
  if (body.kind === 'json')
    return { required: true, content: { 'application/json': schema === undefined ? {} : { schema } } }
  const content = { [body.type]: {}, ...(body.anyType && { '*/*': {} }) }
  return { required: true, description: `At most ${body.maxBytes} bytes.`, content }
}

function responseOf({ description, type, headers }: AnswerKind, schema: JsonSchema | undefined): Response {
  const content =
    schema === undefined ? { [type ?? 'application/octet-stream']: {} } : { 'application/json': { schema } }
  const shown = Object.entries(headers ?? {}).map(([name, says]) => [
    name,
    { description: says, schema: { type: 'string' } },
  ])
  return { description, ...(headers && { headers: Object.fromEntries(shown) }), content }
}

/** All that the route answers with on purpose; under one status there may be an answer and a refusal. */
function responsesOf(route: Route, { output }: Made): Readonly<Record<string, Response>> {
  const found: Record<string, Response> = {}
  for (const [status, kind] of Object.entries(route.answers)) {
    found[status] = responseOf(kind, output.get(`${route.operation} ${status}`))
  }
  const codes = problemsOf(route)
  for (const status of new Set(codes.map((code) => PROBLEMS[code].status))) {
    const refused = refusal(
      status,
      codes.filter((code) => PROBLEMS[code].status === status),
    )
    const answer = found[status]
    found[status] = answer === undefined ? refused : { ...answer, content: { ...answer.content, ...refused.content } }
  }
  return { ...found, default: fault() }
}

function refusal(status: number, codes: readonly string[]): Response {
  const schema = {
    allOf: [PROBLEM, { properties: { code: { enum: codes } } }],
  }
  return { description: STATUS_CODES[status] ?? 'Refused', content: { [PROBLEM_TYPE]: { schema } } }
}

function fault(): Response {
  const content = { [PROBLEM_TYPE]: { schema: PROBLEM } }
  return { description: 'A fault of the server, or it is too busy (503, with Retry-After)', content }
}
