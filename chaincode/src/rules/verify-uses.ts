import type { Use } from '@cinnabar/core'
import type { Context } from './context'
import { RuleError } from './errors'
import type { UseRegister } from './use-register'
import { type VerifiedUse, verifyUse } from './verify-use'

/**
 * Where signatures are verified by WebCrypto's threads: enough that these do not run dry while this one waits for the
 * processor, as they did with 16 on a busy machine; few enough that the ledger's answers are heard between them.
 */
const IN_FLIGHT = 128

/**
 * Re-verifies uses, several at a time.
 * @throws {@link RuleError} what is wrong with the first bad use, whichever was found first: `details.index` is its
 * place. Those behind it need not have been looked at.
 */
export async function verifyUses(
  context: Context,
  register: UseRegister,
  uses: readonly Use[],
): Promise<readonly VerifiedUse[]> {
  const verified: VerifiedUse[] = []
  const refusals: { readonly index: number; readonly reason: unknown }[] = []
  let next = 0
  const work = async () => {
    // Taken in order, so that everything before a refused one is at least in work.
    while (next < uses.length && refusals.length === 0) {
      const index = next++
      try {
        verified[index] = await verifyUse(context, register, uses[index])
      } catch (reason) {
        refusals.push({ index, reason })
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  const [first] = refusals.sort((a, b) => a.index - b.index)
  if (first !== undefined) throw atIndex(first.reason, first.index)
  return verified
}

function atIndex(reason: unknown, index: number): unknown {
  if (!(reason instanceof RuleError)) return reason
  return new RuleError(reason.code, reason.message, { ...reason.details, index }, reason)
}
