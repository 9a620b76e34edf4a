import { damaged } from './pdf-error'

/** A JPEG at an eighth of its size: each sample is the mean of a block of 8 by 8. */
export interface JpegBlocks {
  readonly width: number
  readonly height: number
  /** 1, 3 or 4 for each block, 0 to 255. */
  readonly components: number
  readonly samples: Uint8Array
  /** What the Adobe marker says of colours: 0, 1 (YCbCr) or 2 (YCCK); undefined without one. */
  readonly transform: number | undefined
}

/** Blocks of all components: a seal scanned at 1,200 dots an inch has 200,000. */
const MAX_BLOCKS = 1 << 20

interface Component {
  readonly id: number
  readonly h: number
  readonly v: number
  readonly table: number
  /** Blocks a row, padded to whole units; and of what is shown. */
  stride: number
  readonly shown: { width: number; height: number }
  means: Int16Array
  last: number
}

interface Frame {
  readonly width: number
  readonly height: number
  readonly progressive: boolean
  readonly components: readonly Component[]
  readonly h: number
  readonly v: number
}

/** Symbols by code, at most 16 bits long: `first[length]` is the first code of a length, `at[length]` its place in `symbols`. */
interface Huffman {
  readonly counts: Uint8Array
  readonly symbols: Uint8Array
}

interface Reading {
  readonly bytes: Uint8Array
  readonly at: number
  readonly quantisers: Map<number, number>
  readonly tables: Map<number, Huffman>
  restart: number
  frame?: Frame
  transform?: number
}

/**
 * Reads the means of a JPEG's blocks (ITU-T T.81): baseline and extended sequential whole, of progressive its first scan.
 * Arithmetic coding, lossless and 12 bits are not read.
 * @throws PdfError `PDF_DAMAGED` for what is none of these.
 */
export function readJpegBlocks(bytes: Uint8Array, fileOffset: number): JpegBlocks {
  const reading: Reading = { bytes, at: fileOffset, quantisers: new Map(), tables: new Map(), restart: 0 }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw damaged('not a JPEG', fileOffset)
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw damaged('expected a marker in a JPEG', fileOffset + at)
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    const length = (bytes[at + 2] << 8) | bytes[at + 3]
    const end = at + 2 + length
    if (length < 2 || end > bytes.length) throw damaged('a JPEG is cut off', fileOffset + at)
    const segment = bytes.subarray(at + 4, end)
    if (marker === 0xda) return scanned(reading, segment, end)
    readSegment(reading, marker, segment)
    at = end
  }
  throw damaged('a JPEG without a picture', fileOffset)
}

function readSegment(reading: Reading, marker: number, segment: Uint8Array): void {
  if (marker === 0xdb) readQuantisers(reading, segment)
  else if (marker === 0xc4) readTables(reading, segment)
  else if (marker === 0xdd) reading.restart = (segment[0] << 8) | segment[1]
  else if (marker === 0xee && segment.length >= 12 && segment[0] === 0x41 && segment[1] === 0x64) {
    reading.transform = segment[11]
  } else if (marker >= 0xc0 && marker <= 0xc2) reading.frame = frameOf(reading, segment, marker === 0xc2)
  else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xcc) throw damaged('a JPEG of a kind not read', reading.at)
}

/** T.81 B.2.4.1: of each table its first element, by which means are multiplied. */
function readQuantisers({ quantisers, at }: Reading, segment: Uint8Array): void {
  for (let i = 0; i < segment.length; ) {
    const wide = segment[i] >> 4 !== 0
    if (i + (wide ? 129 : 65) > segment.length) throw damaged('a JPEG table is cut off', at)
    quantisers.set(segment[i] & 15, wide ? (segment[i + 1] << 8) | segment[i + 2] : segment[i + 1])
    i += wide ? 129 : 65
  }
}

/** T.81 B.2.4.2. */
function readTables({ tables, at }: Reading, segment: Uint8Array): void {
  for (let i = 0; i < segment.length; ) {
    const counts = segment.subarray(i + 1, i + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (i + 17 + total > segment.length) throw damaged('a JPEG table is cut off', at)
    tables.set(segment[i], { counts, symbols: segment.subarray(i + 17, i + 17 + total) })
    i += 17 + total
  }
}

function frameOf({ at }: Reading, segment: Uint8Array, progressive: boolean): Frame {
  const [precision, h1, h2, w1, w2, count] = segment
  const [height, width] = [(h1 << 8) | h2, (w1 << 8) | w2]
  if (precision !== 8 || ![1, 3, 4].includes(count) || segment.length < 6 + 3 * count || width === 0 || height === 0) {
    throw damaged('a JPEG of a kind not read', at)
  }
  const raw = Array.from({ length: count }, (_, i) => segment.subarray(6 + 3 * i, 9 + 3 * i))
  const [h, v] = [Math.max(...raw.map((one) => one[1] >> 4)), Math.max(...raw.map((one) => one[1] & 15))]
  const columns = Math.ceil(width / (8 * h))
  const rows = Math.ceil(height / (8 * v))
  const components = raw.map(([id, sampling, table]): Component => {
    const [own, down] = [sampling >> 4, sampling & 15]
    if (own < 1 || own > 4 || down < 1 || down > 4) throw damaged('a JPEG with impossible sampling', at)
    const shown = { width: Math.ceil((width * own) / (8 * h)), height: Math.ceil((height * down) / (8 * v)) }
    const blocks = columns * own * rows * down
    if (blocks > MAX_BLOCKS) throw damaged('a JPEG too large to be looked at', at)
    return { id, h: own, v: down, table, stride: columns * own, shown, means: new Int16Array(blocks), last: 0 }
  })
  return { width, height, progressive, components, h, v }
}

interface Coded {
  readonly component: Component
  readonly dc: Huffman
  readonly ac: Huffman | undefined
}

/** T.81 B.2.3: the first scan; of a progressive picture it holds the means, of a sequential one everything. */
function scanned(reading: Reading, header: Uint8Array, from: number): JpegBlocks {
  const { frame, tables, at } = reading
  if (frame === undefined) throw damaged('a JPEG without a frame', at)
  const coded = Array.from({ length: header[0] }, (_, i): Coded => {
    const [id, chosen] = [header[1 + 2 * i], header[2 + 2 * i]]
    const component = frame.components.find((one) => one.id === id)
    const dc = tables.get(chosen >> 4)
    const ac = frame.progressive ? undefined : tables.get(0x10 | (chosen & 15))
    if (component === undefined || dc === undefined || (ac === undefined && !frame.progressive)) {
      throw damaged('a JPEG scan without its tables', at)
    }
    return { component, dc, ac }
  })
  // Scans of single components are rare: what is not in the first is left at its mean.
  const low = header[3 + 2 * header[0]] & 15
  decodeScan(new Bits(reading.bytes, from), coded, {
    frame,
    restart: reading.restart,
    shift: frame.progressive ? low : 0,
  })
  return blocksOf(frame, reading)
}

interface Scan {
  readonly frame: Frame
  readonly restart: number
  readonly shift: number
}

function decodeScan(bits: Bits, coded: readonly Coded[], { frame, restart, shift }: Scan): void {
  const [only] = coded
  const single = coded.length === 1
  const columns = single ? only.component.shown.width : Math.ceil(frame.width / (8 * frame.h))
  const rows = single ? only.component.shown.height : Math.ceil(frame.height / (8 * frame.v))
  for (let unit = 0; unit < columns * rows && !bits.ended; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) {
      bits.restart()
      for (const { component } of coded) component.last = 0
    }
    const [x, y] = [unit % columns, Math.floor(unit / columns)]
    for (const one of coded) {
      const { h, v } = single ? { h: 1, v: 1 } : one.component
      for (let k = 0; k < h * v; k++) {
        const mean = decodeBlock(bits, one)
        const place = (y * v + Math.floor(k / h)) * one.component.stride + x * h + (k % h)
        one.component.means[place] = mean << shift
      }
    }
  }
}

/** T.81 F.2.2: the mean; what follows it in the block is passed. */
function decodeBlock(bits: Bits, { component, dc, ac }: Coded): number {
  component.last += bits.signed(bits.symbol(dc))
  if (ac === undefined) return component.last
  for (let k = 1; k < 64 && !bits.ended; k++) {
    const symbol = bits.symbol(ac)
    if (symbol === 0) break
    k += symbol >> 4
    if ((symbol & 15) !== 0) bits.skip(symbol & 15)
  }
  return component.last
}

/** Entropy-coded bits, T.81 F.2.2.5; at the end of the scan there are only zeros. */
class Bits {
  ended = false
  readonly #bytes: Uint8Array
  #at: number
  #byte = 0
  #left = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  #bit(): number {
    if (this.#left === 0) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.ended = true
        return 0
      }
      this.#at += byte === 0xff ? 2 : 1
      this.#byte = byte
      this.#left = 8
    }
    return (this.#byte >> --this.#left) & 1
  }

  symbol({ counts, symbols }: Huffman): number {
    let code = 0
    let first = 0
    let index = 0
    for (let length = 0; length < 16; length++) {
      code = (code << 1) | this.#bit()
      if (code - first < counts[length]) return symbols[index + code - first]
      index += counts[length]
      first = (first + counts[length]) << 1
    }
    this.ended = true
    return 0
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#bit()
  }

  /** T.81 F.2.2.1, EXTEND. */
  signed(count: number): number {
    let value = 0
    for (let i = 0; i < Math.min(count, 16); i++) value = (value << 1) | this.#bit()
    return count === 0 || value >= 1 << (count - 1) ? value : value - (1 << count) + 1
  }

  /** To behind the next restart marker. */
  restart(): void {
    this.#left = 0
    while (this.#at + 1 < this.#bytes.length) {
      const next = this.#bytes[this.#at + 1]
      if (this.#bytes[this.#at] === 0xff && next >= 0xd0 && next <= 0xd7) {
        this.#at += 2
        this.ended = false
        return
      }
      this.#at++
    }
    this.ended = true
  }
}

/** All components at the first one's size. */
function blocksOf({ components }: Frame, { quantisers, transform }: Reading): JpegBlocks {
  const [{ shown }] = components
  const { width, height } = shown
  const samples = new Uint8Array(width * height * components.length)
  for (const [c, component] of components.entries()) {
    const factor = (quantisers.get(component.table) ?? 1) / 8
    for (let i = 0; i < width * height; i++) {
      const x = Math.floor(((i % width) * component.shown.width) / width)
      const y = Math.floor((Math.floor(i / width) * component.shown.height) / height)
      const mean = 128 + component.means[y * component.stride + x] * factor
      samples[i * components.length + c] = Math.max(0, Math.min(255, Math.round(mean)))
    }
  }
  return { width, height, components: components.length, samples, transform }
}
