import { concat, fromLatin1, latin1, utf8 } from '../encode/bytes'
import { addSecurityStore } from '../pdf/add-security-store'
import { type PdfDocument, readPdf } from '../pdf/document'
import { ObjectChanges } from '../pdf/object-changes'
import { array, dict, isKind, name, number, type PdfDict, type PdfObject, ref, stream, string } from '../pdf/objects'
import { writeRevision } from '../pdf/update'
import { mutated, type Roll } from './mutate'

const any = <T>(items: readonly T[], roll: Roll): T => items[roll(items.length)]

type Edit = (document: PdfDocument, roll: Roll) => Uint8Array

/** Names, references, numbers and delimiters: what a reader acts on. */
const TOKEN = /\/[A-Za-z0-9]+|\d+ \d+ R|\d+|<<|>>|\[|\]|\(|\)|obj|endobj|stream|endstream/g

/** Another token in the place of one, as long, so that every offset of the file stays right. */
const sameLength: Edit = (document, roll) => {
  const places = [...document.entries.keys()]
    .flatMap((one) => document.indirect(one) ?? [])
    .filter((one) => one.start >= 0)
  const { start, end } = any(places, roll)
  const text = latin1(document.bytes.subarray(start, Math.min(end, start + 4000)))
  const tokens = [...text.matchAll(TOKEN)]
  const token = any(tokens, roll)
  const alike = tokens.map(([one]) => one).filter((one) => one.length === token[0].length && one !== token[0])
  const other = alike.length > 0 && roll(3) > 0 ? any(alike, roll) : respelled(token[0], roll)
  return replaced(document.bytes, start + token.index, other)
}

function respelled(token: string, roll: Roll): string {
  const at = roll(token.length)
  const letter = /\d/.test(token[at]) ? String(roll(10)) : any([...' <>[]()/%AZaz09-.'], roll)
  return token.slice(0, at) + letter + token.slice(at + 1)
}

function replaced(bytes: Uint8Array, at: number, by: string): Uint8Array {
  return concat(bytes.subarray(0, at), fromLatin1(by), bytes.subarray(at + by.length))
}

const PLACES = /(\d{10}) (\d{5}) ([nf]) |\/(?:Prev|Size|Root|Info) (\d+)|startxref\s(\d+)/g

/** An offset, generation or size of a table or trailer becomes another one's, as long. */
const crossReference: Edit = ({ bytes }, roll) => {
  const found = [...latin1(bytes).matchAll(PLACES)]
  if (found.length === 0) return mutated(bytes, roll)
  const place = any(found, roll)
  const others = found.map(([one]) => one).filter((one) => one.length === place[0].length)
  if (roll(2) === 0) return replaced(bytes, place.index, any(others, roll))
  const digits = [...place[0].matchAll(/\d|[nf]/g)].map(({ index }) => index)
  return replaced(bytes, place.index + any(digits, roll), any([...'0123456789nf'], roll))
}

const VALUES: readonly PdfObject[] = [
  ...[null, true, number(0), number(-1), number(99999999999), name('Sig'), name('Widget'), string(utf8('x'))],
  ...[array([]), dict({}), ref(1), ref(3), ref(9999), array([0, 0, 595, 842].map(number))],
]
const KEYS = [
  'AP',
  'Annots',
  'V',
  'Rect',
  'F',
  'P',
  'Contents',
  'Resources',
  'OpenAction',
  'AA',
  'Fields',
  'Type',
  'MediaBox',
]

function changedObject(object: PdfObject, roll: Roll): PdfObject {
  if (isKind(object, 'dict')) return changedDict(object, roll)
  if (isKind(object, 'stream')) {
    return roll(2) === 0
      ? stream(changedDict(object.dict, roll), object.raw)
      : stream(object.dict, mutated(object.raw, roll))
  }
  if (isKind(object, 'array') && object.items.length > 0 && roll(3) > 0) {
    const at = roll(object.items.length)
    const how = roll(3)
    const items = object.items.flatMap((item, i) => {
      if (i !== at) return [item]
      return how === 0 ? [] : how === 1 ? [item, item] : [changedObject(item, roll)]
    })
    return array(items)
  }
  return any(VALUES, roll)
}

function changedDict({ entries }: PdfDict, roll: Roll): PdfDict {
  const changed = new Map(entries)
  const keys = [...entries.keys()]
  const key = keys.length === 0 || roll(4) === 0 ? any(KEYS, roll) : any(keys, roll)
  const how = roll(4)
  if (how === 0) changed.delete(key)
  else changed.set(key, how === 1 ? any(VALUES, roll) : changedObject(entries.get(key) ?? null, roll))
  return dict(changed)
}

/** A save after the seals, written as any writer would, with one or two of the file's objects changed. */
const laterSave: Edit = (document, roll) => {
  const changes = new ObjectChanges(document)
  const numbers = [...document.entries.keys()].filter((one) => document.indirect(one) !== undefined)
  for (let i = 0; i <= roll(2); i++) {
    const one = any(numbers, roll)
    changes.put(ref(one), changedObject(document.indirect(one)?.object ?? null, roll))
  }
  return writeRevision(document, changes).bytes
}

const SUBTYPES = ['FreeText', 'Stamp', 'Square', 'Highlight', 'Redact', 'Link', 'Text', 'Ink', 'Popup', 'Widget']

/** A save after the seals that draws on the page: an annotation or a field. */
const laterAnnotation: Edit = (document, roll) => {
  const changes = new ObjectChanges(document)
  const page = document.pages()[0]
  const drawn = stream(dict({ Subtype: name('Form'), BBox: array([0, 0, 99, 99].map(number)) }), utf8('0 0 99 99 re f'))
  const rect = array([roll(200), roll(200), 200 + roll(300), 200 + roll(300)].map(number))
  const entries = { Type: name('Annot'), Subtype: name(any(SUBTYPES, roll)), Rect: rect, F: number(4) }
  const annotation = changes.add(dict({ ...entries, AP: dict({ N: changes.add(drawn) }), P: page.ref }))
  changes.append(page.ref, 'Annots', annotation)
  return writeRevision(document, changes).bytes
}

/** What may be added: validation data. */
const laterStore: Edit = (document, roll) => {
  const made = Uint8Array.from({ length: 20 + roll(200) }, () => roll(256))
  return addSecurityStore(document, { certificates: [made], crls: roll(2) === 0 ? [made] : [] })
}

/** The file as it was at one of its saves. */
const earlier: Edit = ({ bytes, revisions }, roll) => bytes.slice(0, any(revisions, roll).end)

const EDITS: readonly Edit[] = [
  ...[sameLength, sameLength, crossReference, crossReference, laterSave, laterSave, laterSave, laterAnnotation],
  ...[laterStore, earlier],
]

/**
 * The file changed where its structure is, offsets and lengths kept right, so that a strict reader gets further than to the first byte;
 * now and then any bytes are changed besides.
 */
export function mutatedPdf(pdf: Uint8Array, roll: Roll): Uint8Array {
  const changed = any(EDITS, roll)(readPdf(pdf), roll)
  return roll(8) === 0 ? mutated(changed, roll) : changed
}
