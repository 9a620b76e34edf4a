import { setTimeout as wait } from 'node:timers/promises'
import { withNetwork } from '../lib/network.mjs'
import { tryEdges } from './append/edges.mjs'
import { appendScene, timed, within } from './append/scene.mjs'

export const line = 4
export const title =
  'An append of 1,000 entries, each fully re-verified by two endorsing peers, final in under 1 s; a single one on an idle network in under 300 ms; message limits, execute timeout and AbsoluteMaxBytes tried at the edge'

const MANY_MS = 1000
const ONE_MS = 300
/** The first ones find cold code: they take the chaincode servers twice the processor's time. */
const WARM_UP = 8
const ROUNDS = 9

export function run({ root, say }) {
  return withNetwork(root, say, async (connectionFile) => {
    const scene = await appendScene(root, connectionFile)
    try {
      return await prove(scene, connectionFile, say)
    } finally {
      await scene.close()
    }
  })
}

async function prove(scene, connectionFile, say) {
  say(`${WARM_UP + ROUNDS} appends of ${scene.MAX_ENTRIES} entries`)
  for (let i = 0; i < WARM_UP; i++) await scene.append(await scene.batch(scene.MAX_ENTRIES))
  const many = await rounds(ROUNDS, async () => scene.append(await scene.batch(scene.MAX_ENTRIES)))
  say('single appends, a second apart')
  const one = await rounds(ROUNDS, async () => {
    const single = await scene.batch(1)
    await wait(1000)
    return scene.append(single)
  })
  say('steps')
  const steps = await stepsOf(scene)
  const edges = await tryEdges(scene, connectionFile, say)
  const refused = edges.filter(({ ok }) => !ok)
  return {
    ok: many.median < MANY_MS && one.median < ONE_MS && refused.length === 0,
    measured: `${scene.MAX_ENTRIES} entries: median ${text(many)}; one entry: median ${text(one)}; ${edges.length - refused.length} of ${edges.length} edges as they must be`,
    detail: `${stepTable(steps)}\n\n${edgeTable(edges)}`,
  }
}

async function rounds(count, append) {
  const found = []
  for (let i = 0; i < count; i++) found.push((await append()).ms)
  found.sort((a, b) => a - b)
  return { best: found[0], median: found[Math.floor(count / 2)], worst: found[count - 1] }
}

/** One append taken apart: by each endorser alone, by both as it is done, and what comes after. The best of some. */
async function stepsOf(scene) {
  const [first, second] = ['agency', 'court'].map((kind) => scene.cast[kind].institution)
  const best = new Map()
  const note = (what, ms) => best.set(what, Math.min(ms, best.get(what) ?? Number.POSITIVE_INFINITY))
  for (let i = 0; i < 3; i++) {
    const batch = await scene.batch(scene.MAX_ENTRIES)
    for (const id of [first, second]) {
      const alone = await scene.proposalOf(batch, [id])
      note(`endorsed by ${id} alone`, (await timed(() => alone.endorse(within(30_000)))).ms)
    }
    const both = await scene.proposalOf(batch, [first, second])
    const endorsed = await timed(() => both.endorse(within(30_000)))
    note('endorsed by both', endorsed.ms)
    const sent = await timed(() => endorsed.value.submit(within(30_000)))
    note('taken by the orderer', sent.ms)
    const status = await timed(() => sent.value.getStatus(within(30_000)))
    note("ordered, and committed by the agency's peer", status.ms)
    if (!status.value.successful) throw new Error(`an append was invalidated: ${status.value.code}`)
    note("the transaction's bytes", endorsed.value.getBytes().length)
  }
  return best
}

const text = ({ median, best, worst }) => `${median.toFixed(0)} ms, best ${best.toFixed(0)}, worst ${worst.toFixed(0)}`

function stepTable(steps) {
  const rows = Array.from(steps, ([what, value]) => `| ${what} | ${value.toFixed(0)} |`)
  return ['| step of an append of 1,000 | ms, best of 3 |', '|---|---|', ...rows].join('\n')
}

function edgeTable(edges) {
  const rows = edges.map(({ what, wanted, found, ok }) => `| ${what} | ${wanted} | ${ok ? '✓' : '✗'} ${found} |`)
  return ['| edge | must be | was |', '|---|---|---|', ...rows].join('\n')
}
