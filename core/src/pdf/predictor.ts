import { damaged } from './pdf-error'

/** DecodeParms of Flate and LZW, ISO 32000-2, table 8. */
export interface PredictorParms {
  readonly predictor: number
  readonly colors: number
  readonly bitsPerComponent: number
  readonly columns: number
}

/** Undoes the predictor. @throws PdfError `PDF_DAMAGED` for parameters or rows that no writer makes. */
export function undoPredictor(bytes: Uint8Array, parms: PredictorParms, at: number): Uint8Array {
  if (parms.predictor === 1) return bytes
  const bits = parms.colors * parms.bitsPerComponent
  const rowBytes = Math.ceil((bits * parms.columns) / 8)
  const legal = parms.colors >= 1 && parms.columns >= 1 && [1, 2, 4, 8, 16].includes(parms.bitsPerComponent)
  if (!legal || rowBytes > 1 << 24) throw damaged('invalid predictor parameters', at)
  const pixelBytes = Math.max(1, bits >> 3)
  if (parms.predictor === 2 && parms.bitsPerComponent === 8) return undoTiff(bytes, rowBytes, pixelBytes)
  if (parms.predictor >= 10 && parms.predictor <= 15) return undoPng(bytes, { rowBytes, pixelBytes, at })
  throw damaged(`unsupported predictor ${parms.predictor}`, at)
}

function undoTiff(bytes: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const out = bytes.slice()
  for (let row = 0; row < out.length; row += rowBytes) {
    const end = Math.min(row + rowBytes, out.length)
    for (let i = row + pixelBytes; i < end; i++) out[i] += out[i - pixelBytes]
  }
  return out
}

function undoPng(bytes: Uint8Array, shape: { rowBytes: number; pixelBytes: number; at: number }): Uint8Array {
  const { rowBytes, pixelBytes, at } = shape
  const rows = Math.ceil(bytes.length / (rowBytes + 1))
  const out = new Uint8Array(Math.max(0, bytes.length - rows))
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1)
    const to = row * rowBytes
    const filter = bytes[from]
    if (filter > 4) throw damaged('invalid PNG predictor', at)
    const length = Math.min(rowBytes, out.length - to)
    for (let i = 0; i < length; i++) {
      const left = i >= pixelBytes ? out[to + i - pixelBytes] : 0
      const up = row > 0 ? out[to + i - rowBytes] : 0
      const upLeft = row > 0 && i >= pixelBytes ? out[to + i - rowBytes - pixelBytes] : 0
      out[to + i] = bytes[from + 1 + i] + predict(filter, left, up, upLeft)
    }
  }
  return out
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const p = left + up - upLeft
  const toLeft = Math.abs(p - left)
  const toUp = Math.abs(p - up)
  const toUpLeft = Math.abs(p - upLeft)
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}
