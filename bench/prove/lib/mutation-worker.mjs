import { compiled } from './dist.mjs'
import { serve } from './pool.mjs'

// Makes and judges the mutants of a stretch of seeds.
serve(async ({ root, sample }) => {
  const { mutatorOf } = await compiled(root, 'core/dist/testing/mutation-run.js')
  const { run } = mutatorOf(sample)
  return async ({ from, to, hangs }, begin) => {
    const seeds = (function* () {
      for (let seed = from; seed < to; seed++) {
        begin(seed)
        // The watchdog's own test: what a reader without an end would do.
        while (seed === hangs);
        yield seed
      }
    })()
    const { findings, ...done } = await run(seeds, () => performance.now())
    return { ...done, findings: [...findings] }
  }
})
