import { latin1, toHex } from '../encode/bytes'
import type { PdfDict, PdfObject, PdfString } from './objects'

/**
 * An object in PDF syntax, one character for each byte. Numbers keep their spelling and strings their bytes.
 * A stream is written by {@link writeRevision}; here only its dictionary can stand.
 */
export function serialize(object: Exclude<PdfObject, { kind: 'stream' }>): string {
  if (object === null) return 'null'
  if (typeof object === 'boolean') return String(object)
  switch (object.kind) {
    case 'number':
      return object.raw
    case 'name':
      return serializeName(object.name)
    case 'string':
      return serializeString(object)
    case 'array':
      return `[${object.items.map(serializeDirect).join(' ')}]`
    case 'dict':
      return serializeDict(object)
    case 'ref':
      return `${object.number} ${object.generation} R`
  }
}

function serializeDirect(object: PdfObject): string {
  // A caller's mistake, not a document's: streams are indirect, ISO 32000-2, 7.3.8.1.
  if (typeof object === 'object' && object?.kind === 'stream') throw new TypeError('a stream cannot be a direct object')
  return serialize(object)
}

/** `<</Key value …>>` in the entries' order. */
export function serializeDict(dict: PdfDict): string {
  let text = '<<'
  for (const [key, value] of dict.entries) text += `${serializeName(key)} ${serializeDirect(value)}`
  return `${text}>>`
}

function serializeName(name: string): string {
  return `/${name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (character) => {
    return `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })}`
}

function serializeString(string: PdfString): string {
  if (string.hex) return `<${toHex(string.bytes)}>`
  const text = latin1(string.bytes).replace(/[\\()]/g, '\\$&')
  return `(${text.replaceAll('\r', '\\r')})`
}
