import { Ajv2020 } from 'ajv/dist/2020'
import type { OpenApi, Operation } from '../src/http/openapi'

type Json = Readonly<Record<string, unknown>>

/** One answer, and to what. */
export interface Answered {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly text: string
}

/**
 * Holds answers against the document, as strictly as can be: here an answer has no member that the document does not
 * name, though clients are told that it may gain some.
 */
export function contractOf(document: OpenApi) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
  ajv.addVocabulary(['components'])
  ajv.addSchema({ $id: 'openapi.json', components: { schemas: closed(document.components.schemas) } } as Json)
  return {
    operationAt: (method: string, path: string) => operationAt(document, method, path),
    /** What is wrong with the answer; empty when nothing is. */
    faults({ method, path, status, type, text }: Answered): readonly string[] {
      const operation = operationAt(document, method, path)
      if (operation === undefined) return [`${method} ${path} is not in the document`]
      const response = operation.responses[status] ?? (status >= 500 ? operation.responses.default : undefined)
      if (response === undefined) return [`${method} ${path}: ${status} is not in the document: ${text.slice(0, 300)}`]
      const bare = type.split(';')[0]
      const content = response.content[bare]
      if (content === undefined) return [`${method} ${path}: ${status} as ${bare} is not in the document`]
      if (content.schema === undefined) return []
      const valid = ajv.compile(pointed(closed(content.schema)) as Json)
      if (valid(JSON.parse(text))) return []
      return [`${method} ${path}: ${status}: ${ajv.errorsText(valid.errors)}: ${text.slice(0, 300)}`]
    },
  }
}

/** The operation that an address of a request belongs to; of several, the one without a parameter there. */
export function operationAt(document: OpenApi, method: string, path: string): Operation | undefined {
  const bare = path.split('?')[0]
  const fitting = Object.keys(document.paths).filter((template) => patternOf(template).test(bare))
  const best = fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0]
  return best === undefined ? undefined : document.paths[best][method.toLowerCase()]
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+?')}$`)
}

/** Every object with named members has no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner: Json = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  const open = inner.type === 'object' && inner.properties !== undefined && inner.additionalProperties === undefined
  return open ? { ...inner, additionalProperties: false } : inner
}

/** References lead to the document, whatever schema they stand in. */
function pointed(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi.json#/components/'))
}
