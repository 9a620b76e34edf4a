import type { JsonSchema } from './json-schemas'
import type { OpenApi, Operation } from './openapi'

/** The TypeScript of `client/src/api.ts`: the shapes, the operations' types, and a table of what each operation sends. */
export function clientText({ paths, components }: OpenApi): string {
  const shapes = Object.entries(components.schemas).map(([name, schema]) => shapeText(name, schema))
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const methods = all.map(({ operation }) => methodText(operation))
  const rows = all.map(rowText)
  return `// Made from the OpenAPI document by \`npm run docs\`: not to be edited.
${shapes.join('\n')}
/** The operations of the service. Each throws {@link Refusal} with the service's code. */
export interface Api {
${methods.join('\n')}
}

/** How each operation is asked for. */
export const OPERATIONS = {
${rows.join('\n')}
} as const
export type OperationName = keyof typeof OPERATIONS
`
}

function shapeText(name: string, schema: JsonSchema): string {
  const says = typeof schema.description === 'string' ? `/** ${schema.description} */\n` : ''
  return `${says}export type ${name} = ${typeText(schema)}\n`
}

function methodText({ operationId, summary, parameters, requestBody, responses }: Operation): string {
  const members = parameters.map(({ name, required, schema, description }) =>
    memberText(memberOf(name), { ...schema, description }, required),
  )
  const [content] = Object.values(requestBody?.content ?? {})
  if (content !== undefined) {
    members.push(`readonly body: ${content.schema === undefined ? 'Uint8Array' : typeText(content.schema)}`)
  }
  const needsNone = requestBody === undefined && parameters.every(({ required }) => !required)
  const input = members.length === 0 ? '' : `input${needsNone ? '?' : ''}: {\n${members.join('\n')}\n}`
  const given = [...new Set(goodContents(responses).map((one) => (one.schema ? typeText(one.schema) : 'Uint8Array')))]
  return `/** ${summary}. */\n${operationId}(${input}): Promise<${given.join(' | ')}>`
}

function goodContents(responses: Operation['responses']) {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    status.startsWith('2') ? Object.values(content).slice(0, 1) : [],
  )
}

function rowText({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, parameters, requestBody, responses } = operation
  const named = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name)
  const headers = Object.fromEntries(named('header').map((name) => [memberOf(name), name]))
  const sends = Object.keys(requestBody?.content ?? {})[0]
  const gives = goodContents(responses).some(({ schema }) => schema !== undefined) ? 'json' : 'bytes'
  const row = { method, path, query: named('query'), headers, ...(sends && { sends }), gives }
  return `${operationId}: ${JSON.stringify(row)},`
}

/** `Idempotency-Key` becomes `idempotencyKey`. */
function memberOf(name: string): string {
  return name.replace(/^[A-Z]/, (first) => first.toLowerCase()).replace(/-(\w)/g, (_, next) => next.toUpperCase())
}

function memberText(name: string, schema: JsonSchema, required: boolean): string {
  const says = typeof schema.description === 'string' ? `/** ${schema.description} */\n` : ''
  return `${says}readonly ${name}${required ? '' : '?'}: ${typeText(schema)}${required ? '' : ' | undefined'}`
}

function typeText(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return schema.$ref.split('/').at(-1) ?? 'unknown'
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const choices = schema.oneOf ?? schema.anyOf
  if (Array.isArray(choices)) return choices.map(typeText).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ ...schema, type })).join(' | ')
  if (schema.type === 'integer') return 'number'
  if (schema.type === 'array') return `readonly (${typeText((schema.items ?? {}) as JsonSchema)})[]`
  if (schema.type === 'object') return objectText(schema)
  return typeof schema.type === 'string' ? schema.type : 'unknown'
}

function objectText({ properties, required = [], additionalProperties }: JsonSchema): string {
  const others = typeof additionalProperties === 'object' ? typeText(additionalProperties as JsonSchema) : 'unknown'
  if (properties === undefined) return `Readonly<Record<string, ${others}>>`
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(([name, schema]) =>
    memberText(
      /^\w+$/.test(name) ? name : JSON.stringify(name),
      schema,
      (required as readonly string[]).includes(name),
    ),
  )
  return `{\n${members.join('\n')}\n}`
}
