import { concat } from '../encode/bytes'
import { DerError, type DerNode, readDer } from '../encode/der'
import { integer, oid, sequence, tlv } from '../encode/der-write'
import { mutated, type Roll } from './mutate'

/** A value that may be changed and is written with right lengths again, whatever became of what is inside. */
interface Part {
  tag: number
  content: Uint8Array
  /** Undefined where nothing can be inside. */
  parts: Part[] | undefined
}

const OCTET_STRING = 0x04

function partOf(node: DerNode, depth = 0): Part {
  const inside = node.tag === OCTET_STRING && depth < 8 ? encapsulated(node.content) : undefined
  const parts = (node.tag & 0x20) === 0 ? inside : node.children.map((child) => partOf(child, depth + 1))
  return { tag: node.tag, content: node.content, parts: parts && [...parts] }
}

/** Extensions, TSTInfo and the like are DER in an OCTET STRING. */
function encapsulated(content: Uint8Array): readonly Part[] | undefined {
  try {
    return [partOf(readDer(content, { maxBytes: 4 << 20 }), 1)]
  } catch (refusal) {
    if (refusal instanceof DerError) return undefined
    throw refusal
  }
}

const written = ({ tag, content, parts }: Part): Uint8Array =>
  tlv(tag, ...(parts === undefined ? [content] : parts.map(written)))

function allIn(part: Part): Part[] {
  return [part, ...(part.parts ?? []).flatMap(allIn)]
}

const any = <T>(items: readonly T[], roll: Roll): T => items[roll(items.length)]

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3,
]
const CONTENTS = [
  new Uint8Array(0),
  Uint8Array.of(0),
  Uint8Array.of(0xff),
  integer(-1),
  integer((1n << 256n) + 1n),
  new Uint8Array(1000).fill(0x41),
  oid('2.16.840.1.101.3.4.2.1'),
  oid('1.2.840.10045.4.3.2'),
  sequence(),
]

type Edit = (part: Part, all: readonly Part[], roll: Roll) => void

/** Each keeps every length right, so that a reader goes on to what the value means. */
const EDITS: readonly Edit[] = [
  (part, _, roll) => {
    part.tag = any(TAGS, roll)
  },
  (part, all, roll) => Object.assign(part, any(all, roll)),
  (part, _, roll) => Object.assign(part, { content: any(CONTENTS, roll), parts: undefined }),
  (part, _, roll) => {
    if (part.parts === undefined) part.content = mutated(part.content, roll)
    else part.parts = part.parts.filter((_one, at) => at !== roll(part.parts?.length ?? 1))
  },
  (part, all, roll) => {
    part.parts?.splice(roll(part.parts.length + 1), 0, { ...any(all, roll) })
  },
  (part, _, roll) => {
    if (part.parts === undefined || part.parts.length < 2) return
    const at = roll(part.parts.length - 1)
    part.parts.splice(at, 2, part.parts[at + 1], part.parts[at])
  },
  (part, _, roll) => {
    if (part.parts !== undefined || part.content.length === 0) return
    const content = part.content.slice()
    content[roll(content.length)] ^= 1 << roll(8)
    part.content = content
  },
  (part, _, roll) => {
    const { parts, content } = part
    const depth = 1 + roll(roll(6) === 0 ? 40 : 2)
    let inner: Part = { tag: part.tag, content, parts }
    for (let i = 0; i < depth; i++) inner = { tag: 0x30, content: new Uint8Array(0), parts: [inner] }
    Object.assign(part, inner)
  },
]

/** DER with one to three values in it changed, right lengths all the way up; now and then a length of its own. */
export function mutatedDer(der: Uint8Array, roll: Roll): Uint8Array {
  const root = partOf(readDer(der, { maxBytes: 4 << 20 }))
  for (let i = 0; i <= roll(3); i++) {
    const all = allIn(root)
    // A value is not put into itself: it would have no end.
    any(EDITS, roll)(any(all, roll), all.map(copied), roll)
  }
  const changed = written(root)
  return roll(10) === 0 ? concat(changed.subarray(0, 1), Uint8Array.of(0x80 + roll(5)), changed.subarray(2)) : changed
}

function copied({ tag, content, parts }: Part): Part {
  return { tag, content, parts: parts?.map(copied) }
}
