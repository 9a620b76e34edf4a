import type { VerifyRequest } from '../verify/verify'
import type { MutationSample } from './mutation-run'
import { preserved } from './preserved'
import { oneSeal, type Sample, twoSeals } from './sealed-evidence'
import type { World } from './sealed-world'

const SEAL = { contentsBytes: 2600 }

/** What the verifier is given of a sample, and nothing of how it was made. */
export function requestOf({ pdf, evidence, trust, at }: Sample): VerifyRequest {
  return { pdf, evidence, trust, at }
}

/** A file with one seal and one with two that is preserved, to be mutated. */
export async function mutationSample(world: World): Promise<MutationSample> {
  const one = await oneSeal(world, { seal: SEAL })
  const lasting = await preserved(await twoSeals(world, { seal: SEAL }), world)
  const [{ token }] = one.sealed
  if (token === undefined) throw new Error('the sample has no token')
  return { one: requestOf(one), lasting: requestOf(lasting), token, receipt: one.receipts[0] }
}
