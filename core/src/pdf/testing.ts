import { zlibSync } from 'fflate'
import { fromLatin1 } from '../encode/bytes'

/** A small PDF to be built from the texts of its objects, one character for each byte; for tests. */
export interface PdfRecipe {
  /** By object number: the text between `N 0 obj` and `endobj`. */
  readonly objects: Readonly<Record<number, string>>
  /** Objects to lie in one object stream, numbered `objectStream`; only with `xref: 'stream'`. */
  readonly compressed?: Readonly<Record<number, string>>
  readonly xref?: 'table' | 'stream'
  /** More trailer entries than Size and Root. */
  readonly trailer?: string
  /** Stands before the header, by default nothing. */
  readonly before?: string
}

/** A catalog, a page tree and one A4 page; object 4 is the first that is free. */
export const ONE_PAGE: Readonly<Record<number, string>> = {
  1: '<</Type /Catalog /Pages 2 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <<>>>>',
}

/** Builds a whole file. */
export function buildPdf(recipe: PdfRecipe): Uint8Array {
  const before = recipe.before ?? ''
  return fromLatin1(before + addSave('%PDF-1.7\n', recipe, ''))
}

/** Appends an incremental update to a file that {@link buildPdf} made without anything before its header. */
export function appendPdf(bytes: Uint8Array, recipe: PdfRecipe): Uint8Array {
  const text = String.fromCharCode(...bytes)
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? '0'
  return fromLatin1(addSave(text, recipe, ` /Prev ${previous}`))
}

/** A stream object's text. */
export function streamText(entries: string, data: string): string {
  return `<<${entries} /Length ${data.length}>>\nstream\n${data}\nendstream`
}

type Entry = readonly [type: number, second: number, third: number]

function addSave(start: string, recipe: PdfRecipe, previous: string): string {
  const entries = new Map<number, Entry>()
  const objects = { ...recipe.objects }
  const numbers = [...Object.keys(objects), ...Object.keys(recipe.compressed ?? {})].map(Number)
  const sizes = [...start.matchAll(/\/Size (\d+)/g)].map((match) => Number(match[1]))
  let next = [...numbers.map((number) => number + 1), ...sizes].reduce((a, b) => Math.max(a, b))
  if (recipe.compressed !== undefined) objects[next++] = objectStream(recipe.compressed, next - 1, entries)
  let text = start
  for (const [number, body] of Object.entries(objects)) {
    entries.set(Number(number), [1, text.length, 0])
    text += `${number} 0 obj\n${body}\nendobj\n`
  }
  const trailer = `/Root 1 0 R${previous} ${recipe.trailer ?? ''}`
  const at = text.length
  if (recipe.xref !== 'stream') text += table(entries, `<</Size ${next} ${trailer}>>`)
  else {
    entries.set(next, [1, at, 0])
    text += `${next} 0 obj\n${xrefStream(entries, `/Size ${next + 1} ${trailer}`)}\nendobj\n`
  }
  return `${text}startxref\n${at}\n%%EOF\n`
}

function objectStream(compressed: Readonly<Record<number, string>>, own: number, entries: Map<number, Entry>): string {
  let index = ''
  let body = ''
  for (const [i, [number, text]] of Object.entries(compressed).entries()) {
    entries.set(Number(number), [2, own, i])
    index += `${number} ${body.length} `
    body += `${text} `
  }
  const data = String.fromCharCode(...zlibSync(fromLatin1(index + body)))
  const count = Object.keys(compressed).length
  return streamText(`/Type /ObjStm /N ${count} /First ${index.length} /Filter /FlateDecode`, data)
}

function table(entries: ReadonlyMap<number, Entry>, trailer: string): string {
  let text = 'xref\n0 1\n0000000000 65535 f \n'
  for (const [number, [, offset]] of entries) text += `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`
  return `${text}trailer\n${trailer}\n`
}

function xrefStream(entries: ReadonlyMap<number, Entry>, trailer: string): string {
  let data = ''
  let index = ''
  for (const [number, [type, second, third]] of entries) {
    index += `${number} 1 `
    data += String.fromCharCode(type, (second >> 16) & 255, (second >> 8) & 255, second & 255, third)
  }
  return streamText(`/Type /XRef /W [1 3 1] /Index [${index}] ${trailer}`, data)
}
