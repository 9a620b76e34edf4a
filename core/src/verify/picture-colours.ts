import type { PdfDocument } from '../pdf/document'
import { readJpegBlocks } from '../pdf/jpeg-blocks'
import { integerOf, isKind, isName, type PdfObject, type PdfStream } from '../pdf/objects'
import { tooComplex } from '../pdf/pdf-error'

/** Colours of a picture, a part of them where it is large: red, green and blue in turn, 0 to 255. */
export interface Colours {
  readonly rgb: Uint8Array
  /** Whether each is the mean of many points, so that thin lines are pale. */
  readonly means: boolean
}

const MAX_IMAGE_BYTES = 16 << 20
/** A seal's scan takes some hundred kilobytes. */
const MAX_JPEG_BYTES = 4 << 20
const MAX_LOOKED_AT = 200_000
/** Bytes of entropy-coded data for one step of work. */
const JPEG_BYTES_A_STEP = 2

/**
 * What colours a picture has: of 8 bits in RGB, CMYK, ICC profiles with as many components, or indexed; of JPEG its blocks' means.
 * Undefined for grey ones and for those not looked into: JPEG 2000, JBIG2, CCITT, LZW, Separation, DeviceN, Lab, 16 bits.
 * @throws PdfError for what does not decode.
 */
export function coloursOf(document: PdfDocument, image: PdfStream): Colours | undefined {
  const space = spaceOf(document, document.value(image.dict, 'ColorSpace'))
  const { bytes, remaining } = document.decodeStream(image)
  const inverted = isInverted(document, image)
  if (remaining.length === 1 && /^DCT(Decode)?$/.test(remaining[0])) return jpegColours(document, bytes, { inverted })
  if (remaining.length > 0 || bytes.length > MAX_IMAGE_BYTES || space === undefined) return undefined
  const bits = integerOf(document.value(image.dict, 'BitsPerComponent'))
  const width = integerOf(document.value(image.dict, 'Width')) ?? 0
  if (space.table !== undefined) return indexedColours(bytes, { bits: bits ?? 0, width, table: space.table })
  return bits === 8 ? { rgb: rgbOf(bytes, { components: space.components, inverted }), means: false } : undefined
}

interface Space {
  readonly components: number
  /** Of an indexed space: red, green and blue by index. */
  readonly table?: Uint8Array
}

function spaceOf(document: PdfDocument, object: PdfObject, depth = 0): Space | undefined {
  if (['DeviceRGB', 'RGB', 'CalRGB'].some((name) => isName(object, name))) return { components: 3 }
  if (['DeviceCMYK', 'CMYK'].some((name) => isName(object, name))) return { components: 4 }
  if (!isKind(object, 'array') || depth > 2) return undefined
  const [kind, base, , table] = object.items.map((item) => document.resolve(item))
  if (isName(kind, 'CalRGB')) return { components: 3 }
  if (isName(kind, 'ICCBased') && isKind(base, 'stream')) {
    const components = integerOf(document.value(base.dict, 'N'))
    return components === 3 || components === 4 ? { components } : undefined
  }
  if (!isName(kind, 'Indexed') && !isName(kind, 'I')) return undefined
  const of = spaceOf(document, base, depth + 1)
  const bytes = isKind(table, 'string')
    ? table.bytes
    : isKind(table, 'stream')
      ? document.decodeStream(table).bytes
      : undefined
  if (of === undefined || bytes === undefined || of.table !== undefined) return undefined
  return { components: 1, table: rgbOf(bytes.subarray(0, 1024), { components: of.components, inverted: false }) }
}

/** ISO 32000-2 8.9.5.2: Decode `[1 0 …]`. */
function isInverted(document: PdfDocument, image: PdfStream): boolean {
  const decode = document.value(image.dict, 'Decode')
  return isKind(decode, 'array') && integerOf(document.resolve(decode.items[0])) === 1
}

interface Samples {
  readonly components: number
  readonly inverted: boolean
}

function rgbOf(samples: Uint8Array, { components, inverted }: Samples): Uint8Array {
  const points = Math.floor(samples.length / components)
  const step = Math.max(1, Math.floor(points / MAX_LOOKED_AT))
  const rgb = new Uint8Array(3 * Math.ceil(points / step))
  for (let i = 0, to = 0; i < points; i += step, to += 3) {
    const at = i * components
    const of = (k: number) => (inverted ? 255 - samples[at + k] : samples[at + k])
    const black = components === 4 ? 255 - of(3) : 255
    for (let k = 0; k < 3; k++) rgb[to + k] = components === 4 ? ((255 - of(k)) * black) / 255 : of(k)
  }
  return rgb
}

function indexedColours(
  bytes: Uint8Array,
  { bits, width, table }: { readonly bits: number; readonly width: number; readonly table: Uint8Array },
): Colours | undefined {
  if (![1, 2, 4, 8].includes(bits) || width < 1) return undefined
  const rowBytes = Math.ceil((width * bits) / 8)
  const points = Math.floor(bytes.length / rowBytes) * width
  const step = Math.max(1, Math.floor(points / MAX_LOOKED_AT))
  const rgb = new Uint8Array(3 * Math.ceil(points / step))
  for (let i = 0, to = 0; i < points; i += step, to += 3) {
    const at = Math.floor(i / width) * rowBytes * 8 + (i % width) * bits
    const index = (bytes[at >> 3] >> (8 - bits - (at & 7))) & ((1 << bits) - 1)
    rgb.set(table.subarray(3 * index, 3 * index + 3), to)
  }
  return { rgb, means: false }
}

function jpegColours(
  document: PdfDocument,
  jpeg: Uint8Array,
  { inverted }: { readonly inverted: boolean },
): Colours | undefined {
  if (jpeg.length > MAX_JPEG_BYTES) throw tooComplex('a JPEG')
  document.drawing.spend(Math.floor(jpeg.length / JPEG_BYTES_A_STEP))
  const { components, samples, transform, width, height } = readJpegBlocks(jpeg, 0)
  document.drawing.spend(width * height)
  if (components === 1) return undefined
  // Three components are YCbCr unless Adobe's marker says otherwise, four are as they are (ISO 32000-2 table 13).
  const isYcc = components === 3 ? transform !== 0 : transform === 2
  const plain = isYcc ? fromYcc(samples, components) : samples
  return { rgb: rgbOf(plain, { components, inverted }), means: true }
}

/** JFIF 1.02: YCbCr to RGB; the first three of YCCK to CMY, which is the other way round. */
function fromYcc(samples: Uint8Array, components: number): Uint8Array {
  const out = samples.slice()
  const clamped = (value: number) => Math.max(0, Math.min(255, Math.round(value)))
  for (let at = 0; at + 2 < samples.length; at += components) {
    const [y, cb, cr] = [samples[at], samples[at + 1] - 128, samples[at + 2] - 128]
    out[at] = clamped(y + 1.402 * cr)
    out[at + 1] = clamped(y - 0.344136 * cb - 0.714136 * cr)
    out[at + 2] = clamped(y + 1.772 * cb)
    if (components === 4) for (let k = 0; k < 3; k++) out[at + k] = 255 - out[at + k]
  }
  return out
}
