import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { isExpected, rowsOf, unpublished } from '../lib/unpublished.mjs'

export const line = 1
export const title =
  'corpus/signed against `fixtures/expected.tsv`, and files made now that nobody has published: no bad file `passed`, no crash, no hang; beside pdfsig, pyHanko and EU DSS, each disagreement explained'

const MAX_MS = 2000
const AT = '2026-12-01T00:00:00Z'

export async function run({ root, corpus, scratch, say }) {
  const { verify } = await compiled(root, 'core/dist/index.js')
  const expected = rowsOf(join(root, 'fixtures/expected.tsv'))
  const explained = new Map(
    rowsOf(join(root, 'fixtures/disagreements.tsv')).map(([file, who, why]) => [`${file} ${who}`, why]),
  )
  const others = await startOthers(root)
  const rows = []
  const made = []
  try {
    for (const [file, outcome, signatures, reason] of expected) {
      const path = join(corpus, 'signed', file)
      const ours = await judged(verify, path)
      const said = await others.judge(path)
      rows.push({ file, outcome, signatures, reason, ours, said })
      if (rows.length % 20 === 0) say(`${rows.length} of ${expected.length} files`)
    }
    const files = await unpublished(root, join(scratch, 'unpublished'))
    for (const one of files) {
      made.push({ ...one, ours: await judged(verify, one.path), said: await others.judge(one.path) })
      if (made.length % 20 === 0) say(`${made.length} of ${files.length} files made now`)
    }
  } finally {
    await others.stop()
  }
  return together(summary(rows, explained), madeNow(made, rowsOf(join(root, 'fixtures/unpublished/disagreements.tsv'))))
}

async function judged(verify, path) {
  const pdf = new Uint8Array(readFileSync(path))
  const began = performance.now()
  const report = await verify({ pdf, at: new Date(AT) })
  const ms = performance.now() - began
  const word = ({ checks }, name) => {
    const { outcome, code } = checks.find(({ check }) => check === name)
    return outcome === 'passed' ? 'passed' : `${outcome}:${code}`
  }
  const each = report.signatures.map((one) => `${one.field} ${word(one, 'integrity')} ${word(one, 'signature')}`)
  return { outcome: report.outcome, code: report.code, signatures: each.join('; ') || '-', view: viewOf(report), ms }
}

/** In the words in which the others are compared: of integrity and signature only. */
function viewOf({ code, signatures }) {
  if (code === 'PDF_ENCRYPTED') return 'not judged'
  if (signatures.length === 0) return code === 'NO_SEAL' ? 'none' : 'broken'
  const facts = signatures.flatMap(({ checks }) => checks.slice(0, 2).map(({ outcome }) => outcome))
  if (facts.includes('failed')) return 'broken'
  return facts.includes('indeterminate') ? 'not judged' : 'sound'
}

async function startOthers(root) {
  const { pdfsig } = await compiled(root, 'bench/dist/checkers/pdfsig.js')
  const pyhanko = (await compiled(root, 'bench/dist/checkers/pyhanko.js')).startPyhanko()
  const dss = (await compiled(root, 'bench/dist/checkers/dss.js')).startDss()
  const trust = { trusted: [], at: AT }
  const asked = async (ask, view) => {
    try {
      const said = await ask()
      return said.length === 0 ? 'none' : said.every(view) ? 'sound' : 'broken'
    } catch (refusal) {
      if (refusal.code === 'CHECKER_FAILED' || refusal.code === 'CHECKER_TIMEOUT') return 'refused'
      throw refusal
    }
  }
  return {
    judge: async (path) => ({
      // A document timestamp is "not yet verified" for pdfsig, and no seal.
      pdfsig: await asked(
        async () =>
          (await pdfsig(path)).filter(
            ({ type, validation }) => type !== 'ETSI.RFC3161' && type !== 'unknown' && validation !== '',
          ),
        ({ valid }) => valid,
      ),
      pyHanko: await asked(
        async () => (await pyhanko.verify(path, { ...trust, strict: false })).signatures,
        ({ error, intact, valid, docmdpOk }) => error === null && intact && valid && docmdpOk !== false,
      ),
      DSS: await asked(
        async () => (await dss.verify(path, trust)).signatures,
        ({ intact, valid, indication }) => intact && valid && indication !== 'TOTAL_FAILED',
      ),
    }),
    stop: () => Promise.all([pyhanko.stop(), dss.stop()]),
  }
}

const CHECKERS = ['pdfsig', 'pyHanko', 'DSS']

/** Whoever refuses the whole file says of it no more than that it is not sound. */
function agrees(said, ours) {
  return said === ours || (said === 'refused' && ours !== 'sound')
}

/** Of the files made now: expectations are those of the program that made them; reasons are by how a file was made. */
function madeNow(rows, reasons) {
  const wrong = rows.filter(({ expected, ours }) => !isExpected(expected, ours))
  const slow = rows.filter(({ ours }) => ours.ms > MAX_MS)
  const reasonOf = ({ file, who, said }) =>
    reasons.find(([pattern, whose, word]) => whose === who && word === said && new RegExp(pattern).test(file))?.[3]
  const disagreements = rows.flatMap(({ file, ours, said }) =>
    CHECKERS.filter((who) => !agrees(said[who], ours.view)).map((who) => ({ file, who, said: said[who] })),
  )
  const unexplained = disagreements.filter((one) => reasonOf(one) === undefined)
  const line = ({ file, expected, how, ours, said }) =>
    `| ${file} | ${expected} | ${ours.view} | ${ours.outcome} ${ours.code} | ${CHECKERS.map((who) => said[who]).join(' | ')} | ${how} |`
  return {
    ok: wrong.length + slow.length + unexplained.length === 0,
    measured: `${rows.length} files made now, ${rows.filter(({ expected }) => expected === 'sound').length} of them good, ${wrong.length} not as made, ${slow.length} over 2 s; ${disagreements.length} disagreements, ${unexplained.length} not explained`,
    detail: [
      ...wrong.map(
        ({ file, expected, ours }) => `not as made: ${file}: ${ours.view}, ${ours.code}; wanted ${expected}\n`,
      ),
      'Made now by pyHanko and openssl (fixtures/unpublished/make.py), with what must be found by how each was made:',
      '',
      '| file | as made | ours | report | pdfsig | pyHanko | EU DSS | how it was made |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map(line),
      '',
      '| file | other word | why ours differs |',
      '|---|---|---|',
      ...disagreements.map(
        (one) => `| ${one.file} | ${one.who}: ${one.said} | ${reasonOf(one) ?? '**not explained**'} |`,
      ),
    ].join('\n'),
  }
}

function together(one, other) {
  const measured = `${one.measured}. ${other.measured}`
  return { ok: one.ok && other.ok, measured, detail: `${one.detail}\n\n${other.detail}` }
}

function summary(rows, explained) {
  const wrong = rows.filter(({ outcome, signatures, ours }) => {
    const [wanted, code] = outcome.split(':')
    return ours.outcome !== wanted || (code !== undefined && ours.code !== code) || ours.signatures !== signatures
  })
  const passed = rows.filter(({ ours }) => ours.outcome === 'passed')
  const slow = rows.filter(({ ours }) => ours.ms > MAX_MS)
  const disagreements = rows.flatMap(({ file, ours, said }) =>
    CHECKERS.filter((who) => !agrees(said[who], ours.view)).map((who) => ({
      file,
      who,
      said: said[who],
      ours: ours.view,
    })),
  )
  const unexplained = disagreements.filter(({ file, who }) => !explained.has(`${file} ${who}`))
  const line = ({ file, ours, said, reason }) =>
    `| ${file} | ${ours.view} | ${ours.outcome} ${ours.code} | ${CHECKERS.map((who) => said[who]).join(' | ')} | ${reason} |`
  const why = disagreements.map(
    ({ file, who, said }) =>
      `| ${file} | ${who}: ${said} | ${explained.get(`${file} ${who}`) ?? '**not explained**'} |`,
  )
  return {
    ok: wrong.length + passed.length + slow.length + unexplained.length === 0,
    measured: `${rows.length} files, ${wrong.length} not as expected, ${passed.length} passed, ${slow.length} over 2 s; ${disagreements.length} disagreements, ${unexplained.length} not explained`,
    detail: [
      ...wrong.map(
        ({ file, ours, signatures }) =>
          `not as expected: ${file}: ${ours.outcome} ${ours.code}, ${ours.signatures}; wanted ${signatures}\n`,
      ),
      'Integrity and signature, in one word: sound, broken, not judged, none.',
      '',
      '| file | ours | report | pdfsig | pyHanko | EU DSS | expected, and why |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(line),
      '',
      '| file | other word | why ours differs |',
      '|---|---|---|',
      ...why,
    ].join('\n'),
  }
}
