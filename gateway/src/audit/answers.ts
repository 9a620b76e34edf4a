import { type Call, RuleError } from '@cinnabar/chaincode'
import {
  type AttestRequest,
  CertificateFormat,
  type Digest,
  encodeCanonical,
  equal,
  type InstitutionId,
  type Json,
  peerWordOf,
  type RebuiltLedger,
  type RebuiltLog,
  SealFormat,
  type SealId,
  StatementFormat,
  type Trust,
  TsaFormat,
} from '@cinnabar/core'
import { type AuditedPeer, PeerSilence } from './audited-peer'
import type { PeerChain } from './chains'
import type { Findings } from './findings'

/** What peers' answers are compared with. */
export interface AnswersOptions {
  readonly trust: Trust
  readonly ledger: RebuiltLedger
  readonly findings: Findings
  /** Peers' certificates are judged then. */
  readonly at: Date
  /** Takes in blocks that came meanwhile. @returns how many there are. */
  readonly advance: () => Promise<number>
}

/** Questions to one peer at once. */
const AT_ONCE = 8
/** Appends of one log that each peer is asked for: the newest half, and others evenly among the rest. */
const MAX_APPENDS = 500
const STILL_ATTEMPTS = 5

/**
 * Asks every peer for what it says of logs and registers, and compares it with what the blocks say. Statements are signed and of
 * the rebuilt size, so that they hold however the ledger goes on.
 */
export async function compareAnswers(chains: readonly PeerChain[], options: AnswersOptions): Promise<void> {
  await Promise.all(
    chains
      .filter(({ silent }) => !silent)
      .map(async (chain) => {
        try {
          await compareStatements(chain.peer, options)
          await compareAppends(chain.peer, options)
          await compareAuthorities(chain.peer, options)
        } catch (error) {
          if (!(error instanceof PeerSilence)) throw error
          chain.silent = true
          const { organisation, address } = chain.peer
          options.findings.missed('PEER_SILENT', { organisation, address })
        }
      }),
  )
}

/** What is asked about one log: its head alone, with each seal, with each certificate. */
function questionsAbout({ register }: RebuiltLedger, institution: InstitutionId) {
  const seals = register.records(`seal/${institution}/`, SealFormat).map(({ id }) => ({ seal: id }))
  const certificates = register
    .records(`certificate/${institution}/`, CertificateFormat)
    .map(({ digest }) => ({ certificate: digest }))
  const all: readonly { readonly seal?: SealId; readonly certificate?: Digest }[] = [{}, ...seals, ...certificates]
  return all
}

async function compareStatements(peer: AuditedPeer, { ledger, trust, findings, at }: AnswersOptions): Promise<void> {
  const questions = ledger.logs.flatMap(({ institution, size }) =>
    questionsAbout(ledger, institution).flatMap((asked) => {
      const expected = ledger.statement(institution, trust.channel, asked)
      return expected === undefined ? [] : [{ request: { institution, size, ...asked }, expected }]
    }),
  )
  await eachOf(questions, async ({ request, expected }) => {
    const where = whereOf(peer, request)
    const attestation = await answered(peer.attest(request), where, findings)
    if (attestation === undefined) return
    const word = await peerWordOf(attestation, trust, at)
    if (word?.organisation !== peer.organisation) findings.note('ANSWER_NOT_AUTHENTIC', where)
    else if (!equal(StatementFormat.encode(word.statement), StatementFormat.encode(expected))) {
      findings.note('STATEMENT_DIFFERS', { ...where, expected: expected.root, found: word.statement.root })
    }
  })
}

async function compareAppends(peer: AuditedPeer, { ledger, findings }: AnswersOptions): Promise<void> {
  const asked = ledger.logs.flatMap((log) => sampleOf(log).map((append) => ({ log, append })))
  await eachOf(asked, async ({ log: { institution }, append: { append } }) => {
    const where = whereOf(peer, { institution, size: append.size })
    const call = { name: 'appendOf', args: [institution, String(append.from)] }
    await compareQuery(peer, call, { expected: [append], where, code: 'APPEND_DIFFERS', findings })
  })
}

function sampleOf({ appends }: RebuiltLog) {
  if (appends.length <= MAX_APPENDS) return appends
  const half = MAX_APPENDS / 2
  const older = appends.slice(0, -half)
  const step = older.length / half
  return [...Array.from({ length: half }, (_, i) => older[Math.floor(i * step)]), ...appends.slice(-half)]
}

/** Timestamp authorities are in no statement: they are compared while no block comes in between. */
async function compareAuthorities(peer: AuditedPeer, options: AnswersOptions): Promise<void> {
  const { ledger, findings } = options
  for (let attempt = 0; attempt < STILL_ATTEMPTS; attempt++) {
    const before = await options.advance()
    const expected = ledger.register.records('tsa/', TsaFormat)
    const call = { name: 'tsas', args: [] }
    const answer = await answered(peer.query(call), whereOf(peer, {}), findings)
    if (answer === undefined || equal(answer, encodeCanonical(expected as unknown as Json))) return
    if ((await options.advance()) !== before) continue
    findings.note('REGISTER_DIFFERS', { ...whereOf(peer, {}), key: 'tsa/' })
    return
  }
  findings.missed('LEDGER_BUSY', whereOf(peer, {}))
}

interface Comparison {
  readonly expected: unknown
  readonly where: Readonly<Record<string, string | number>>
  readonly code: 'APPEND_DIFFERS' | 'REGISTER_DIFFERS'
  readonly findings: Findings
}

async function compareQuery(peer: AuditedPeer, call: Call, { expected, where, code, findings }: Comparison) {
  const answer = await answered(peer.query(call), where, findings)
  if (answer !== undefined && !equal(answer, encodeCanonical(expected as Json))) findings.note(code, where)
}

/** The answer; a refusal of what the blocks hold is a difference. */
async function answered<T>(asking: Promise<T>, where: Comparison['where'], findings: Findings): Promise<T | undefined> {
  try {
    return await asking
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    findings.note('ANSWER_REFUSED', { ...where, found: error.code })
    return undefined
  }
}

function whereOf({ organisation, address }: AuditedPeer, asked: Partial<AttestRequest>): Comparison['where'] {
  const { institution, size, seal, certificate } = asked
  return {
    organisation,
    address,
    ...(institution && { institution }),
    ...(size && { size }),
    ...(seal && { seal }),
    ...(certificate && { certificate }),
  }
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = [...all].reverse()
  const worker = async () => {
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) await work(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
