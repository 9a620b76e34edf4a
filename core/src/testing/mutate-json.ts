import { fromBase64, fromUtf8, toBase64, utf8 } from '../encode/bytes'
import { encodeCanonical, FormatError, type Json } from '../encode/canonical'
import { CodedError } from '../encode/coded-error'
import { mutated, type Roll } from './mutate'
import { mutatedDer } from './mutate-der'

/** Where a value stands: what holds it, and under which key or index. */
interface Slot {
  readonly holder: Record<string, Json>
  readonly key: string
  readonly value: Json
}

function slotsIn(value: Json): Slot[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, Json>
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key, value: inner }, ...slotsIn(inner)])
}

/** JSON is all that these values are. */
const copied = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const any = <T>(items: readonly T[], roll: Roll): T => items[roll(items.length)]

const VALUES: readonly Json[] = ['', 'x', '__proto__', 0, 1, 2 ** 53 - 1, true, false, [], {}, ['x'], { type: 'x' }]

type Edit = (slot: Slot, all: readonly Slot[], roll: Roll) => void

const put = ({ holder, key }: Slot, value: Json) => {
  holder[key] = value
}

/** Another value of the same kind, so that what a schema wants still holds. */
const kept: Edit = (slot, all, roll) => {
  const { value } = slot
  if (typeof value === 'number') put(slot, Math.max(0, value + any([-1, 1, 100, -100], roll)))
  else if (typeof value === 'boolean') put(slot, !value)
  else if (typeof value !== 'string') swapped(slot, all, roll)
  else if (roll(3) === 0) put(slot, any(all.map((one) => one.value).filter(isLike(value)), roll))
  else put(slot, changedText(value, roll))
}

const isLike = (text: string) => (other: Json) => typeof other === 'string' && other.length === text.length

/** An element of a list is left out, or stands twice, or elsewhere. */
const swapped: Edit = ({ value }, _, roll) => {
  if (!Array.isArray(value) || value.length === 0) return
  const [at, how] = [roll(value.length), roll(3)]
  const [item] = value.splice(at, 1)
  if (how > 0) value.splice(roll(value.length + 1), 0, item, ...(how > 1 ? [copied(item)] : []))
}

/** Each leaves what can be written canonically, so that a reader goes on to what it means. */
const EDITS: readonly Edit[] = [
  ...Array.from({ length: 12 }, () => kept),
  (slot, _, roll) => put(slot, any(VALUES, roll)),
  (slot, all, roll) => put(slot, copied(any(all, roll).value)),
  (slot) => {
    if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 1)
    else delete slot.holder[slot.key]
  },
  ({ holder, value }, _, roll) => {
    if (!Array.isArray(holder)) holder[any(['extra', 'type', 'zzz'], roll)] = copied(value)
  },
]

const ALPHABETS = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Base64 of DER becomes base64 of other DER; in any other text a letter becomes another one of its kind. */
function changedText(text: string, roll: Roll): string {
  const der = text.length > 60 && roll(3) === 0 ? otherDer(text, roll) : undefined
  if (der !== undefined) return der
  const places = [...text].flatMap((letter, at) => (ALPHABETS.some((one) => one.includes(letter)) ? [at] : []))
  if (places.length === 0) return `${text}x`
  const at = any(places, roll)
  const alphabet = ALPHABETS.find((one) => one.includes(text[at])) ?? text
  return text.slice(0, at) + any([...alphabet], roll) + text.slice(at + 1)
}

function otherDer(text: string, roll: Roll): string | undefined {
  try {
    return toBase64(mutatedDer(fromBase64(text), roll))
  } catch (refusal) {
    if (refusal instanceof CodedError) return undefined
    throw refusal
  }
}

/** Canonical JSON with one or two values changed, canonical again; now and then only its spelling is changed. */
export function mutatedJson(bytes: Uint8Array, roll: Roll): Uint8Array {
  const value = JSON.parse(fromUtf8(bytes)) as Json
  if (roll(12) === 0) return utf8(JSON.stringify(value, undefined, roll(3)))
  for (let i = 0; i <= roll(2); i++) {
    const all = slotsIn(value)
    if (all.length > 0) any(EDITS, roll)(any(all, roll), all, roll)
  }
  try {
    return encodeCanonical(value)
  } catch (refusal) {
    if (refusal instanceof FormatError) return mutated(bytes, roll)
    throw refusal
  }
}
