import { concat, EncodingError, fromUtf8 } from '../encode/bytes'
import { CodedError } from '../encode/coded-error'

/** Bytes that are not the message that was expected. */
export class FabricError extends CodedError<'FABRIC_INVALID'> {}

/** How a field of a message is read. `repeated` fields are byte strings each. */
export type FieldKind = 'bytes' | 'number' | 'repeated'

/** The fields that a message may have, by number. */
export type Shape<Name extends string> = Readonly<Record<Name, readonly [number: number, kind: FieldKind]>>

/** One message of a shape. What is absent is empty or 0, as proto3 has it. */
export interface Message<Name extends string> {
  bytes(name: Name): Uint8Array
  text(name: Name): string
  number(name: Name): number
  repeated(name: Name): readonly Uint8Array[]
}

/** Fields of one message: a block of ten thousand reads is far beyond what our chaincode makes. */
const MAX_FIELDS = 10_000
const VARINT = 0
const LENGTH_DELIMITED = 2

/**
 * Reads one protobuf message. Stricter than protobuf on purpose, since signed bytes must not mean two things: a field that
 * the shape does not name, one of another wire type and a second value of a field that is not repeated are refused,
 * where other readers skip, guess or merge. Byte strings are views of `bytes`.
 * @throws {@link FabricError} `FABRIC_INVALID`.
 */
export function readMessage<Name extends string>(bytes: Uint8Array, shape: Shape<Name>): Message<Name> {
  const names = Object.keys(shape) as Name[]
  const byNumber = new Map(names.map((name) => [shape[name][0], name] as const))
  const numbers = new Map<Name, number>()
  const values = new Map<Name, Uint8Array[]>()
  for (const field of fieldsOf(bytes)) {
    const name = byNumber.get(field.number)
    if (name === undefined) throw invalid('a field that is not known', field.at)
    const kind = shape[name][1]
    if ((typeof field.value === 'number') !== (kind === 'number')) throw invalid('another wire type', field.at)
    const list = values.get(name)
    if (kind !== 'repeated' && (list !== undefined || numbers.has(name))) throw invalid('a field twice', field.at)
    if (typeof field.value === 'number') numbers.set(name, field.value)
    else if (list === undefined) values.set(name, [field.value])
    else list.push(field.value)
  }
  return messageOf(numbers, values)
}

interface Field {
  readonly number: number
  readonly value: number | Uint8Array
  /** Where it begins. */
  readonly at: number
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let count = 0
  for (let at = 0; at < bytes.length; ) {
    if (++count > MAX_FIELDS) throw invalid('more fields than are read', at)
    const tag = readVarint(bytes, at)
    const { value, end } = readVarint(bytes, tag.end)
    const wireType = tag.value % 8
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) throw invalid('another wire type', at)
    const after = wireType === VARINT ? end : end + value
    if (after > bytes.length) throw invalid('a field ends before its length says', at)
    const number = Math.floor(tag.value / 8)
    yield { number, value: wireType === VARINT ? value : bytes.subarray(end, after), at }
    at = after
  }
}

function messageOf<Name extends string>(
  numbers: ReadonlyMap<Name, number>,
  values: ReadonlyMap<Name, readonly Uint8Array[]>,
): Message<Name> {
  const bytes = (name: Name) => values.get(name)?.[0] ?? new Uint8Array(0)
  return {
    bytes,
    text: (name) => textOf(bytes(name)),
    number: (name) => numbers.get(name) ?? 0,
    repeated: (name) => values.get(name) ?? [],
  }
}

/** @throws {@link FabricError} `FABRIC_INVALID` when the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    throw new FabricError('FABRIC_INVALID', 'a text is not UTF-8', {}, cause)
  }
}

/** A field of bytes in its one form, tag and length before it. @param field - its number, 1 to 15. */
export function fieldBytes(field: number, value: Uint8Array): Uint8Array {
  const head = [field * 8 + LENGTH_DELIMITED]
  let rest = value.length
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128)
  return concat(Uint8Array.of(...head, rest), value)
}

/** Up to 2^53 - 1: nothing that is read here is larger, negative numbers included. */
function readVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i]
    if (byte === undefined) throw invalid('a number is cut short', from)
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte >= 0x80) continue
    if (value > Number.MAX_SAFE_INTEGER || (byte === 0 && i > 0)) throw invalid('a number in other than its form', from)
    return { value, end: from + i + 1 }
  }
  throw invalid('a number is too large', from)
}

function invalid(text: string, at: number): FabricError {
  return new FabricError('FABRIC_INVALID', text, { at })
}
