import { fromLatin1, latin1 } from '../src/encode/bytes'
import { type PdfDocument, readPdf } from '../src/pdf/document'
import { serialize } from '../src/pdf/serialize'
import { type SignatureField, signatureFields } from '../src/pdf/signature-field'
import { appendPdf } from '../src/pdf/testing'

/** What somebody saves after a seal: objects by number, and more for the trailer. */
export type Save = (pdf: Uint8Array) => Uint8Array

/** Objects to be written anew, each by the text of the object that it replaces. */
export type Rewrite = Readonly<Record<number, (text: string, file: SealedFile) => string>>

/** A sealed file's objects as texts, for changes to them. */
export class SealedFile {
  readonly document: PdfDocument
  constructor(pdf: Uint8Array) {
    this.document = readPdf(pdf)
  }

  /** An object as it stands; a stream's dictionary only. */
  text(number: number): string {
    const object = this.document.indirect(number)?.object ?? null
    if (typeof object === 'object' && object?.kind === 'stream') return serialize(object.dict)
    return serialize(object)
  }

  get fields(): readonly SignatureField[] {
    return signatureFields(this.document)
  }

  /** The number of the first seal's field. */
  get field(): number {
    return numberOf(this.fields[0].ref)
  }

  /** The number of the form that the first seal's widget shows. */
  get appearance(): number {
    return Number(/\/N (\d+) 0 R/.exec(this.text(this.field))?.[1])
  }

  get next(): number {
    return this.document.maxObjectNumber + 1
  }
}

export function numberOf(ref: { readonly number: number } | undefined): number {
  if (ref === undefined) throw new Error('no indirect object')
  return ref.number
}

/** One more save with these objects; the trailer says what it said, but for `trailer`. */
export function save(pdf: Uint8Array, objects: Readonly<Record<number, string>>, trailer = '/Info 6 0 R'): Uint8Array {
  return appendPdf(pdf, { objects, trailer })
}

/** One more save as text, with its own table; `frees` are removed. */
export function saveFreeing(pdf: Uint8Array, frees: readonly number[]): Uint8Array {
  const text = latin1(pdf)
  const { document } = new SealedFile(pdf)
  const previous = document.revisions[document.revisions.length - 1].startxref
  const entries = frees.map((number) => `${number} 1\n0000000000 00001 f \n`).join('')
  const trailer = `<</Size ${document.size} /Root 1 0 R /Info 6 0 R /Prev ${previous}>>`
  return fromLatin1(`${text}xref\n${entries}trailer\n${trailer}\nstartxref\n${text.length}\n%%EOF\n`)
}

/** The text with an entry put into its outermost dictionary. */
export function withEntry(text: string, entry: string): string {
  const end = text.lastIndexOf('>>')
  return `${text.slice(0, end)} ${entry}${text.slice(end)}`
}

/** The page's text with one more annotation. */
export function withAnnotation(page: string, number: number): string {
  return page.replace(/\/Annots \[([^\]]*)\]/, `/Annots [$1 ${number} 0 R]`)
}

/** The catalog's text with one more field of the form. */
export function withField(catalog: string, number: number): string {
  return catalog.replace(/\/Fields \[([^\]]*)\]/, `/Fields [$1 ${number} 0 R]`)
}
