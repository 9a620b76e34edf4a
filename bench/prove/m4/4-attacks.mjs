import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runCommand } from '../lib/run.mjs'

export const line = 4
export const title =
  'Each attack class by name with its generated file, its finding and its test; each judged within 2 s and 512 MB'

const MAX_MS = 2000
const MAX_MEGABYTES = 512

/** Every class's files, verified each in a process of its own. `keep` names a folder that outlives the run. */
export async function run({ root, scratch, say }) {
  const { ATTACK_CLASSES } = await compiled(root, 'fixtures/dist/index.js')
  const folder = process.env.CINNABAR_ATTACKS || join(scratch, 'attacks')
  mkdirSync(folder, { recursive: true })
  const scene = await sceneOf(root, folder)
  const classes = [...ATTACK_CLASSES, ...scene.more]
  const rows = []
  for (const { name, source, attacks, ...preparation } of classes) {
    const prepared = await scene.prepared(preparation)
    for (const [what, wanted, attack] of attacks) {
      const file = `${name} ${what}`.replace(/[^a-z0-9]+/gi, '-').toLowerCase()
      writeFileSync(join(folder, `${file}.pdf`), attack(prepared.pdf))
      const judged = await judge(root, join(folder, `${file}.pdf`), prepared)
      const ok = judged.found === wanted && judged.ms <= MAX_MS && judged.megabytes <= MAX_MEGABYTES
      rows.push({ name, source, file, wanted, ...judged, ok })
    }
    say(`${name}: ${attacks.length} files`)
  }
  const wrong = rows.filter(({ ok }) => !ok)
  const slowest = Math.max(...rows.map(({ ms }) => ms))
  const largest = Math.max(...rows.map(({ megabytes }) => megabytes))
  const table = rows.map(
    ({ name, file, found, wanted, ms, megabytes, ok }) =>
      `| ${name} | ${file}.pdf | ${found}${ok ? '' : ` (**wanted ${wanted}**)`} | ${ms} | ${megabytes} |`,
  )
  return {
    ok: wrong.length === 0,
    measured: `${classes.length} classes, ${rows.length} files, ${wrong.length} not as wanted; slowest ${slowest} ms, most ${largest} MB of process memory`,
    detail: [
      'Each class is a test of `core/test/attacks.test.ts`, of files with one seal, with two, and preserved for decades. Times are of a fresh process’s first call; of files made to keep a verifier busy line 7 tells more.',
      '',
      '| class | file | finding | ms | MB |',
      '|---|---|---|---|---|',
      ...table,
    ].join('\n'),
  }
}

/** A sealed file, its evidence and trust on disk, and the classes that need more than a change of one file. */
async function sceneOf(root, folder) {
  const { newWorld } = await compiled(root, 'core/dist/testing/sealed-world.js')
  const { contractPdf } = await compiled(root, 'core/dist/testing/sealed-sample.js')
  const { oneSeal } = await compiled(root, 'core/dist/testing/sealed-evidence.js')
  const { TrustFormat, pdfObjects } = await compiled(root, 'core/dist/index.js')
  const { SealedFile, LATER_FIELD } = await compiled(root, 'fixtures/dist/index.js')
  const world = await newWorld()
  const sample = await oneSeal(world)
  const at = (name) => join(folder, name)
  const files = { evidence: at('evidence.zip'), prepared: at('prepared.zip'), trust: at('trust.json') }
  writeFileSync(files.trust, TrustFormat.encode(sample.trust))
  writeFileSync(files.evidence, sample.evidence[0])
  const { array, dict, name, number } = pdfObjects
  const level = array([dict({ TransformMethod: name('DocMDP'), TransformParams: dict({ P: number(1) }) })])
  const final = await oneSeal(world, { seal: { entries: { Reference: level } } })
  const cms = new SealedFile(sample.pdf).fields[0].signature.contents.bytes
  const other = await oneSeal(world, {
    base: contractPdf('/Rotate 90'),
    seal: { cms: () => cms, place: { xMm: 5, yMm: 5 } },
  })
  const more = [
    {
      name: 'P 1 and what follows it',
      source: 'pdf-association/pdf-issues#766',
      attacks: [['with a later signature', 'failed CHANGED_AFTER_SEAL', () => LATER_FIELD(final.pdf)]],
    },
    {
      name: 'transplant',
      source: 'threats.md 1a',
      attacks: [['of a CMS to another contract', 'failed DIGEST_MISMATCH', () => other.pdf]],
    },
    {
      name: 'seal picture without signature',
      source: '萝卜章',
      attacks: [
        ['drawn on the page', 'indeterminate SEAL_PICTURE_UNSIGNED', () => withoutSignature(sample.pdf, world)],
      ],
    },
  ]
  const { preparedSamples } = await compiled(root, 'core/dist/testing/prepared.js')
  /** What the class's contract was made into, sealed; most classes attack the same. */
  const prepared = async ({ base, level }) => {
    if (base === undefined && level === undefined) return { ...files, pdf: sample.pdf }
    const { one } = await preparedSamples(world, { base, level })
    writeFileSync(files.prepared, one.evidence[0])
    return { ...files, evidence: files.prepared, pdf: one.pdf }
  }
  return { more, prepared }

  /** The seal's picture as page content of a file that nobody signed. */
  function withoutSignature(_pdf, { bureau }) {
    const { buildPicturePage } = scenePictures
    return buildPicturePage(bureau.picture)
  }
}

const scenePictures = {
  buildPicturePage({ widthPt, heightPt, content }) {
    const drawn = Buffer.from(content).toString('latin1')
    const objects = [
      '<</Type /Catalog /Pages 2 0 R>>',
      '<</Type /Pages /Kids [3 0 R] /Count 1>>',
      '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</XObject <</S 5 0 R>>>>>>',
      streamText('', 'q 1 0 0 1 400 100 cm /S Do Q'),
      streamText(`/Type /XObject /Subtype /Form /BBox [0 0 ${widthPt} ${heightPt}] /Resources <<>>`, drawn),
    ]
    let text = '%PDF-1.7\n'
    const offsets = objects.map((body, index) => {
      const at = text.length
      text += `${index + 1} 0 obj\n${body}\nendobj\n`
      return `${String(at).padStart(10, '0')} 00000 n \n`
    })
    const table = `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size 6 /Root 1 0 R>>\n`
    return Buffer.from(`${text}${table}startxref\n${text.length}\n%%EOF\n`, 'latin1')
  },
}

function streamText(entries, content) {
  return `<<${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`
}

async function judge(root, pdf, { evidence, trust }) {
  const program = join(root, 'bench/prove/lib/judge-hostile.mjs')
  const { code, stdout, stderr } = await runCommand(process.execPath, [program, root, pdf, evidence, trust])
  if (code !== 0) return { found: `crashed: ${stderr.trim().slice(-200)}`, ms: 0, megabytes: 0 }
  return JSON.parse(stdout)
}
