import { z } from 'zod'
import { NAMED } from './shapes/named'

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>

const COMPONENTS = '#/components/schemas/'

/** Which side of a schema: what is sent, defaults left out, or what is read and answered. */
export type Side = 'input' | 'output'

/** The schemas as JSON Schemas, by the same names; shapes with a name of their own become references. */
export function jsonSchemas(schemas: ReadonlyMap<string, z.ZodType>, side: Side): ReadonlyMap<string, JsonSchema> {
  const registry = z.registry<{ readonly id: string }>()
  for (const [id, schema] of NAMED) registry.add(schema, { id })
  for (const [id, schema] of schemas) if (!registry.has(schema)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { io: side, uri: (id) => `${COMPONENTS}${id}`, override }).schemas
  const found = [...schemas].map(([id, schema]) => {
    const name = registry.get(schema)?.id ?? id
    return [id, NAMED.has(name) ? { $ref: `${COMPONENTS}${name}` } : plain(made[name] ?? {})] as const
  })
  return new Map(found)
}

/** What stands for a shape that has a name. */
export function referenceTo(shape: z.ZodType): JsonSchema {
  const [name] = [...NAMED].find(([, one]) => one === shape) ?? []
  return { $ref: `${COMPONENTS}${name}` }
}

/** The shapes that have names. */
export function namedSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ readonly id: string }>()
  for (const [id, schema] of NAMED) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: (id) => `${COMPONENTS}${id}`, override })
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]))
}

function plain({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema
}

/**
 * Answers may gain members within a version: a client must not refuse those. Requests with unknown members are refused,
 * and their schemas say so.
 */
function override({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes
  jsonSchema: z.core.JSONSchema.BaseSchema
}) {
  const { def } = zodSchema._zod
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties
}
