import { proveBulk } from './volume/bulk.mjs'
import { proveDeposits } from './volume/deposits.mjs'

export const line = 3
export const title =
  '1,000 documents sealed in one bulk job, stopped and resumed in the middle; 10,000 deposits in one call, final in under 10 s on the embedded ledger'

export async function run(context) {
  const deposits = await proveDeposits(context)
  const bulk = await proveBulk(context)
  return {
    ok: bulk.ok && deposits.ok,
    measured: `bulk: ${bulk.measured}. Deposits: ${deposits.measured}`,
    detail: bulk.detail,
  }
}
