import type { Report } from '../model/report'
import { type VerifyRequest, verify } from '../verify/verify'

/** What came of flipping bytes: how often each verdict was given, and the flips that were not noticed. */
export interface Flips {
  readonly tried: number
  /** By `outcome CODE`. */
  readonly verdicts: ReadonlyMap<string, number>
  /** Verified as `passed`, or an exception instead of a report. */
  readonly unnoticed: readonly { readonly position: number; readonly flip: number; readonly what: string }[]
}

/** Which bytes to change, and how: each is tried with each bit pattern. */
export interface FlipPlan {
  readonly positions: Iterable<number>
  readonly flips: readonly number[]
}

/** Every byte of the file, its lowest bit flipped. */
export function everyByte(bytes: Uint8Array): FlipPlan {
  return { positions: bytes.keys(), flips: [1] }
}

/** So many positions that look random and are the same in every run. */
export function someBytes(bytes: Uint8Array, count: number, flips: readonly number[]): FlipPlan {
  const positions = Array.from({ length: count }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0)
  return { positions: positions.map((number) => number % bytes.length), flips }
}

/**
 * Malleability: verifies the file once for each byte changed. Nobody may be able to change a byte of a sealed file and have
 * it still pass.
 */
export async function flipEveryByte(request: VerifyRequest, plan: FlipPlan = everyByte(request.pdf)): Promise<Flips> {
  return flipping(request.pdf, plan, (pdf) => verify({ ...request, pdf }))
}

/** As {@link flipEveryByte} of the evidence container; `same` says whether a changed container reads as before. */
export async function flipEvidence(
  request: VerifyRequest,
  same: (container: Uint8Array) => boolean,
  plan?: FlipPlan,
): Promise<Flips> {
  const [container = new Uint8Array(0)] = request.evidence ?? []
  const judge = (changed: Uint8Array) => verify({ ...request, evidence: [changed] })
  return flipping(container, plan ?? everyByte(container), judge, same)
}

async function flipping(
  bytes: Uint8Array,
  { positions, flips }: FlipPlan,
  judge: (changed: Uint8Array) => Promise<Report>,
  harmless: (changed: Uint8Array) => boolean = () => false,
): Promise<Flips> {
  const verdicts = new Map<string, number>()
  const unnoticed: { position: number; flip: number; what: string }[] = []
  let tried = 0
  for (const position of positions) {
    for (const flip of flips) {
      const changed = bytes.slice()
      changed[position] ^= flip
      const what = await outcomeOf(judge, changed)
      verdicts.set(what, (verdicts.get(what) ?? 0) + 1)
      tried++
      if (what.startsWith('failed') || what.startsWith('indeterminate') || harmless(changed)) continue
      unnoticed.push({ position, flip, what })
    }
  }
  return { tried, verdicts, unnoticed }
}

async function outcomeOf(judge: (changed: Uint8Array) => Promise<Report>, changed: Uint8Array): Promise<string> {
  try {
    const { outcome, code } = await judge(changed)
    return `${outcome} ${code}`
  } catch (thrown) {
    return `threw ${String(thrown)}`
  }
}
