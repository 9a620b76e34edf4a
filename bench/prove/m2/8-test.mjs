import { cleanCloneTest } from '../lib/npm-test.mjs'

export const line = 8
export const title =
  '`npm test` on a clean clone includes the real network (the long faults as a short, fixed-seed slice) and closes with `N passed, N failed`'

/** What must have been among the tests. */
const SUITES = [/PASS gateway\/test\/fabric\/ledger\.network\.ts/, /PASS gateway\/test\/fabric\/refusals\.network\.ts/]

export async function run(context) {
  const { ok, measured, detail, output } = await cleanCloneTest(context)
  const suites = [...new Set(output.match(/PASS \S+\.network\.ts/g) ?? [])].map((text) => text.slice('PASS '.length))
  return {
    ok: ok && SUITES.every((suite) => suite.test(output)),
    measured: `${measured}; on the real network: ${suites.map((path) => path.split('/').at(-1)).join(', ') || 'nothing'}`,
    detail,
  }
}
