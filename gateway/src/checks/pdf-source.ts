import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { StoreError } from '../store/store'
import type { FileAt, PdfSource } from './checks'

/** From here on a file is in one process at a time, which ends with it: what it took of memory is had back at once. */
export const LARGE_BYTES = 16 << 20

/** Nothing else of a file goes to another process. */
export function fileAt({ path, sha256, bytes }: FileAt): FileAt {
  return { path, sha256, bytes }
}

/** Whether reading it takes memory that is to be had back at once. */
export function isLarge(pdf: PdfSource): boolean {
  return !(pdf instanceof Uint8Array) && pdf.bytes >= LARGE_BYTES
}

/**
 * The bytes, in this process from now on. Waits for the disk: not where requests are served.
 * @throws {@link StoreError} `STORE_DAMAGED` when the digest is another; `STORE_UNAVAILABLE` when it cannot be read.
 */
export function bytesOf(pdf: PdfSource): Uint8Array {
  if (pdf instanceof Uint8Array) return pdf
  const { path, sha256 } = pdf
  const bytes = read(path, sha256)
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  throw new StoreError('STORE_DAMAGED', `file ${sha256} is not what was stored`, { sha256 })
}

function read(path: string, sha256: string): Uint8Array {
  try {
    const { buffer, byteOffset, length } = readFileSync(path)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    throw new StoreError('STORE_UNAVAILABLE', `file ${sha256} cannot be read`, { sha256 }, cause)
  }
}
