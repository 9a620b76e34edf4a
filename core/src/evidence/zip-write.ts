import { concat, utf8 } from '../encode/bytes'
import { crc32 } from './crc32'

/** One file of a container. */
export interface Member {
  readonly path: string
  readonly bytes: Uint8Array
}

/** APPNOTE 4.3.7, 4.3.12, 4.3.16: the first four bytes of each record, read as a little-endian number. */
export const LOCAL = 0x04034b50
export const CENTRAL = 0x02014b50
export const END = 0x06054b50

export const LOCAL_BYTES = 30
export const CENTRAL_BYTES = 46
export const END_BYTES = 22

/** APPNOTE 4.4.3: what a reader must be able to do to read a stored file in a folder. */
const VERSION = 20
/** 1980-01-01, the first day of MS-DOS time: members have no time of their own. */
const DATE = (1 << 5) | 1

/**
 * A ZIP of the members in this order, stored: no compression, no comments, no extra fields, no times. The same members
 * give the same bytes.
 */
export function writeZip(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const { path, bytes } of members) {
    const name = utf8(path)
    const shared = little([VERSION, 2], [0, 2], [0, 2], [0, 2], [DATE, 2], [crc32(bytes), 4], [bytes.length, 4])
    const lengths = little([bytes.length, 4], [name.length, 2], [0, 2])
    parts.push(little([LOCAL, 4]), shared, lengths, name, bytes)
    const place = little([0, 2], [0, 2], [0, 2], [0, 4], [at, 4])
    directory.push(little([CENTRAL, 4], [VERSION, 2]), shared, lengths, place, name)
    at += LOCAL_BYTES + name.length + bytes.length
  }
  const central = concat(...directory)
  const count = members.length
  const end = little([END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [central.length, 4], [at, 4], [0, 2])
  return concat(...parts, central, end)
}

/** Numbers end to end, each as that many bytes, the lowest first. */
function little(...fields: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  const out: number[] = []
  for (const [value, bytes] of fields) {
    for (let i = 0; i < bytes; i++) out.push(Math.floor(value / 2 ** (8 * i)) & 255)
  }
  return Uint8Array.from(out)
}
