import { compiled } from '../lib/dist.mjs'

export const line = 2
export const title =
  'Every single byte of three sealed files (one revision, two seals, LTA) flipped in turn: never `passed` unless it is outside everything displayed or signed by a seal, and then listed'

/** 1 flips every byte; a larger number is for a quick look. */
const EVERY = Number(process.env.FLIP_EVERY ?? 1)

export async function run({ root, say }) {
  const { flipEveryByte } = await compiled(root, 'core/dist/testing/flip.js')
  const { verify } = await compiled(root, 'core/dist/index.js')
  const rows = []
  const details = []
  for (const { name, sample, sealedUntil } of await filesOf(root)) {
    const before = await verify(sample)
    if (before.outcome !== 'passed') throw new Error(`${name}: ${before.code}`)
    say(`${name}: ${sample.pdf.length} bytes`)
    const positions = [...sample.pdf.keys()].filter((at) => at % EVERY === 0)
    const { tried, verdicts, unnoticed } = await flipEveryByte(sample, { positions, flips: [1] })
    // What follows the last seal, no object of the signed revisions changed, is validation data and its timestamp: shown nowhere.
    const outside = unnoticed.filter(({ position, what }) => position >= sealedUntil && what.startsWith('passed'))
    rows.push({ name, tried, outside: outside.length, wrong: unnoticed.length - outside.length })
    const counts = [...verdicts].sort((a, b) => b[1] - a[1]).map(([verdict, count]) => `${verdict}: ${count}`)
    details.push(`**${name}**, ${tried} bytes: ${counts.join(', ')}`)
    if (outside.length > 0) {
      const list = rangesOf(outside.map(({ position }) => position)).join(', ')
      details.push(
        `Outside what any seal signs or a page shows (seals end at ${sealedUntil}), in the validation data and the document timestamp over it: ${list}`,
      )
    }
  }
  return {
    ok: rows.every(({ wrong }) => wrong === 0),
    measured: rows
      .map(
        ({ name, tried, wrong, outside }) =>
          `${name}: ${tried} flipped, ${wrong} passed, ${outside} outside and listed`,
      )
      .join('; '),
    detail: details.join('\n\n'),
  }
}

async function filesOf(root) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { oneSeal, twoSeals } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const world = await newWorld()
  const seal = { contentsBytes: 2600 }
  const [one, two] = [await oneSeal(world, { seal }), await twoSeals(world, { seal })]
  const lasting = await preserved(root, two.pdf, world)
  return [
    { name: 'one revision', sample: one, sealedUntil: one.pdf.length },
    { name: 'two seals', sample: two, sealedUntil: two.pdf.length },
    { name: 'two seals, LTA', sample: { ...two, pdf: lasting }, sealedUntil: two.pdf.length },
  ]
}

/** With the signers' certificates and a document timestamp by the court's authority. */
async function preserved(root, pdf, { bureau, company, court }) {
  const { addSecurityStore } = await compiled(root, 'core/dist/pdf/add-security-store.js')
  const { addDocumentTimestamp, embedContents } = await compiled(root, 'core/dist/pdf/sign-placeholder.js')
  const { tokenOf } = await compiled(root, 'core/dist/testing/pki.js')
  const { readPdf, sha256 } = await compiled(root, 'core/dist/index.js')
  const certificates = [bureau, company].map(({ pki }) => pki.sealCa.certificate)
  const stored = addSecurityStore(readPdf(pdf), { certificates, crls: [] })
  const placeholder = addDocumentTimestamp(readPdf(stored), { fieldName: 'Timestamp' })
  const imprint = sha256(Buffer.concat(placeholder.digestRanges))
  return embedContents(placeholder, await tokenOf(court.pki.tsa, imprint, new Date('2026-11-23T00:00:00Z')))
}

/** `12–40` for each run of positions that lie no further apart than they were flipped. */
function rangesOf(positions) {
  const ranges = []
  for (const at of positions) {
    const last = ranges.at(-1)
    if (last !== undefined && at - last[1] <= EVERY) last[1] = at
    else ranges.push([at, at])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`))
}
