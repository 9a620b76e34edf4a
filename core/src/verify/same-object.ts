import { equal } from '../encode/bytes'
import type { PdfArray, PdfDict, PdfObject, PdfStream } from '../pdf/objects'

/** Whether two objects are the same down to the spelling of numbers and the bytes of streams. References are not followed. */
export function sameObject(a: PdfObject | undefined, b: PdfObject | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' && a.raw === b.raw
    case 'name':
      return b.kind === 'name' && a.name === b.name
    case 'string':
      return b.kind === 'string' && equal(a.bytes, b.bytes)
    case 'ref':
      return b.kind === 'ref' && a.number === b.number && a.generation === b.generation
    case 'array':
      return b.kind === 'array' && sameItems(a, b)
    case 'dict':
      return b.kind === 'dict' && sameEntries(a, b, () => false)
    case 'stream':
      return b.kind === 'stream' && sameStream(a, b)
  }
}

function sameItems(a: PdfArray, b: PdfArray): boolean {
  return a.items.length === b.items.length && a.items.every((item, index) => sameObject(item, b.items[index]))
}

function sameStream(a: PdfStream, b: PdfStream): boolean {
  return sameEntries(a.dict, b.dict, () => false) && equal(a.raw, b.raw)
}

/** Whether two dictionaries have the same entries but for those that `ignored` names. */
export function sameEntries(a: PdfDict, b: PdfDict, ignored: (key: string) => boolean): boolean {
  const keys = new Set([...a.entries.keys(), ...b.entries.keys()])
  if (a.duplicateKeys.length > 0 || b.duplicateKeys.length > 0) return false
  return [...keys].every((key) => ignored(key) || sameObject(a.entries.get(key), b.entries.get(key)))
}

/** Calls `visit` with the number of every object that `object` refers to, at any depth. */
export function eachReference(object: PdfObject | undefined, visit: (number: number) => void): void {
  if (typeof object !== 'object' || object === null) return
  if (object.kind === 'ref') visit(object.number)
  else if (object.kind === 'array') for (const item of object.items) eachReference(item, visit)
  else if (object.kind === 'dict') for (const item of object.entries.values()) eachReference(item, visit)
  else if (object.kind === 'stream') for (const item of object.dict.entries.values()) eachReference(item, visit)
}
