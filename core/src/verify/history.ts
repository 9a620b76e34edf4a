import type { PdfDocument } from '../pdf/document'
import { unlistedByte } from '../pdf/object-ranges'
import { isKind, type PdfObject } from '../pdf/objects'
import { PdfError } from '../pdf/pdf-error'
import type { SignatureField } from '../pdf/signature-field'
import type { SignedRange } from '../pdf/signed-range'
import { Additions } from './additions'
import type { Referrers } from './roles'
import { eachReference, sameObject } from './same-object'

/** A change after a signature that nothing permits. */
export interface ForbiddenChange {
  readonly code:
    | 'CHANGED_AFTER_SEAL'
    | 'OBJECT_REMOVED'
    | 'OBJECT_SUPPLIED_LATER'
    | 'TRAILER_CHANGED'
    | 'SEAL_COVERED'
    | 'CONTENT_COVERED'
    | 'TRAILING_BYTES'
    | 'UNLISTED_BYTES'
    | 'REVISION_INVALID'
  readonly detail: string
}

/**
 * Judges what follows a signed revision, object by object against a closed list (FORMAT.md section 11, step 1; ISO 32000-2
 * 12.8.2.2): validation data, document timestamps and further signature fields. Whatever is not on the list is forbidden;
 * of several changes the first found is named.
 * @param current - the whole file.
 * @returns undefined when nothing forbidden follows.
 * @throws PdfError `PDF_TOO_COMPLEX` when that is more work than a file may make.
 */
export function forbiddenChange(
  current: PdfDocument,
  range: SignedRange,
  field: SignatureField,
): ForbiddenChange | undefined {
  const last = current.revisions[current.revisions.length - 1]
  if (last.end !== current.bytes.length) {
    return { code: 'TRAILING_BYTES', detail: 'bytes follow the end of the last revision' }
  }
  if (range.document === current) return undefined
  try {
    const later = { index: range.revision.index, field }
    return (
      unlisted(current, range) ?? trailerChange(range.document, current) ?? objectChange(range.document, current, later)
    )
  } catch (refusal) {
    // The file as a whole was read; the revision by itself may still hold what only a later one mended.
    if (!(refusal instanceof PdfError) || refusal.code === 'PDF_TOO_COMPLEX') throw refusal
    return { code: 'REVISION_INVALID', detail: `the signed revision does not read by itself: ${refusal.message}` }
  }
}

/** Each later save holds the objects that its table lists, and nothing beside them. */
function unlisted(current: PdfDocument, { revision, revisionEnd }: SignedRange): ForbiddenChange | undefined {
  let from = revisionEnd
  for (const later of current.revisions.slice(revision.index + 1)) {
    if (later.eof === undefined) {
      return { code: 'REVISION_INVALID', detail: `a later save, with its table at ${later.startxref}, has no end` }
    }
    const at = unlistedByte(current, later, from)
    if (at !== undefined) return { code: 'UNLISTED_BYTES', detail: `at byte ${at} stands what no table lists` }
    from = later.eof
  }
  return undefined
}

/** What readers follow from the trailer; writers put remarks of their own there. */
const TRAILER_KEYS = ['Root', 'Info', 'Encrypt'] as const

function trailerChange(signed: PdfDocument, current: PdfDocument): ForbiddenChange | undefined {
  const changed = TRAILER_KEYS.find(
    (key) => !sameObject(signed.trailer.entries.get(key), current.trailer.entries.get(key)),
  )
  return changed && { code: 'TRAILER_CHANGED', detail: `the trailer's ${changed} is another after the seal` }
}

function objectChange(
  signed: PdfDocument,
  current: PdfDocument,
  { index, field }: { readonly index: number; readonly field: SignatureField },
): ForbiddenChange | undefined {
  current.work.spend(COMPARED * current.revisions.slice(index + 1).reduce((sum, one) => sum + one.entries.size, 0))
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
  const additions = () => new Additions(signed, current, { added, referrers, field })
  return suppliedLater(added, referrers) ?? forbiddenAmong(changed, additions())
}

/** A reference that led nowhere when the seal was made and leads somewhere now: a shadow attack. */
function suppliedLater(added: ReadonlySet<number>, referrers: Referrers): ForbiddenChange | undefined {
  const number = [...added].find((one) => [...(referrers.get(one)?.keys() ?? [])].some((from) => from !== REMARKS))
  if (number === undefined) return undefined
  return {
    code: 'OBJECT_SUPPLIED_LATER',
    detail: `object ${number}, referred to before the seal, was supplied after it`,
  }
}

/** Steps of looking an object up twice. */
const COMPARED = 8

interface Step {
  readonly signed: PdfDocument
  readonly current: PdfDocument
  /** Objects that later revisions write or free. */
  readonly touched: ReadonlySet<number>
}

/** Stands for entries of the trailer that no reader follows. */
const REMARKS = -1

function isFollowed(key: string): boolean {
  return TRAILER_KEYS.some((followed) => followed === key)
}

/** Of what was added or changed; and of what refers to that, since only so much of an object's way is looked at. */
function referrersOf(step: Step, wanted: ReadonlySet<number>): Referrers {
  const referrers = new Map<number, Map<number, number>>()
  if (wanted.size === 0) return referrers
  noteReferrers(step, wanted, referrers)
  const streams = [...wanted].filter((number) => isKind(step.signed.indirect(number)?.object, 'stream'))
  const holders = new Set(streams.flatMap((number) => [...(referrers.get(number)?.keys() ?? [])]))
  const more = new Set([...holders].filter((number) => !wanted.has(number)))
  if (more.size > 0) noteReferrers(step, more, referrers)
  return referrers
}

function noteReferrers(
  { signed, current, touched }: Step,
  wanted: ReadonlySet<number>,
  referrers: Map<number, Map<number, number>>,
): void {
  const note = (from: number, object: PdfObject | undefined) =>
    eachReference(object, (to) => {
      if (!wanted.has(to)) return
      const known = referrers.get(to) ?? new Map<number, number>()
      known.set(from, (known.get(from) ?? 0) + 1)
      referrers.set(to, known)
    })
  current.spendPass()
  for (const [key, value] of signed.trailer.entries) note(isFollowed(key) ? 0 : REMARKS, value)
  for (const number of signed.entries.keys()) {
    // What no later revision touches lies at the same bytes in both, and the whole file is parsed already. Were the Length or
    // the object stream that such an object needs another one now, that would be a change of its own.
    const found = (touched.has(number) ? signed : current).indirect(number)
    // A cross-reference stream's own dictionary is a trailer.
    if (found !== undefined && !isXref(found.object)) note(number, found.object)
  }
}

function isXref(object: PdfObject): boolean {
  const type = isKind(object, 'stream') ? object.dict.entries.get('Type') : undefined
  return isKind(type, 'name') && type.name === 'XRef'
}

function forbiddenAmong(changed: readonly number[], additions: Additions): ForbiddenChange | undefined {
  const number = changed.find((one) => !additions.permits(one))
  const cover = additions.cover(changed)
  if (cover?.code === 'SEAL_COVERED' || number === undefined) return cover
  return {
    code: 'CHANGED_AFTER_SEAL',
    detail: `object ${number} (${additions.describe(number)}) was changed after the seal`,
  }
}
