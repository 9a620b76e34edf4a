/** ISO/IEC 18004 table 9, level M, versions 1 to 10: error correction codewords of a block, and blocks. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26] as const
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5] as const
/** Annex E: where alignment patterns are centred, besides 6. */
const ALIGNMENT: readonly (readonly number[])[] = [
  ...[[], [18], [22], [26], [30], [34]],
  ...[
    [22, 38],
    [24, 42],
    [26, 46],
    [28, 50],
  ],
]

/** 7.8.2: always this mask, so that a verifier draws the code again with one try instead of eight. */
const MASK = 2
const LEVEL_M = 0

/** A square of modules, row by row from the top; 1 is dark. */
export interface QrCode {
  readonly size: number
  readonly modules: Uint8Array
}

/** All that depends on the version alone. */
interface Frame {
  readonly size: number
  /** Function patterns drawn; data modules 1 where the mask inverts them. */
  readonly blank: Uint8Array
  /** Data modules in the order in which bits are placed (7.7.3). */
  readonly places: Uint16Array
}

const frames = new Map<number, Frame>()

/**
 * The QR code of bytes in byte mode, level M, smallest version, mask 2 (ISO/IEC 18004).
 * @returns undefined for more than 213 bytes, which versions 1 to 10 do not hold.
 */
export function qrCode(bytes: Uint8Array): QrCode | undefined {
  let version = 1
  while (version <= 10 && dataCodewords(version) * 8 < 4 + countBits(version) + 8 * bytes.length) version++
  if (version > 10) return undefined
  const { size, blank, places } = frameOf(version)
  const modules = blank.slice()
  const codewords = interleaved(dataOf(bytes, version), version)
  for (let i = 0; i < codewords.length * 8; i++) modules[places[i]] ^= (codewords[i >> 3] >> (7 - (i & 7))) & 1
  return { size, modules }
}

/** 7.4.1, table 3, byte mode. */
function countBits(version: number): number {
  return version < 10 ? 8 : 16
}

function dataCodewords(version: number): number {
  return totalCodewords(version) - CORRECTION[version - 1] * BLOCKS[version - 1]
}

/** Table 1, by what the function patterns leave. */
function totalCodewords(version: number): number {
  return frameOf(version).places.length >> 3
}

/** 7.4.5 and 7.4.10: mode, count, bytes, terminator, and pad codewords in turn. */
function dataOf(bytes: Uint8Array, version: number): Uint8Array {
  const data = new Uint8Array(dataCodewords(version))
  const head = 4 + countBits(version)
  const write = (value: number, bits: number, at: number) => {
    for (let i = 0; i < bits; i++) data[(at + i) >> 3] |= ((value >> (bits - 1 - i)) & 1) << (7 - ((at + i) & 7))
  }
  write(4, 4, 0)
  write(bytes.length, head - 4, 4)
  // The head ends in the middle of a byte.
  const first = head >> 3
  for (let i = 0; i < bytes.length; i++) {
    data[first + i] |= bytes[i] >> 4
    data[first + i + 1] |= (bytes[i] & 15) << 4
  }
  for (let at = first + bytes.length + 1, pad = 0xec; at < data.length; at++, pad ^= 0xec ^ 0x11) data[at] = pad
  return data
}

/** 7.6: the blocks' data codewords in turn, then their error correction codewords. */
function interleaved(data: Uint8Array, version: number): Uint8Array {
  const blocks = BLOCKS[version - 1]
  const correction = CORRECTION[version - 1]
  const all = new Uint8Array(data.length + blocks * correction)
  const short = Math.floor(data.length / blocks)
  const long = data.length % blocks
  for (let block = 0, from = 0; block < blocks; block++) {
    const length = short + (block >= blocks - long ? 1 : 0)
    const own = data.subarray(from, from + length)
    for (let i = 0; i < own.length; i++) {
      all[i < short ? i * blocks + block : short * blocks + block - (blocks - long)] = own[i]
    }
    const rest = remainder(own, correction)
    for (let i = 0; i < correction; i++) all[data.length + i * blocks + block] = rest[i]
    from += length
  }
  return all
}

/** Powers of 2 in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1 (7.5.2), twice over, and their inverse. */
const POWERS = new Uint8Array(510)
const LOGARITHMS = new Uint8Array(256)
for (let i = 0, value = 1; i < 255; i++) {
  POWERS[i] = value
  POWERS[i + 255] = value
  LOGARITHMS[value] = i
  value = (value << 1) ^ (value & 128 ? 0x11d : 0)
}

const generators = new Map<number, Uint8Array>()

/** Annex A: logarithms of the coefficients of (x - 1)(x - 2)…(x - 2^(degree - 1)) without the leading one. */
function generatorOf(degree: number): Uint8Array {
  const known = generators.get(degree)
  if (known !== undefined) return known
  let terms = Uint8Array.of(1)
  for (let root = 0; root < degree; root++) {
    const next = new Uint8Array(terms.length + 1)
    for (let i = 0; i < terms.length; i++) {
      next[i] ^= terms[i]
      if (terms[i] !== 0) next[i + 1] ^= POWERS[LOGARITHMS[terms[i]] + root]
    }
    terms = next
  }
  const found = terms.subarray(1).map((term) => LOGARITHMS[term])
  generators.set(degree, found)
  return found
}

/** 7.5.2: the remainder of the data polynomial by the generator. */
function remainder(data: Uint8Array, degree: number): Uint8Array {
  const generator = generatorOf(degree)
  const rest = new Uint8Array(data.length + degree)
  rest.set(data)
  for (let i = 0; i < data.length; i++) {
    if (rest[i] === 0) continue
    const factor = LOGARITHMS[rest[i]]
    for (let j = 0; j < degree; j++) rest[i + 1 + j] ^= POWERS[generator[j] + factor]
  }
  return rest.subarray(data.length)
}

function frameOf(version: number): Frame {
  const known = frames.get(version)
  if (known !== undefined) return known
  const size = 17 + 4 * version
  const blank = new Uint8Array(size * size)
  const isFunction = new Uint8Array(size * size)
  const set = (x: number, y: number, dark: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    blank[y * size + x] = dark ? 1 : 0
    isFunction[y * size + x] = 1
  }
  drawPatterns(version, size, set)
  drawWords(version, size, set)
  const places = placesOf(size, isFunction)
  for (const place of places) {
    // Mask 010 inverts every third column.
    blank[place] = (place % size) % 3 === 0 ? 1 : 0
  }
  const frame = { size, blank, places }
  frames.set(version, frame)
  return frame
}

type Set = (x: number, y: number, dark: boolean) => void

/** 6.3.3 to 6.3.6: timing, finders with their separators, alignment. */
function drawPatterns(version: number, size: number, set: Set): void {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const square = (cx: number, cy: number, reach: number, light: readonly number[]) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        set(cx + dx, cy + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
      }
    }
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ]) {
    square(x, y, 4, [2, 4])
  }
  const centres = version === 1 ? [] : [6, ...ALIGNMENT[version - 1]]
  const last = centres[centres.length - 1]
  for (const x of centres) {
    for (const y of centres) {
      const onFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)
      if (!onFinder) square(x, y, 2, [1])
    }
  }
}

/** 7.9 and 7.10: the format word twice, and from version 7 the version word twice, each with its BCH code. */
function drawWords(version: number, size: number, set: Set): void {
  const format = ((LEVEL_M << 3) | MASK) << 10
  const bits = (format | bch(format, 0x537, 10)) ^ 0x5412
  const bit = (i: number) => ((bits >> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    if (i < 8) set(size - 1 - i, 8, bit(i))
    else set(8, size - 15 + i, bit(i))
    if (i < 6) set(8, i, bit(i))
    else if (i < 8) set(8, i + 1, bit(i))
    else set(i === 8 ? 7 : 14 - i, 8, bit(i))
  }
  set(8, size - 8, true)
  if (version < 7) return
  const word = (version << 12) | bch(version << 12, 0x1f25, 12)
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
    set(a, b, ((word >> i) & 1) === 1)
    set(b, a, ((word >> i) & 1) === 1)
  }
}

function bch(value: number, generator: number, degree: number): number {
  let rest = value
  for (let i = 31 - Math.clz32(rest); i >= degree; i--) if ((rest >> i) & 1) rest ^= generator << (i - degree)
  return rest
}

/** 7.7.3: columns in pairs from the right, up and down in turn, the timing column passed over; whole codewords only. */
function placesOf(size: number, isFunction: Uint8Array): Uint16Array {
  const places: number[] = []
  for (let pair = 0, right = size - 1; right > 0; pair++, right -= right === 8 ? 3 : 2) {
    for (let i = 0; i < size; i++) {
      const y = pair % 2 === 0 ? size - 1 - i : i
      for (const x of [right, right - 1]) if (isFunction[y * size + x] === 0) places.push(y * size + x)
    }
  }
  return Uint16Array.from(places)
}
