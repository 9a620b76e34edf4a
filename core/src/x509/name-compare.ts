import { equal } from '../encode/bytes'
import type { Der } from '../encode/der'
import { type Attribute, readName } from './name'

/** RFC 4518 2, as far as names of certificates need it: compatibility forms, case and runs of white space do not count. */
function prepared(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
}

/** One relative distinguished name as text that is the same for equal ones (RFC 5280 7.1), whatever string types they use. */
export function comparableRelative(attributes: readonly Attribute[]): string {
  return JSON.stringify(attributes.map(({ oid, text }) => `${oid}=${prepared(text)}`).sort())
}

const known = new WeakMap<Der, readonly string[]>()

/**
 * A Name as one comparable text for each of its relative distinguished names, most general first.
 * @throws {@link DerError} `DER_INVALID` when it is no Name.
 */
export function comparableName(name: Der): readonly string[] {
  const found = known.get(name) ?? readName(name).map(comparableRelative)
  known.set(name, found)
  return found
}

/**
 * Whether two Names are the same, RFC 5280 7.1.
 * @throws {@link DerError} `DER_INVALID` when either is no Name.
 */
export function sameName(a: Der, b: Der): boolean {
  return equal(a, b) || isBelow(a, b, 'same')
}

/** Whether `name` lies in the subtree of `base`: `base` is its beginning (RFC 5280 4.2.1.10); with `same`, and its end. */
export function isBelow(name: Der, base: Der, extent: 'same' | 'subtree' = 'subtree'): boolean {
  const [all, first] = [comparableName(name), comparableName(base)]
  const fits = extent === 'same' ? all.length === first.length : all.length >= first.length
  return fits && first.every((relative, i) => relative === all[i])
}
