import { concat, fromUtf8, utf8 } from '../encode/bytes'
import { encodeCanonical, FormatError, type Json } from '../encode/canonical'
import { readZip } from '../evidence/zip-read'
import { CENTRAL, LOCAL, type Member, writeZip } from '../evidence/zip-write'
import { digestOf } from '../model/digest'
import { mutated, type Roll } from './mutate'
import { mutatedJson } from './mutate-json'

const any = <T>(items: readonly T[], roll: Roll): T => items[roll(items.length)]

const NAMES = [
  'evidence.json',
  'EVIDENCE.JSON',
  '../evidence.json',
  '/etc/x',
  'a/b',
  '',
  'mimetype',
  'META-INF/x.xml',
  'é',
]

type Edit = (members: Member[], roll: Roll) => void

const EDITS: readonly Edit[] = [
  (members, roll) => members.splice(roll(members.length + 1), 0, any(members, roll)),
  (members, roll) => members.splice(roll(members.length), 1),
  (members, roll) => {
    const at = roll(members.length)
    members[at] = { ...members[at], path: any([...NAMES, any(members, roll).path], roll) }
  },
  (members, roll) => members.push({ path: any(NAMES, roll), bytes: any(members, roll).bytes }),
  (members, roll) => {
    const [a, b] = [roll(members.length), roll(members.length)]
    const moved = members[a]
    members[a] = members[b]
    members[b] = moved
  },
  (members, roll) => changeMember(members, roll),
  (members, roll) => relist(members, changeMember(members, roll)),
  (members, roll) => relist(members, changeMember(members, roll)),
]

function changeMember(members: Member[], roll: Roll): Member {
  const at = roll(members.length)
  const { path, bytes } = members[at]
  const changed = { path, bytes: path.endsWith('.json') ? mutatedJson(bytes, roll) : mutated(bytes, roll) }
  members[at] = changed
  return changed
}

/** The index lists the member's new digest, so that a reader goes on to what the member says. */
function relist(members: Member[], { path, bytes }: Member): void {
  const at = members.findIndex((one) => one.path === 'evidence.json')
  if (at < 0 || path === 'evidence.json') return
  try {
    const index = JSON.parse(fromUtf8(members[at].bytes)) as { files?: { path: string; digest: string }[] }
    for (const file of index.files ?? []) if (file.path === path) file.digest = digestOf(bytes)
    members[at] = { path: 'evidence.json', bytes: encodeCanonical(index as unknown as Json) }
  } catch (refusal) {
    if (!(refusal instanceof SyntaxError || refusal instanceof FormatError)) throw refusal
  }
}

/** A container with one or two things done to its members, checksums and directory right; now and then a header changed. */
export function mutatedZip(zip: Uint8Array, roll: Roll): Uint8Array {
  const members = [...readZip(zip)]
  for (let i = 0; i <= roll(2); i++) if (members.length > 0) any(EDITS, roll)(members, roll)
  const changed = writeZip(members)
  return roll(5) === 0 ? withHeader(changed, roll) : changed
}

/** One byte of a local or central header: flags, method, checksum, sizes, lengths, offsets. */
function withHeader(zip: Uint8Array, roll: Roll): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const starts: number[] = []
  for (let at = 0; at + 46 < zip.length; at++) {
    const word = view.getUint32(at, true)
    if (word === LOCAL || word === CENTRAL) starts.push(at)
  }
  if (starts.length === 0) return concat(zip, utf8('PK'))
  const changed = zip.slice()
  changed[any(starts, roll) + 4 + roll(42)] = any([0, 1, 8, 0x7f, 0xff], roll)
  return changed
}
