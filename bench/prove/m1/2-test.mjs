import { cleanCloneTest } from '../lib/npm-test.mjs'

export const line = 2
export const title = '`npm test` on a clean clone passes and closes with `N passed, N failed`'

export async function run(context) {
  const { ok, measured, detail } = await cleanCloneTest(context)
  return { ok, measured, detail }
}
