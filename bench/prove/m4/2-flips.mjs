import { compiled } from '../lib/dist.mjs'

export const line = 2
export const title =
  'Every single byte of three sealed files (one revision, two seals, long-term data) flipped in turn: never `passed`'

export async function run({ root, say }) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal, twoSeals } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { flipEveryByte } = await compiled(root, 'core/dist/testing/flip.js')
  const { verify } = await compiled(root, 'core/dist/index.js')
  const { PERMITTED } = await compiled(root, 'fixtures/dist/index.js')
  const world = await newWorld()
  const small = { contentsBytes: 2600 }
  const two = await twoSeals(world, { seal: small })
  const lasting = PERMITTED.reduce((pdf, [, add]) => add(pdf), two.pdf)
  const files = [
    ['one revision', await oneSeal(world, { seal: small })],
    ['two seals', two],
    ['two seals, validation data twice, a document timestamp field', { ...two, pdf: lasting }],
  ]
  const rows = []
  const details = []
  for (const [name, sample] of files) {
    const before = await verify(sample)
    if (before.outcome !== 'passed') throw new Error(`${name}: ${before.code}`)
    say(`${name}: ${sample.pdf.length} bytes`)
    const { tried, verdicts, unnoticed } = await flipEveryByte(sample)
    rows.push({ name, tried, unnoticed })
    const counts = [...verdicts].sort((a, b) => b[1] - a[1]).map(([verdict, count]) => `${verdict}: ${count}`)
    details.push(`**${name}**, ${tried} bytes: ${counts.join(', ')}`)
    if (unnoticed.length > 0) {
      const listed = unnoticed.slice(0, 40).map(({ position, what }) => `${position} ${what}`)
      details.push(`not noticed: ${listed.join('; ')}`)
    }
  }
  return {
    ok: rows.every(({ unnoticed }) => unnoticed.length === 0),
    measured: rows
      .map(({ name, tried, unnoticed }) => `${name}: ${tried} flipped, ${unnoticed.length} passed`)
      .join('; '),
    detail: details.join('\n\n'),
  }
}
