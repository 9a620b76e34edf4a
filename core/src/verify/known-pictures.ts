import { equal } from '../encode/bytes'
import { keepRecent } from '../encode/keep-recent'
import type { Digest } from '../model/digest'
import type { PdfStream } from '../pdf/objects'
import { sameObject } from './same-object'

/** Seals' pictures in use at a time; one takes about 10 KB compressed. */
const MAX_KNOWN = 64
const MAX_BYTES = 1 << 18
const known = new Map<Digest, PdfStream>()

/**
 * Whether this very stream, byte for byte and by the same dictionary, was found to be the picture of that digest before. A
 * seal's picture never changes, and unpacking it takes longer than everything else about it.
 */
export function isKnownPicture(appearance: Digest, form: PdfStream): boolean {
  const found = known.get(appearance)
  return found !== undefined && equal(found.raw, form.raw) && sameObject(found.dict, form.dict)
}

/** Remembers a stream whose picture has that digest. */
export function rememberPicture(appearance: Digest, form: PdfStream): void {
  if (form.raw.length > MAX_BYTES) return
  // A copy: the file under test is the caller's, who may change it.
  keepRecent(known, MAX_KNOWN, appearance, { ...form, raw: form.raw.slice() })
}
