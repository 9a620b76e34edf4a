import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { equal, parseTrust, verify } from '@cinnabar/core'
import { qpdfCheck } from '../checkers/qpdf'
import { type Client, fetchEvidence, logIn, Refused } from './client'
import type { Service } from './service'

/** What became of one file of the corpus. */
export interface CorpusOutcome {
  readonly file: string
  /** `sealed`, or the code of the refusal. */
  readonly outcome: string
  readonly detail: string
  /** qpdf's exit code on the input (0 sound, 3 warnings, 2 errors) and on the twice sealed file. */
  readonly qpdfBefore: number
  readonly qpdfAfter: number | null
  /** Whether the outcome is one that the milestone permits. */
  readonly ok: boolean
}

/** Refusals that a sound file may meet: it forbids what we were asked to do, or has no room for it. */
const PERMITTED = new Set(['PDF_ENCRYPTED', 'PDF_SIGNING_FORBIDDEN'])

/** Every n-th file of the corpus, from a fixed start: `every` 1 is the whole of it. */
export async function corpusFiles(folder: string, every = 1): Promise<readonly string[]> {
  const all = (await readdir(folder)).filter((name) => name.endsWith('.pdf')).sort()
  return all.filter((_, index) => index % every === 0)
}

/**
 * Has each file sealed by two institutions through the service and verifies both seals offline; or names the refusal.
 * A sealed file must keep the original as its prefix, and qpdf must find no more fault in it than in the original.
 */
export async function sealCorpus(
  service: Service,
  folder: string,
  { files, scratch, say }: { files: readonly string[]; scratch: string; say: (text: string) => void },
): Promise<readonly CorpusOutcome[]> {
  const clients = [await logIn(service, 'bureau'), await logIn(service, 'yuanhang')]
  const trust = parseTrust(new Uint8Array(await readFile(join(service.data, 'trust.json'))))
  const outcomes: CorpusOutcome[] = []
  for (const file of files) {
    const path = join(folder, file)
    const before = (await qpdfCheck(path)).exitCode
    const original = new Uint8Array(await readFile(path))
    const sealed = await sealTwice(original, file, clients).catch((error) => {
      if (error instanceof Refused) return error
      throw error
    })
    if (sealed instanceof Refused) {
      const ok = sealed.status < 500 && (before !== 0 || PERMITTED.has(sealed.code))
      outcomes.push({ file, outcome: sealed.code, detail: sealed.message, qpdfBefore: before, qpdfAfter: null, ok })
    } else {
      const evidence = await fetchEvidence(service, sealed)
      const report = await verify({ pdf: sealed, evidence: [evidence], trust, at: new Date() })
      const out = join(scratch, file)
      await writeFile(out, sealed)
      const after = (await qpdfCheck(out)).exitCode
      const ours = report.signatures.filter(({ id }) => id !== null)
      const verified = ours.length === 2 && ours.every(({ outcome }) => outcome === 'passed')
      const kept = equal(sealed.subarray(0, original.length), original)
      const ok = verified && kept && severity(after) <= severity(before)
      const detail = verified ? '' : report.detail
      outcomes.push({ file, outcome: 'sealed', detail, qpdfBefore: before, qpdfAfter: after, ok })
    }
    const last = outcomes[outcomes.length - 1]
    if (!last.ok) say(`${file}: ${last.outcome} ${last.detail} (qpdf ${last.qpdfBefore} → ${last.qpdfAfter})`)
  }
  return outcomes
}

/** qpdf ends with 0, with 3 for warnings, with 2 for errors. */
function severity(exitCode: number): number {
  return [0, 3, 2].indexOf(exitCode)
}

async function sealTwice(pdf: Uint8Array, name: string, clients: readonly Client[]): Promise<Uint8Array> {
  let file = pdf
  for (const client of clients) {
    const document = await client.upload(file, name)
    const job = await client.seal(document, { seal: 'official', page: 1 })
    if (job.state !== 'anchored') {
      throw new Refused(409, { code: job.code ?? job.state, detail: job.detail ?? 'not anchored' })
    }
    file = await client.file(document)
  }
  return file
}

/** A Markdown table of all outcomes. */
export function corpusTable(outcomes: readonly CorpusOutcome[]): string {
  const rows = outcomes.map(
    ({ file, outcome, qpdfBefore, qpdfAfter, ok }) =>
      `| ${file} | ${outcome} | ${qpdfBefore} | ${qpdfAfter ?? ''} | ${ok ? '' : '**no**'} |`,
  )
  return ['| file | outcome | qpdf before | qpdf after | permitted |', '|---|---|---|---|---|', ...rows].join('\n')
}
