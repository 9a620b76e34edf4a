import type { PdfDocument } from '../pdf/document'
import { isKind, type PdfObject } from '../pdf/objects'
import { PdfError } from '../pdf/pdf-error'
import type { SignedRange } from '../pdf/signed-range'
import { Additions } from './additions'
import { eachReference, sameObject } from './same-object'

/** A change after a signature that nothing permits. */
export interface ForbiddenChange {
  readonly code:
    | 'CHANGED_AFTER_SEAL'
    | 'OBJECT_REMOVED'
    | 'OBJECT_SUPPLIED_LATER'
    | 'TRAILER_CHANGED'
    | 'SEAL_COVERED'
    | 'TRAILING_BYTES'
    | 'REVISION_INVALID'
  readonly detail: string
}

/**
 * Judges what follows a signed revision, object by object against a closed list (FORMAT.md section 11, step 1; ISO 32000-2
 * 12.8.2.2): validation data, document timestamps and further signature fields. Whatever is not on the list is forbidden;
 * of several changes the first found is named.
 * @param current - the whole file.
 * @returns undefined when nothing forbidden follows.
 */
export function forbiddenChange(current: PdfDocument, range: SignedRange): ForbiddenChange | undefined {
  const last = current.revisions[current.revisions.length - 1]
  if (last.end !== current.bytes.length) {
    return { code: 'TRAILING_BYTES', detail: 'bytes follow the end of the last revision' }
  }
  if (range.document === current) return undefined
  try {
    return trailerChange(range.document, current) ?? objectChange(range.document, current, range.revision.index)
  } catch (refusal) {
    // The file as a whole was read; the revision by itself may still hold what only a later one mended.
    if (!(refusal instanceof PdfError)) throw refusal
    return { code: 'REVISION_INVALID', detail: `the signed revision does not read by itself: ${refusal.message}` }
  }
}

/** What readers follow from the trailer; writers put remarks of their own there. */
const TRAILER_KEYS = ['Root', 'Info', 'Encrypt'] as const

function trailerChange(signed: PdfDocument, current: PdfDocument): ForbiddenChange | undefined {
  const changed = TRAILER_KEYS.find(
    (key) => !sameObject(signed.trailer.entries.get(key), current.trailer.entries.get(key)),
  )
  return changed && { code: 'TRAILER_CHANGED', detail: `the trailer's ${changed} is another after the seal` }
}

function objectChange(signed: PdfDocument, current: PdfDocument, index: number): ForbiddenChange | undefined {
  const touched = new Set<number>()
  for (const revision of current.revisions.slice(index + 1)) {
    for (const number of revision.entries.keys()) touched.add(number)
  }
  const added = new Set<number>()
  const changed: number[] = []
  for (const number of touched) {
    const before = signed.indirect(number)
    const after = current.indirect(number)
    if (before === undefined) {
      if (after !== undefined) added.add(number)
    } else if (after === undefined) {
      return { code: 'OBJECT_REMOVED', detail: `object ${number} was removed after the seal` }
    } else if (before.generation !== after.generation || !sameObject(before.object, after.object)) {
      changed.push(number)
    }
  }
  const referrers = referrersOf({ signed, current, touched }, new Set([...added, ...changed]))
  return (
    suppliedLater(added, referrers) ?? forbiddenAmong(changed, new Additions(signed, current, { added, referrers }))
  )
}

/** A reference that led nowhere when the seal was made and leads somewhere now: a shadow attack. */
function suppliedLater(added: ReadonlySet<number>, referrers: Referrers): ForbiddenChange | undefined {
  const number = [...added].find((one) => referrers.has(one))
  if (number === undefined) return undefined
  return {
    code: 'OBJECT_SUPPLIED_LATER',
    detail: `object ${number}, referred to before the seal, was supplied after it`,
  }
}

/** Which objects of the signed revision refer to an object, 0 standing for the trailer. */
export type Referrers = ReadonlyMap<number, ReadonlySet<number>>

interface Step {
  readonly signed: PdfDocument
  readonly current: PdfDocument
  /** Objects that later revisions write or free. */
  readonly touched: ReadonlySet<number>
}

function referrersOf({ signed, current, touched }: Step, wanted: ReadonlySet<number>): Referrers {
  const referrers = new Map<number, Set<number>>()
  const note = (from: number, object: PdfObject | undefined) =>
    eachReference(object, (to) => {
      if (!wanted.has(to)) return
      const known = referrers.get(to)
      if (known === undefined) referrers.set(to, new Set([from]))
      else known.add(from)
    })
  if (wanted.size === 0) return referrers
  for (const key of TRAILER_KEYS) note(0, signed.trailer.entries.get(key))
  for (const number of signed.entries.keys()) {
    // What no later revision touches lies at the same bytes in both, and the whole file is parsed already. Were the Length or
    // the object stream that such an object needs another one now, that would be a change of its own.
    const found = (touched.has(number) ? signed : current).indirect(number)
    // A cross-reference stream's own dictionary is a trailer.
    if (found !== undefined && !isXref(found.object)) note(number, found.object)
  }
  return referrers
}

function isXref(object: PdfObject): boolean {
  const type = isKind(object, 'stream') ? object.dict.entries.get('Type') : undefined
  return isKind(type, 'name') && type.name === 'XRef'
}

function forbiddenAmong(changed: readonly number[], additions: Additions): ForbiddenChange | undefined {
  const covered = additions.coveredSeal()
  if (covered !== undefined) return { code: 'SEAL_COVERED', detail: covered }
  const number = changed.find((one) => !additions.permits(one))
  if (number === undefined) return undefined
  return {
    code: 'CHANGED_AFTER_SEAL',
    detail: `object ${number} (${additions.describe(number)}) was changed after the seal`,
  }
}
