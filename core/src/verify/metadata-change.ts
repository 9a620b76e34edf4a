import { latin1 } from '../encode/bytes'
import type { PdfDocument } from '../pdf/document'
import { isKind, type PdfObject } from '../pdf/objects'
import { sameEntries } from './same-object'

/** ISO 32000-2 14.3.3: what a save says of itself. Title, author and the like are the document's. */
const INFO_KEYS = new Set(['ModDate', 'Producer'])
/** How a stream is kept, not what it is. */
const STORAGE_KEYS = new Set(['Length', 'Filter', 'DecodeParms'])
/** XMP (ISO 16684-1) that a save must renew. */
const SAVES_OWN = 'xmp:ModifyDate|xmp:MetadataDate|pdf:Producer|xmpMM:InstanceID'
const ELEMENT = new RegExp(`<(${SAVES_OWN})>[^<]*</\\1>`, 'g')
const ATTRIBUTE = new RegExp(`\\s(?:${SAVES_OWN}|x:xmptk)="[^"<]*"`, 'g')
/** A start tag with attributes, whose order says nothing. */
const TAG = /<([\w:]+)((?: [\w:]+="[^"<]*")+) ?(\/?)>/g
const MAX_XMP_BYTES = 1 << 20

/** Whether Info tells another time of change or producer only. */
export function isOnlyResaved(before: PdfObject, after: PdfObject): boolean {
  return isKind(before, 'dict') && isKind(after, 'dict') && sameEntries(before, after, (key) => INFO_KEYS.has(key))
}

/** Whether the XMP differs by what a save must renew only. */
export function isXmpResaved(signed: PdfDocument, current: PdfDocument): (a: PdfObject, b: PdfObject) => boolean {
  return (before, after) => {
    if (!isKind(before, 'stream') || !isKind(after, 'stream')) return false
    if (!sameEntries(before.dict, after.dict, (key) => STORAGE_KEYS.has(key))) return false
    const [old, now] = [xmpOf(signed, before), xmpOf(current, after)]
    return old !== undefined && now !== undefined && withoutSaves(old) === withoutSaves(now)
  }
}

/** Whether XMP that was not there before says of the save only. */
export function isXmpOfSave(current: PdfDocument, object: PdfObject): boolean {
  const xmp = isKind(object, 'stream') ? xmpOf(current, object) : undefined
  if (xmp === undefined) return false
  const rest = withoutSaves(xmp)
    .replace(/<\?xpacket [^<>]*\?>|<\?xml [^<>]*\?>/g, '')
    .replace(/ ?xmlns:\w+="[^"<]*"| ?rdf:about=""/g, '')
    .replace(/<\/?(?:x:xmpmeta|rdf:RDF|rdf:Description) *\/?>/g, '')
  return rest.trim() === ''
}

function xmpOf(document: PdfDocument, object: PdfObject): string | undefined {
  if (!isKind(object, 'stream')) return undefined
  const { bytes, remaining } = document.decodeStream(object)
  return remaining.length > 0 || bytes.length > MAX_XMP_BYTES ? undefined : latin1(bytes)
}

/** White space pads a packet so that it can be rewritten in place, and writers order attributes as they like. */
function withoutSaves(xmp: string): string {
  const rest = xmp.replace(ELEMENT, '').replace(ATTRIBUTE, '').replace(/\s+/g, ' ').replace(/> </g, '><').trim()
  return rest.replace(TAG, (_, name: string, attributes: string, empty: string) => {
    const sorted = [...attributes.matchAll(/[\w:]+="[^"<]*"/g)].map(([one]) => one).sort()
    return `<${[name, ...sorted].join(' ')}${empty}>`
  })
}
