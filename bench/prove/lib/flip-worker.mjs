import { compiled } from './dist.mjs'
import { serve } from './pool.mjs'

// Flips one bit pattern in every byte of a stretch of a file, and verifies each.
serve(async ({ root, samples }) => {
  const { flipEveryByte } = await compiled(root, 'core/dist/testing/flip.js')
  return async ({ file, flip, from, to }, begin) => {
    const positions = (function* () {
      for (let at = from; at < to; at++) {
        begin(at)
        yield at
      }
    })()
    const { tried, verdicts, unnoticed } = await flipEveryByte(samples[file], { positions, flips: [flip] })
    return { file, flip, tried, verdicts: [...verdicts], unnoticed }
  }
})
