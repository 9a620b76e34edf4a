import { concat } from '../encode/bytes'

/** What a mutation is made by: numbers that a seed decides, so that each can be made again. */
export type Roll = (below: number) => number

/** mulberry32: not for secrets. */
export function rollOf(seed: number): Roll {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

type Mutation = (bytes: Uint8Array, roll: Roll) => Uint8Array

const spliced = (bytes: Uint8Array, from: number, to: number, by: Uint8Array) =>
  concat(bytes.subarray(0, from), by, bytes.subarray(to))

function range(bytes: Uint8Array, roll: Roll): readonly [from: number, to: number] {
  const from = roll(bytes.length)
  return [from, Math.min(bytes.length, from + 1 + roll(roll(4) === 0 ? 600 : 12))]
}

const put =
  (value: (old: number, roll: Roll) => number): Mutation =>
  (bytes, roll) => {
    const changed = bytes.slice()
    const at = roll(bytes.length)
    changed[at] = value(changed[at], roll)
    return changed
  }

const WORDS = [
  'null',
  'endobj',
  'stream',
  '<<',
  '>>',
  '[',
  ']',
  '0 0 R',
  '99999999999',
  '-1',
  '%',
  '(',
  ')',
  '/V',
  'xref\n',
]
const EDGES = [0x00, 0x01, 0x20, 0x2f, 0x30, 0x7f, 0x80, 0x84, 0xff]

/** What is done to bytes; words of PDF do ASN.1 and JSON no harm that other bytes would not. */
const MUTATIONS: readonly Mutation[] = [
  put((old, roll) => old ^ (1 << roll(8))),
  put((_, roll) => roll(256)),
  put((_, roll) => EDGES[roll(EDGES.length)]),
  put((old) => old + 1),
  (bytes, roll) => spliced(bytes, ...range(bytes, roll), new Uint8Array(0)),
  (bytes, roll) => spliced(bytes, roll(bytes.length), bytes.length, new Uint8Array(0)),
  (bytes, roll) => {
    const [from, to] = range(bytes, roll)
    return spliced(bytes, to, to, bytes.subarray(from, to))
  },
  (bytes, roll) => {
    const [from, to] = range(bytes, roll)
    const at = roll(bytes.length)
    return spliced(bytes, at, Math.min(bytes.length, at + to - from), bytes.subarray(from, to))
  },
  (bytes, roll) => {
    const [from, to] = range(bytes, roll)
    return spliced(bytes, from, to, new Uint8Array(to - from).fill(EDGES[roll(EDGES.length)]))
  },
  (bytes, roll) => {
    const at = roll(bytes.length)
    const word = Uint8Array.from(WORDS[roll(WORDS.length)], (character) => character.charCodeAt(0))
    return spliced(bytes, at, Math.min(bytes.length, at + roll(word.length + 1)), word)
  },
]

/** The bytes with one to three things done to them. */
export function mutated(bytes: Uint8Array, roll: Roll): Uint8Array {
  let changed = bytes
  for (let i = 0; i <= roll(3); i++) {
    if (changed.length > 0) changed = MUTATIONS[roll(MUTATIONS.length)](changed, roll)
  }
  return changed
}
