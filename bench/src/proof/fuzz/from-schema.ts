import type { Chance } from './random'

/** A JSON Schema, as far as the document uses them. */
export type Schema = Readonly<Record<string, unknown>>

/** What values are made with. */
export interface Making {
  readonly chance: Chance
  /** Text that means something here: ids, names, times. */
  readonly words: readonly string[]
  /** `components.schemas` of the document. */
  readonly named: Readonly<Record<string, Schema>>
}

/** Text that has been trouble elsewhere. */
const ODD_TEXT = [
  '',
  ' ',
  '\u0000',
  '\u202e0.fdp',
  '../../etc/passwd',
  '%00',
  '%2e%2e%2f',
  "' OR 1=1 --",
  '{"$gt":""}',
  '__proto__',
  'constructor',
  '\ud800',
  '💮'.repeat(40),
  'x'.repeat(5000),
  '-1',
  '1e400',
  '0x10',
  '9007199254740993',
  'NaN',
  '<script>',
  '2026-13-40T99:99:99Z',
]
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  { a: { a: {} } },
  ...ODD_TEXT,
]

/** A value that has nothing to do with any schema. */
export function oddValue({ chance }: Pick<Making, 'chance'>): unknown {
  return chance.of(ODD_VALUES)
}

/** Text that has nothing to do with any schema. */
export function oddText({ chance }: Pick<Making, 'chance'>): string {
  return chance.of(ODD_TEXT)
}

/** A value that fits the schema, as far as one can be made: of text with a pattern, a word that has it. */
export function valueFor(schema: Schema, making: Making): unknown {
  const { chance, named } = making
  if (typeof schema.$ref === 'string') return valueFor(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, making)
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return chance.of(schema.enum)
  const choices = schema.oneOf ?? schema.anyOf
  if (Array.isArray(choices)) return valueFor(chance.of(choices), making)
  switch (schema.type) {
    case 'object':
      return objectFor(schema, making)
    case 'array':
      return Array.from({ length: lengthFor(schema, making) }, () => valueFor((schema.items ?? {}) as Schema, making))
    case 'integer':
      return Math.floor(numberFor(schema, making))
    case 'number':
      return numberFor(schema, making)
    case 'boolean':
      return chance.oneIn(2)
    case 'null':
      return null
    default:
      return textFor(schema, making)
  }
}

function objectFor({ properties = {}, required = [] }: Schema, making: Making): unknown {
  const all = Object.entries(properties as Readonly<Record<string, Schema>>)
  const chosen = all.filter(([name]) => (required as readonly string[]).includes(name) || making.chance.oneIn(2))
  return Object.fromEntries(chosen.map(([name, schema]) => [name, valueFor(schema, making)]))
}

function lengthFor({ minItems = 0, maxItems = 4 }: Schema, { chance }: Making): number {
  const [min, max] = [Number(minItems), Math.min(Number(maxItems), Number(minItems) + 4)]
  return min + chance.below(max - min + 1)
}

function numberFor({ minimum = 0, maximum = 1000 }: Schema, { chance }: Making): number {
  const [min, max] = [Number(minimum), Number(maximum)]
  if (chance.oneIn(8)) return chance.of([min, max])
  return Math.max(min, Math.min(max, chance.below(40)))
}

function textFor({ pattern, minLength = 0, maxLength = 200 }: Schema, { chance, words }: Making): string {
  const shape = typeof pattern === 'string' ? new RegExp(pattern, 'u') : /^/
  const fitting = words.filter(
    (word) => shape.test(word) && word.length >= Number(minLength) && word.length <= Number(maxLength),
  )
  return fitting.length > 0 ? chance.of(fitting) : 'a'
}
