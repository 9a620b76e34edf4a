import { crc32, deflateSync } from 'node:zlib'

/** Black to white, and the three colours of verdicts with their half tones. */
const PALETTE = [
  ...[0, 40, 75, 110, 145, 180, 205, 225, 240, 255].map((grey) => [grey, grey, grey]),
  ...[
    [194, 18, 31],
    [224, 136, 143],
    [13, 107, 56],
    [134, 181, 155],
    [173, 97, 0],
    [214, 176, 128],
  ],
]

/** A page as pdftoppm draws it (PPM, P6) in sixteen colours: a tenth of what it writes as PNG itself. ISO/IEC 15948. */
export function smallPng(ppm) {
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 40).toString('latin1')) ?? []
  if (head === undefined) throw new Error('not a PPM of 8 bits a colour')
  const [columns, rows] = [Number(width), Number(height)]
  const stride = 1 + Math.ceil(columns / 2)
  const raw = Buffer.alloc(stride * rows)
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = head.length + 3 * (y * columns + x)
      raw[y * stride + 1 + (x >> 1)] |= nearest(ppm[at], ppm[at + 1], ppm[at + 2]) << (x % 2 === 0 ? 4 : 0)
    }
  }
  const size = Buffer.alloc(13)
  size.writeUInt32BE(columns, 0)
  size.writeUInt32BE(rows, 4)
  size.set([4, 3], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', size),
    chunk('PLTE', Buffer.from(PALETTE.flat())),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const known = new Map()

function nearest(red, green, blue) {
  const key = (red << 16) | (green << 8) | blue
  let found = known.get(key)
  if (found === undefined) {
    const far = PALETTE.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2)
    found = far.indexOf(Math.min(...far))
    known.set(key, found)
  }
  return found
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
