import { parseSignedData } from '../cms/signed-data'
import { concat, equal, latin1, toHex } from '../encode/bytes'
import { CodedError } from '../encode/coded-error'
import { type DerNode, readDer } from '../encode/der'
import { retag } from '../encode/der-write'
import { readEvidence } from '../evidence/read-evidence'
import { ReceiptFormat } from '../model/receipt'
import { readPdf } from '../pdf/document'
import { signatureFields } from '../pdf/signature-field'
import { parseToken } from '../timestamp/token'
import { verify } from '../verify/verify'
import { mutated, type Roll, rollOf } from './mutate'
import { evidenceOf, type Sample } from './sealed-evidence'

/** What is mutated, and how what comes of it is judged. */
interface Kind {
  readonly name: string
  readonly original: Uint8Array
  /** What was found, in one word; `PASSED` and `CHANGED` are faults. */
  judge(changed: Uint8Array, roll: Roll): Promise<string>
}

/** What came of it, by kind and finding, and the faults with the seeds that make them again. */
export interface MutationRun {
  readonly tried: number
  readonly findings: ReadonlyMap<string, number>
  readonly faults: readonly { readonly kind: string; readonly seed: number; readonly fault: string }[]
  readonly slowestMs: number
}

const MAX_MS = 2000
const FAULTS: ReadonlySet<string> = new Set(['PASSED', 'CHANGED'])

/**
 * Mutates a sealed file, its CMS, its token, its receipt and its evidence in turn: nothing may throw but a refusal by name, take
 * over two seconds or pass, and what a reader accepts must be written again as it was.
 * @param millis - a clock.
 */
export async function runMutations(
  sample: Sample,
  { from, count, millis }: { readonly from: number; readonly count: number; readonly millis: () => number },
): Promise<MutationRun> {
  const kinds = kindsOf(sample)
  const findings = new Map<string, number>()
  const faults: { kind: string; seed: number; fault: string }[] = []
  let slowestMs = 0
  for (let seed = from; seed < from + count; seed++) {
    const kind = kinds[seed % kinds.length]
    const roll = rollOf(seed)
    const changed = mutated(kind.original, roll)
    if (equal(changed, kind.original)) continue
    const began = millis()
    const found = await foundOf(kind, changed, roll)
    const took = millis() - began
    slowestMs = Math.max(slowestMs, took)
    findings.set(`${kind.name} ${found}`, (findings.get(`${kind.name} ${found}`) ?? 0) + 1)
    if (FAULTS.has(found) || found.startsWith('threw')) faults.push({ kind: kind.name, seed, fault: found })
    if (took > MAX_MS) faults.push({ kind: kind.name, seed, fault: `took ${Math.round(took)} ms` })
  }
  return { tried: count, findings, faults, slowestMs }
}

async function foundOf(kind: Kind, changed: Uint8Array, roll: Roll): Promise<string> {
  try {
    return await kind.judge(changed, roll)
  } catch (refusal) {
    return refusal instanceof CodedError ? refusal.code : `threw ${String(refusal)}`
  }
}

function kindsOf(sample: Sample): readonly Kind[] {
  const { pdf, evidence } = sample
  const [container] = evidence
  const contents = signatureFields(readPdf(pdf))[0].signature?.contents
  const token = sample.sealed[0].token
  if (contents === undefined || token === undefined) throw new Error('the sample has no seal with a token')
  const cms = readDer(contents.bytes.subarray(0, lengthOf(contents.bytes))).der
  const judgeFile = async (request: Partial<Sample>) => {
    const { outcome, code } = await verify({ ...sample, ...request })
    return outcome === 'passed' ? 'PASSED' : code
  }
  return [
    { name: 'PDF', original: pdf, judge: (changed) => judgeFile({ pdf: changed }) },
    { name: 'CMS', original: cms, judge: (changed, roll) => judgeCms(changed, roll, inFile(pdf, contents, judgeFile)) },
    { name: 'token', original: token, judge: async (changed) => accepted(changed, () => parseToken(changed)) },
    {
      name: 'receipt',
      original: ReceiptFormat.encode(sample.receipts[0]),
      judge: (changed) => judgeReceipt(changed, judgeFile),
    },
    { name: 'evidence', original: container, judge: (changed) => judgeEvidence(changed, container, judgeFile) },
  ]
}

type JudgeFile = (request: Partial<Sample>) => Promise<string>

function lengthOf(contents: Uint8Array): number {
  let end = contents.length
  while (end > 0 && contents[end - 1] === 0) end--
  return end
}

/** Reads it and, once in so many times, puts it into the file. */
async function judgeCms(changed: Uint8Array, roll: Roll, judge: (cms: Uint8Array) => Promise<string>): Promise<string> {
  const found = roll(4) === 0 ? await judge(changed) : undefined
  if (found !== undefined) return found
  return accepted(changed, () => parseSignedData(changed))
}

const inFile =
  (pdf: Uint8Array, contents: { readonly start: number; readonly end: number }, judge: JudgeFile) =>
  (cms: Uint8Array) => {
    const hex = toHex(cms)
      .slice(0, contents.end - contents.start - 2)
      .padEnd(contents.end - contents.start - 2, '0')
    const text = Uint8Array.from(hex, (character) => character.charCodeAt(0))
    return judge({ pdf: concat(pdf.subarray(0, contents.start + 1), text, pdf.subarray(contents.end - 1)) })
  }

/** DER that was accepted is the only spelling of what it says. */
function accepted(der: Uint8Array, read: () => unknown): string {
  read()
  return equal(writtenAgain(readDer(der, { maxBytes: 4 << 20 })), der) ? 'accepted' : 'CHANGED'
}

function writtenAgain(node: DerNode): Uint8Array {
  const content = node.children.length === 0 ? node.content : concat(...node.children.map(writtenAgain))
  const length = content.length < 0x80 ? [content.length] : longLength(content.length)
  return concat(new Uint8Array([retag(node.tag, node.der)[0], ...length]), content)
}

function longLength(length: number): readonly number[] {
  const octets: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

async function judgeReceipt(changed: Uint8Array, judge: JudgeFile): Promise<string> {
  const receipt = ReceiptFormat.parse(changed)
  if (!equal(ReceiptFormat.encode(receipt), changed)) return 'CHANGED'
  return judge({ evidence: [evidenceOf([receipt])] })
}

/** Evidence that reads as before may pass: a ZIP has room that says nothing. */
async function judgeEvidence(changed: Uint8Array, original: Uint8Array, judge: JudgeFile): Promise<string> {
  const found = await judge({ evidence: [changed] })
  if (found !== 'PASSED') return found
  return same(changed, original) ? 'reads as before' : 'PASSED'
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  const text = (zip: Uint8Array) =>
    JSON.stringify(readEvidence(zip), (_, value) => (value instanceof Uint8Array ? latin1(value) : value))
  return text(a) === text(b)
}
