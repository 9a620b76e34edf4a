import { concat } from '../encode/bytes'
import { type RunningHash, runningHash, subtle } from '../encode/subtle'
import { type Digest, digestOfDocument } from '../model/digest'
import { type SignedRange, signedParts } from '../pdf/signed-range'

/** SHA-256 of a file, of its revisions and of what its signatures cover. */
export interface FileDigests {
  whole(): Promise<Digest>
  /** Of the file's bytes up to the revision's end. */
  revision(range: SignedRange): Promise<Digest>
  /** Of the two parts that the signature covers, by the named algorithm. */
  covered(range: SignedRange, algorithm: string): Promise<Uint8Array>
}

/**
 * All these byte strings begin with the file's first byte: where the platform hashes in steps the file is passed once for
 * all of them, without a copy; else WebCrypto is asked for each.
 */
export function fileDigests(bytes: Uint8Array): FileDigests {
  const begun = runningHash('SHA-256')
  return begun === undefined ? byWebCrypto(bytes) : inSteps(new Steps(bytes, begun))
}

function byWebCrypto(bytes: Uint8Array): FileDigests {
  const whole = digestOfDocument(bytes)
  return {
    whole: () => whole,
    revision: ({ revisionEnd: end }) => (end === bytes.length ? whole : digestOfDocument(bytes.subarray(0, end))),
    covered: (range, algorithm) => digestOfParts(bytes, range, algorithm),
  }
}

async function digestOfParts(bytes: Uint8Array, range: SignedRange, algorithm: string): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest(algorithm, concat(...signedParts(bytes, range))))
}

function inSteps(steps: Steps): FileDigests {
  const { bytes } = steps
  const others = new Map<string, Steps>([['SHA-256', steps]])
  const stepsBy = (algorithm: string): Steps => {
    const known = others.get(algorithm)
    if (known !== undefined) return known
    const begun = runningHash(algorithm)
    if (begun === undefined) throw new Error(`the platform that hashes in steps has no ${algorithm}`)
    const started = new Steps(bytes, begun)
    others.set(algorithm, started)
    return started
  }
  const upTo = async (end: number) => `sha256:${steps.upTo(end).digest('hex')}` as Digest
  return {
    whole: () => upTo(bytes.length),
    revision: ({ revisionEnd }) => upTo(revisionEnd),
    covered: async (range, algorithm) => {
      const [, after] = signedParts(bytes, range)
      return new Uint8Array(stepsBy(algorithm).upTo(range.gapStart).update(after).digest('buffer'))
    },
  }
}

/** The hash as it stood at each place that was asked for; seals come in the file's order, so each goes on from the last. */
class Steps {
  readonly bytes: Uint8Array
  readonly #places: { readonly at: number; readonly hash: RunningHash }[]

  constructor(bytes: Uint8Array, begun: RunningHash) {
    this.bytes = bytes
    this.#places = [{ at: 0, hash: begun }]
  }

  /** The hash of the first `end` bytes, the caller's own to go on with. */
  upTo(end: number): RunningHash {
    let before = this.#places.length - 1
    while (this.#places[before].at > end) before--
    const { at, hash } = this.#places[before]
    if (at === end) return hash.copy()
    const reached = hash.copy().update(this.bytes.subarray(at, end))
    this.#places.splice(before + 1, 0, { at: end, hash: reached })
    return reached.copy()
  }
}
