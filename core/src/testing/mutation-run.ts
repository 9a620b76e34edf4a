import { parseSignedData } from '../cms/signed-data'
import { concat, equal, fromBase64, toHex } from '../encode/bytes'
import { encodeCanonical, type Json } from '../encode/canonical'
import { CodedError } from '../encode/coded-error'
import { type DerNode, derLength, readDer } from '../encode/der'
import { retag } from '../encode/der-write'
import { EvidenceError } from '../evidence/evidence-error'
import { readEvidence } from '../evidence/read-evidence'
import { type Receipt, ReceiptFormat } from '../model/receipt'
import type { CheckName } from '../model/report'
import { readPdf } from '../pdf/document'
import { signatureFields } from '../pdf/signature-field'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { verifyToken } from '../timestamp/verify-token'
import { type VerifyRequest, verify } from '../verify/verify'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { mutated, type Roll, rollOf } from './mutate'
import { mutatedDer } from './mutate-der'
import { mutatedJson } from './mutate-json'
import { mutatedPdf } from './mutate-pdf'
import { mutatedZip } from './mutate-zip'
import { evidenceOf } from './sealed-evidence'
import { signsAndShowsTheSame } from './shown-content'

/** What the mutants are made of: files whose seals hold, with all that a verifier is given. Nothing in it but data. */
export interface MutationSample {
  /** With one seal. */
  readonly one: VerifyRequest
  /** With two seals, validation data and a document timestamp. */
  readonly lasting: VerifyRequest
  /** The token of the first file's seal, and its receipt. */
  readonly token: Uint8Array
  readonly receipt: Receipt
}

/** What is mutated, and how what comes of it is judged. */
interface Kind {
  readonly name: string
  readonly original: Uint8Array
  /** Lengths, offsets, checksums and spelling kept right, so that readers get further than to the first byte. */
  readonly structured: (bytes: Uint8Array, roll: Roll) => Uint8Array
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
/** Mutants that came out as the original was. */
const IDENTICAL = 'identical'

/** A mutant, from its seed. */
export interface Mutant {
  readonly kind: string
  readonly bytes: Uint8Array
}

/** How the mutants of a sample are made and judged. */
export interface Mutator {
  /** The same seed makes the same mutant. */
  mutant(seed: number): Mutant
  /**
   * Nothing may throw but a refusal by name, take over two seconds or pass, and what a reader accepts must be written again as it was.
   * @param seeds - one mutant each.
   * @param millis - a clock.
   */
  run(seeds: Iterable<number>, millis: () => number): Promise<MutationRun>
}

/** Mutates sealed files, their CMS, their tokens, receipts and evidence in turn. */
export function mutatorOf(sample: MutationSample): Mutator {
  const kinds = kindsOf(sample)
  return {
    mutant: (seed) => {
      const { kind, changed } = made(kinds, seed)
      return { kind: kind.name, bytes: changed }
    },
    run: (seeds, millis) => runMutations(kinds, seeds, millis),
  }
}

function made(kinds: readonly Kind[], seed: number) {
  const kind = kinds[seed % kinds.length]
  const roll = rollOf(seed)
  const mutate = roll(4) === 0 ? mutated : kind.structured
  return { kind, roll, changed: mutate(kind.original, roll) }
}

async function runMutations(
  kinds: readonly Kind[],
  seeds: Iterable<number>,
  millis: () => number,
): Promise<MutationRun> {
  const findings = new Map<string, number>()
  const faults: { kind: string; seed: number; fault: string }[] = []
  let [tried, slowestMs] = [0, 0]
  for (const seed of seeds) {
    const { kind, roll, changed } = made(kinds, seed)
    const began = millis()
    const found = equal(changed, kind.original) ? IDENTICAL : await foundOf(kind, changed, roll)
    const took = millis() - began
    tried++
    slowestMs = Math.max(slowestMs, took)
    findings.set(`${kind.name} ${found}`, (findings.get(`${kind.name} ${found}`) ?? 0) + 1)
    if (FAULTS.has(found) || found.startsWith('threw')) faults.push({ kind: kind.name, seed, fault: found })
    if (took > MAX_MS) faults.push({ kind: kind.name, seed, fault: `took ${Math.round(took)} ms` })
  }
  return { tried, findings, faults, slowestMs }
}

async function foundOf(kind: Kind, changed: Uint8Array, roll: Roll): Promise<string> {
  try {
    return await kind.judge(changed, roll)
  } catch (refusal) {
    return refusal instanceof CodedError ? refusal.code : `threw ${String(refusal)}`
  }
}

function kindsOf({ one, lasting, token, receipt }: MutationSample): readonly Kind[] {
  const [container = new Uint8Array(0)] = one.evidence ?? []
  const contents = signatureFields(readPdf(one.pdf))[0].signature?.contents
  if (contents === undefined) throw new Error('the sample has no seal')
  const cms = readDer(contents.bytes.subarray(0, derLength(contents.bytes))).der
  const judgeOne = judgeFile(one)
  const judgeAnchor = judgeFile(one, 'anchor')
  const authorities = (one.trust?.organisations ?? []).flatMap(({ tsas }) => tsas.map(({ certificate }) => certificate))
  const held = { token: parseToken(token), certificates: authorities.map((each) => parseCertificate(fromBase64(each))) }
  const encoded = ReceiptFormat.encode(receipt)
  return [
    { name: 'PDF', original: one.pdf, structured: mutatedPdf, judge: (changed) => judgePdf(one, changed) },
    { name: 'PDF, LTA', original: lasting.pdf, structured: mutatedPdf, judge: (changed) => judgePdf(lasting, changed) },
    {
      ...{ name: 'CMS', original: cms, structured: mutatedDer },
      judge: (changed, roll) => judgeCms(changed, roll, inFile(one.pdf, contents, judgeOne)),
    },
    { name: 'token', original: token, structured: mutatedDer, judge: (changed) => judgeToken(changed, held) },
    {
      ...{ name: 'receipt', original: encoded, structured: mutatedJson },
      judge: (changed) => judgeReceipt(changed, receipt, judgeAnchor),
    },
    {
      ...{ name: 'evidence', original: container, structured: mutatedZip },
      judge: (changed) => judgeEvidence(changed, receipt, judgeAnchor),
    },
  ]
}

const judgeFile =
  (request: VerifyRequest, check?: CheckName): JudgeFile =>
  async (change) => {
    const { outcome, code, signatures } = await verify({ ...request, ...change })
    if (outcome === 'passed') return 'PASSED'
    const found = signatures[0]?.checks.find((one) => one.check === check && one.outcome !== 'passed')
    return found?.code ?? code
  }

/** A file that signs and shows the same may pass, by other validation data, and so may the file as it was when it had one seal. */
async function judgePdf(request: VerifyRequest, pdf: Uint8Array): Promise<string> {
  const found = await judgeFile(request)({ pdf })
  if (found !== 'PASSED') return found
  if (isEarlierSave(request.pdf, pdf)) return 'one of its saves, passed'
  return shown(() => signsAndShowsTheSame(request.pdf, pdf)) ? 'signs and shows the same, passed' : found
}

/** What passed and cannot be shown to be harmless is a fault, also where showing it meets a refusal. */
function shown(harmless: () => boolean): boolean {
  try {
    return harmless()
  } catch (refusal) {
    if (refusal instanceof CodedError) return false
    throw refusal
  }
}

function isEarlierSave(original: Uint8Array, pdf: Uint8Array): boolean {
  const ends = readPdf(original).revisions.flatMap(({ eof, end }) => [eof, end])
  return ends.includes(pdf.length) && equal(original.subarray(0, pdf.length), pdf)
}

type JudgeFile = (change: Partial<VerifyRequest>) => Promise<string>

/** Reads it and, every other time, puts it into the file. */
async function judgeCms(changed: Uint8Array, roll: Roll, judge: (cms: Uint8Array) => Promise<string>): Promise<string> {
  const found = roll(2) === 0 ? await judge(changed) : undefined
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

/** A token may hold that signs the same: what stands around that, its authority does not vouch for. */
async function judgeToken(
  changed: Uint8Array,
  { token, certificates }: { readonly token: TimestampToken; readonly certificates: readonly Certificate[] },
): Promise<string> {
  const read = parseToken(changed)
  if (accepted(changed, () => read) === 'CHANGED') return 'CHANGED'
  const check = await verifyToken(read, { imprint: token.imprint.digest, certificates })
  if (!check.ok) return check.reason ?? check.code
  const signed = ({ info, signer }: TimestampToken) => [info, signer.signedAttributes ?? info, signer.signature]
  const isSame = signed(read).every((part, at) => equal(part, signed(token)[at]))
  return isSame ? 'signs the same, held' : 'PASSED'
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

async function judgeReceipt(changed: Uint8Array, original: Receipt, judge: JudgeFile): Promise<string> {
  const receipt = ReceiptFormat.parse(changed)
  if (!equal(ReceiptFormat.encode(receipt), changed)) return 'CHANGED'
  const found = await judge({ evidence: [evidenceOf([receipt])] })
  return found === 'PASSED' && shown(() => saysTheSame(receipt, original))
    ? 'holds the attestation, passed by it'
    : found
}

/** But for attestations that were not there, and prove nothing of themselves: those that were are all there, unchanged. */
function saysTheSame(receipt: Receipt, original: Receipt): boolean {
  const text = (one: Receipt['attestations'][number]) => toHex(encodeCanonical(one as unknown as Json))
  const texts = receipt.attestations.map(text)
  const known = original.attestations.filter((one) => texts.includes(text(one)))
  if (known.length < original.attestations.length) return false
  return equal(ReceiptFormat.encode({ ...receipt, attestations: known }), ReceiptFormat.encode(original))
}

/** Evidence that still holds the original receipt may pass by it: a ZIP has room that says nothing, and members that prove nothing here. */
async function judgeEvidence(changed: Uint8Array, original: Receipt, judge: JudgeFile): Promise<string> {
  const found = await judge({ evidence: [changed] })
  // The verifier only says that it could not be read; why, the reader says.
  if (found !== 'PASSED') return unreadableBy(changed) ?? found
  const receipts = readEvidence(changed).signatures.flatMap((one) => one.receipts)
  return receipts.some((one) => shown(() => saysTheSame(one, original))) ? 'holds the receipt, passed by it' : 'PASSED'
}

function unreadableBy(container: Uint8Array): string | undefined {
  try {
    readEvidence(container)
    return undefined
  } catch (refusal) {
    if (!(refusal instanceof EvidenceError)) throw refusal
    return refusal.cause instanceof CodedError ? `${refusal.code} ${refusal.cause.code}` : refusal.code
  }
}
