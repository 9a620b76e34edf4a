/** A number as it was spelled; `raw` is written back unchanged. ISO 32000-2, 7.3.3. */
export interface PdfNumber {
  readonly kind: 'number'
  readonly value: number
  readonly raw: string
}

/** A name without its slash, `#xx` decoded, one character for each byte. ISO 32000-2, 7.3.5. */
export interface PdfName {
  readonly kind: 'name'
  readonly name: string
}

/** A string. `start` and `end` are its delimiters' byte range in the file, -1 inside an object stream or when made. */
export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Uint8Array
  /** Spelled `<…>`, not `(…)`. */
  readonly hex: boolean
  readonly start: number
  readonly end: number
  /** Hexadecimal digits only, an even number of them, in the file. */
  readonly plainHex?: boolean
}

export interface PdfArray {
  readonly kind: 'array'
  readonly items: readonly PdfObject[]
}

/** A dictionary. Of a repeated key the last value stands, and the key is in `duplicateKeys`. */
export interface PdfDict {
  readonly kind: 'dict'
  readonly entries: ReadonlyMap<string, PdfObject>
  readonly duplicateKeys: readonly string[]
}

/** A stream: its dictionary and its bytes as stored, filters still applied. */
export interface PdfStream {
  readonly kind: 'stream'
  readonly dict: PdfDict
  readonly raw: Uint8Array
}

/** A reference to an indirect object. */
export interface PdfRef {
  readonly kind: 'ref'
  readonly number: number
  readonly generation: number
}

/** Any object of ISO 32000-2, 7.3. */
export type PdfObject = null | boolean | PdfNumber | PdfName | PdfString | PdfArray | PdfDict | PdfStream | PdfRef

/** What each `kind` is. */
export interface PdfKinds {
  readonly number: PdfNumber
  readonly name: PdfName
  readonly string: PdfString
  readonly array: PdfArray
  readonly dict: PdfDict
  readonly stream: PdfStream
  readonly ref: PdfRef
}

/** Whether `object` is of that kind. */
export function isKind<K extends keyof PdfKinds>(object: PdfObject | undefined, kind: K): object is PdfKinds[K] {
  return typeof object === 'object' && object !== null && object.kind === kind
}

/** Whether `object` is the name `name`. */
export function isName(object: PdfObject | undefined, name: string): boolean {
  return isKind(object, 'name') && object.name === name
}

/** The value of an integer spelled without a point, else undefined. */
export function integerOf(object: PdfObject | undefined): number | undefined {
  return isKind(object, 'number') && Number.isSafeInteger(object.value) && !object.raw.includes('.')
    ? object.value
    : undefined
}

/** A number object in PDF's spelling: no exponent, at most five decimals. */
export function number(value: number): PdfNumber {
  const raw = Number.isInteger(value) ? value.toFixed(0) : value.toFixed(5).replace(/\.?0+$/, '')
  return { kind: 'number', value, raw: raw === '-0' ? '0' : raw }
}

export function name(text: string): PdfName {
  return { kind: 'name', name: text }
}

export function string(bytes: Uint8Array): PdfString {
  return { kind: 'string', bytes, hex: false, start: -1, end: -1 }
}

export function array(items: readonly PdfObject[]): PdfArray {
  return { kind: 'array', items }
}

export function ref(objectNumber: number, generation = 0): PdfRef {
  return { kind: 'ref', number: objectNumber, generation }
}

/** A dictionary of the given entries, in their order. */
export function dict(entries: Readonly<Record<string, PdfObject>> | ReadonlyMap<string, PdfObject>): PdfDict {
  const map = entries instanceof Map ? entries : new Map(Object.entries(entries))
  return { kind: 'dict', entries: map, duplicateKeys: [] }
}

/** The same dictionary with some entries set; the others keep their order. */
export function withEntries(base: PdfDict, changes: Readonly<Record<string, PdfObject>>): PdfDict {
  return dict(new Map([...base.entries, ...Object.entries(changes)]))
}

/** A stream of bytes that are already encoded as `entries` says; its Length is set when it is written. */
export function stream(entries: PdfDict, raw: Uint8Array): PdfStream {
  return { kind: 'stream', dict: entries, raw }
}
