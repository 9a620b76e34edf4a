import { equal, latin1 } from '../encode/bytes'
import { crc32 } from './crc32'
import { damagedAt, EvidenceError } from './evidence-error'
import { CENTRAL, CENTRAL_BYTES, END, END_BYTES, LOCAL, LOCAL_BYTES, type Member } from './zip-write'

/** FORMAT.md section 9: a longer container is refused unread. */
export const MAX_EVIDENCE_BYTES = 64 << 20
/** FORMAT.md section 9. */
export const MAX_EVIDENCE_MEMBERS = 40_000

/** APPNOTE 4.4.4, bit 11: the name is UTF-8. Our names are ASCII, so that it changes nothing. */
const UTF8_NAMES = 0x0800

/**
 * Reads a ZIP that has one reading only: members stored, end to end from the first byte in the directory's order,
 * local and central headers the same, no comments, extra fields, doubled names or bytes outside. What a writer may
 * choose is a member's time, the version and its system's attributes.
 * @throws {@link EvidenceError} `EVIDENCE_TOO_LARGE`, `EVIDENCE_DAMAGED`.
 */
export function readZip(zip: Uint8Array): readonly Member[] {
  if (zip.length > MAX_EVIDENCE_BYTES) {
    const details = { bytes: zip.length, max: MAX_EVIDENCE_BYTES }
    throw new EvidenceError('EVIDENCE_TOO_LARGE', 'the container is larger than evidence may be', details)
  }
  const { view, count, directory, end } = readEnd(zip)
  const members: Member[] = []
  const seen = new Set<string>()
  let central = directory
  let local = 0
  for (let i = 0; i < count; i++) {
    const { member, nameBytes } = readMember(zip, view, { central, local, directory, end })
    // File systems that ignore case would keep only one of two such members.
    const key = member.path.toLowerCase()
    if (seen.has(key)) throw damagedAt(`two members are called ${member.path}`, central)
    seen.add(key)
    members.push(member)
    central += CENTRAL_BYTES + nameBytes
    local += LOCAL_BYTES + nameBytes + member.bytes.length
  }
  if (local !== directory) throw damagedAt('bytes between the last member and the directory', local)
  if (central !== end) throw damagedAt('bytes between the directory and its end record', central)
  return members
}

/** APPNOTE 4.3.16. Without a comment its place is known, so that no other end record can be found in its stead. */
function readEnd(zip: Uint8Array) {
  const end = zip.length - END_BYTES
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  if (end < 0 || view.getUint32(end, true) !== END) throw damagedAt('not a ZIP that ends with its directory', end)
  const count = view.getUint16(end + 8, true)
  const directory = view.getUint32(end + 16, true)
  const single =
    view.getUint32(end + 4, true) === 0 &&
    view.getUint16(end + 10, true) === count &&
    view.getUint16(end + 20, true) === 0
  if (!single) throw damagedAt('the directory is in parts or has a comment', end)
  if (directory + view.getUint32(end + 12, true) !== end) throw damagedAt('the directory is not where it says', end)
  if (count > MAX_EVIDENCE_MEMBERS) {
    const details = { members: count, max: MAX_EVIDENCE_MEMBERS }
    throw new EvidenceError('EVIDENCE_TOO_LARGE', 'the container has more members than evidence may have', details)
  }
  return { view, count, directory, end }
}

interface Place {
  readonly central: number
  readonly local: number
  readonly directory: number
  readonly end: number
}

/** APPNOTE 4.3.7 and 4.3.12: one member by both of its headers. */
function readMember(zip: Uint8Array, view: DataView, { central, local, directory, end }: Place) {
  if (central + CENTRAL_BYTES > end || view.getUint32(central, true) !== CENTRAL) {
    throw damagedAt('expected a directory entry', central)
  }
  const nameBytes = view.getUint16(central + 28, true)
  const size = view.getUint32(central + 24, true)
  const data = local + LOCAL_BYTES + nameBytes
  if (central + CENTRAL_BYTES + nameBytes > end || data + size > directory) throw damagedAt('cut off', central)
  if (view.getUint32(local, true) !== LOCAL || view.getUint32(central + 42, true) !== local) {
    throw damagedAt('a member does not begin where the one before it ends', central)
  }
  requirePlain(view, central)
  // Version needed to name length: 24 bytes that both headers have in the same order.
  const shared = equal(zip.subarray(local + 4, local + 28), zip.subarray(central + 6, central + 30))
  const name = zip.subarray(central + CENTRAL_BYTES, central + CENTRAL_BYTES + nameBytes)
  if (!shared || view.getUint16(local + 28, true) !== 0 || !equal(name, zip.subarray(local + LOCAL_BYTES, data))) {
    throw damagedAt('the local header says otherwise than the directory', local)
  }
  const bytes = zip.slice(data, data + size)
  if (crc32(bytes) !== view.getUint32(central + 16, true)) throw damagedAt('a member has another checksum', data)
  return { member: { path: latin1(name), bytes }, nameBytes }
}

/** Stored, in one part, with nothing beside it; the local header is compared with this one. */
function requirePlain(view: DataView, central: number): void {
  const flags = view.getUint16(central + 8, true)
  const size = view.getUint32(central + 24, true)
  if ((flags !== 0 && flags !== UTF8_NAMES) || view.getUint16(central + 10, true) !== 0) {
    throw damagedAt('a member is compressed or encrypted', central)
  }
  if (view.getUint32(central + 20, true) !== size) throw damagedAt('a stored member has two sizes', central)
  // Extra field length, comment length, disk number.
  if (view.getUint16(central + 30, true) !== 0 || view.getUint32(central + 32, true) !== 0) {
    throw damagedAt('a member has an extra field, a comment or another part', central)
  }
}
