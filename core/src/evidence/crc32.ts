import { platformCrc32 } from '../encode/subtle'

/** By how many bytes lie behind it, then by the byte: what it adds to the checksum. */
const TABLES: readonly Uint32Array[] = tablesFor(4)

function tablesFor(places: number): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1
    return rest
  })
  const tables = [first]
  for (let place = 1; place < places; place++) {
    tables.push(tables[place - 1].map((rest) => first[rest & 255] ^ (rest >>> 8)))
  }
  return tables
}

/** CRC-32 as ZIP has it (APPNOTE 4.4.7). It finds accidents; nothing rests on it against intent. */
export const crc32: (bytes: Uint8Array) => number = platformCrc32() ?? crc32InSteps

/** {@link crc32} four bytes at a time, where the platform has none. */
export function crc32InSteps(bytes: Uint8Array): number {
  const [last, third, second, first] = TABLES
  const whole = bytes.length & ~3
  let crc = 0xffffffff
  for (let i = 0; i < whole; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    crc = first[crc & 255] ^ second[(crc >>> 8) & 255] ^ third[(crc >>> 16) & 255] ^ last[crc >>> 24]
  }
  for (let i = whole; i < bytes.length; i++) crc = last[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
