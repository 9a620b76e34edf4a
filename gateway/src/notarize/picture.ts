import { concat, equal, pictureDigest, pointsOf, type Seal, type SealPicture, utf8 } from '@cinnabar/core'
import type { FileStore } from '../store/store'
import { NotarizeError } from './notarize-error'

/**
 * A seal's picture as one file: FORMAT.md, "Picture". Its SHA-256 is the `appearance` that the register holds, so that
 * the FileStore finds it by that digest.
 */
export function pictureFile({ widthPt, heightPt, content }: Omit<SealPicture, 'widthMm' | 'heightMm'>): Uint8Array {
  return concat(utf8(`cinnabar.picture.v1\n${widthPt} ${heightPt}\n`), content)
}

/**
 * The registered picture of a seal.
 * @throws {@link NotarizeError} `SEAL_PICTURE_MISSING` when it is not stored, or not of the registered size.
 */
export async function registeredPicture(files: FileStore, seal: Seal): Promise<SealPicture> {
  const file = await files.get(seal.appearance.slice('sha256:'.length))
  const picture = file && readPicture(file, seal)
  if (picture !== undefined) return picture
  throw new NotarizeError('SEAL_PICTURE_MISSING', `the picture of seal ${seal.id} is not in the file store`, {
    seal: seal.id,
    appearance: seal.appearance,
  })
}

function readPicture(file: Uint8Array, seal: Seal): SealPicture | undefined {
  const lineEnd = file.indexOf(10, file.indexOf(10) + 1) + 1
  const [widthMm, heightMm] = [seal.widthUm / 1000, seal.heightUm / 1000]
  const content = file.subarray(lineEnd)
  const picture = { widthMm, heightMm, widthPt: pointsOf(widthMm), heightPt: pointsOf(heightMm), content }
  // One comparison covers the heading, the size and the content.
  return pictureDigest(picture) === seal.appearance && equal(file, pictureFile(picture)) ? picture : undefined
}
