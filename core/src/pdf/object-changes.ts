import type { PdfDocument } from './document'
import {
  array,
  dict,
  isKind,
  type PdfArray,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  ref,
  withEntries,
} from './objects'
import { damaged } from './pdf-error'
import { nextObjectNumber, type RawObject } from './update'

/** Objects to be written, gathered before the save; a change sees those before it. */
export class ObjectChanges {
  readonly document: PdfDocument
  readonly objects = new Map<number, PdfObject | RawObject>()
  #next: number

  constructor(document: PdfDocument) {
    this.document = document
    this.#next = nextObjectNumber(document)
  }

  /** Adds an object under the next number. */
  add(object: PdfObject | RawObject): PdfRef {
    const added = this.reserve()
    this.objects.set(added.number, object)
    return added
  }

  /** A number to be used by a later {@link put}. */
  reserve(): PdfRef {
    return ref(this.#next++)
  }

  put(at: PdfRef, object: PdfObject | RawObject): void {
    this.objects.set(at.number, object)
  }

  /** Adds `object`, each stream anywhere inside it as an object of its own. */
  addWithStreams(object: PdfObject): PdfRef {
    return this.add(this.#hoisted(object))
  }

  /** Sets entries of an indirect dictionary. */
  setEntries(at: PdfRef, entries: Readonly<Record<string, PdfObject>>): void {
    this.put(at, withEntries(this.#dictAt(at), entries))
  }

  /**
   * Appends to the array under `key` of an indirect dictionary: the array itself is rewritten when indirect,
   * its holder when direct or missing.
   */
  append(holder: PdfRef, key: string, item: PdfObject): void {
    const { object, at } = this.#entry(holder, key)
    const items = object === null ? [] : arrayOrThrow(object, key).items
    const longer = array([...items, item])
    if (at !== undefined && object !== null) this.put(at, longer)
    else this.setEntries(holder, { [key]: longer })
  }

  /** The present object under `key`, and where it lies when it is indirect. */
  #entry(holder: PdfRef, key: string): { readonly object: PdfObject; readonly at: PdfRef | undefined } {
    const entry = this.#dictAt(holder).entries.get(key) ?? null
    return { object: this.document.resolve(entry), at: isKind(entry, 'ref') ? entry : undefined }
  }

  #dictAt(at: PdfRef): PdfDict {
    const changed = this.objects.get(at.number)
    const object = changed === undefined || isRaw(changed) ? this.document.get(at) : changed
    if (!isKind(object, 'dict')) throw damaged(`object ${at.number} is no dictionary`, 0)
    return object
  }

  #hoisted(object: PdfObject): PdfObject {
    if (isKind(object, 'array')) return array(object.items.map((item) => this.#inside(item)))
    if (isKind(object, 'dict')) return this.#hoistedDict(object)
    if (isKind(object, 'stream')) return { ...object, dict: this.#hoistedDict(object.dict) }
    return object
  }

  #hoistedDict(object: PdfDict): PdfDict {
    return dict(new Map([...object.entries].map(([key, value]) => [key, this.#inside(value)] as const)))
  }

  #inside(object: PdfObject): PdfObject {
    return isKind(object, 'stream') ? this.addWithStreams(object) : this.#hoisted(object)
  }
}

function isRaw(object: PdfObject | RawObject): object is RawObject {
  return typeof object === 'object' && object !== null && object.kind === 'raw'
}

function arrayOrThrow(object: PdfObject, key: string): PdfArray {
  if (!isKind(object, 'array')) throw damaged(`${key} is no array`, 0)
  return object
}
