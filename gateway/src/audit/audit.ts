import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CertificateFormat,
  InstitutionFormat,
  parseTrust,
  RebuiltLedger,
  SealFormat,
  type Trust,
  TrustFormat,
  TsaFormat,
  timeOf,
} from '@cinnabar/core'
import type { Clock } from '../clock'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { compareAnswers } from './answers'
import type { AuditRequest } from './arguments'
import { AuditError } from './audit-error'
import type { AuditedPeer } from './audited-peer'
import { Chains } from './chains'
import { blocksIn, rebuildEmbedded } from './embedded-blocks'
import { Findings } from './findings'
import { checkOpenings, openingsIn } from './openings-check'
import type { AuditReport } from './report'
import { restoreUses } from './restore'
import { snapshotOf } from './snapshot'
import { checkStore } from './store-check'

/** What an audit needs of its surroundings. */
export interface AuditSurroundings {
  readonly clock: Clock
  readonly progress: (done: number, of: number) => void
  /** The peers of a connection file; `close` ends the connections. @throws LedgerError `CONNECTION_INVALID`. */
  readonly connect: (path: string) => { readonly peers: readonly AuditedPeer[]; close(): void }
}

/** What came of reading the ledger. */
type LedgerRead = Pick<AuditReport, 'ledger' | 'peers' | 'blocks' | 'governance'>

/** The parts that the steps of one audit share. */
interface Work {
  readonly request: AuditRequest
  readonly trust: Trust
  readonly findings: Findings
  readonly ledger: RebuiltLedger
  readonly surroundings: AuditSurroundings
  readonly at: Date
}

/**
 * Rebuilds logs and registers from blocks and compares them with all else that is at hand.
 * @throws {@link AuditError} `TRUST_UNREADABLE`, `LEDGER_MISSING`; StoreError, LedgerError when a file cannot be read.
 */
export async function audit(request: AuditRequest, surroundings: AuditSurroundings): Promise<AuditReport> {
  const findings = new Findings()
  const trust = trustIn(request.trust)
  const ledger = new RebuiltLedger(findings.note)
  const work: Work = { request, trust, findings, ledger, surroundings, at: surroundings.clock.now() }
  const compared =
    request.connection === undefined ? await auditEmbedded(work) : await auditFabric(work, request.connection)
  return reportOf(work, compared)
}

type Compared = LedgerRead & Pick<AuditReport, 'store' | 'openings' | 'restored'>

async function auditFabric(work: Work, connection: string): Promise<Compared> {
  const { trust, ledger, findings, at, surroundings } = work
  const { peers, close } = surroundings.connect(connection)
  const chains = new Chains(peers, { trust, ledger, findings, progress: surroundings.progress })
  try {
    const settledBlocks = await chains.advance()
    if (new Set(peers.map(({ organisation }) => organisation)).size < 2) findings.missed('ONE_ORGANISATION_ONLY')
    if (chains.peers.every(({ silent }) => silent)) findings.missed('NO_PEER')
    await compareAnswers(chains.peers, { trust, ledger, findings, at, advance: () => chains.advance() })
    const restored = await restoreIfAsked(work, peers)
    const kept = await compareKept(work, settledBlocks, () => chains.advance())
    return {
      ledger: 'fabric',
      peers: chains.peers.map(({ peer, blocks, silent }) => {
        const { organisation, address } = peer
        return { organisation, address, blocks, silent }
      }),
      blocks: chains.blocks,
      governance: chains.governance,
      ...kept,
      ...restored,
    }
  } finally {
    chains.close()
    close()
  }
}

async function auditEmbedded(work: Work): Promise<Compared> {
  const { request, trust, ledger, findings, surroundings } = work
  const folder = request.data === undefined ? undefined : join(request.data, 'ledger')
  if (folder === undefined || !existsSync(join(folder, 'ledger.db'))) {
    throw new AuditError('LEDGER_MISSING', 'neither a connection nor an embedded ledger', { path: folder ?? '' })
  }
  const settledBlocks = await withCopy(folder, 'ledger.db', async (copy) => blocksIn(copy, trust.channel))
  return withCopy(request.data ?? '', 'cinnabar.db', (store) =>
    // The ledger's copy is the later one: what the store knows to be recorded is in it.
    withCopy(folder, 'ledger.db', async (copy) => {
      const options = { channel: trust.channel, ledger, findings, progress: surroundings.progress }
      const blocks = rebuildEmbedded(copy, options)
      return {
        ledger: 'embedded',
        peers: [],
        blocks,
        governance: [],
        ...(await compareWith(work, store, settledBlocks)),
      }
    }),
  )
}

async function restoreIfAsked(work: Work, peers: readonly AuditedPeer[]): Promise<Pick<AuditReport, 'restored'>> {
  const { request, ledger, trust, at } = work
  if (!request.restore || request.openings === undefined || request.data === undefined) return {}
  const kept = await withCopy(request.openings, 'cinnabar.db', (copy) =>
    withStore(copy, (store) => openingsIn([store], ledger)),
  )
  const options = { ledger, openings: kept, peers, trust, at }
  return { restored: await withStore(request.data, (store) => restoreUses(store, options)) }
}

/** Copies the store, and takes in the blocks that came until then. */
async function compareKept(work: Work, settledBlocks: number, advance: () => Promise<number>) {
  const { data } = work.request
  if (data === undefined) return compareWith(work, undefined, settledBlocks)
  return withCopy(data, 'cinnabar.db', async (store) => {
    await advance()
    return compareWith(work, store, settledBlocks)
  })
}

async function compareWith(
  { request, trust, ledger, findings, at }: Work,
  folder: string | undefined,
  settledBlocks: number,
): Promise<Pick<AuditReport, 'store' | 'openings'>> {
  const check = (store: Store) => checkStore(store, { ledger, trust, findings, at, settledBlocks })
  const checked = folder === undefined ? undefined : await withStore(folder, check)
  const found = folder === undefined ? [] : [await withStore(folder, (store) => openingsIn([store], ledger))]
  if (request.openings !== undefined) {
    found.push(
      await withCopy(request.openings, 'cinnabar.db', (copy) =>
        withStore(copy, (store) => openingsIn([store], ledger)),
      ),
    )
  }
  if (found.length === 0) return {}
  const openings = new Map(found.flatMap((one) => [...one]))
  return { ...(checked && { store: checked }), openings: checkOpenings(openings, ledger, findings) }
}

async function withCopy<T>(folder: string, file: string, use: (folder: string) => Promise<T>): Promise<T> {
  const snapshot = await snapshotOf(folder, file)
  try {
    return await use(snapshot.folder)
  } finally {
    await snapshot.remove()
  }
}

async function withStore<T>(folder: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openEmbeddedStore(folder)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function trustIn(path: string): Trust {
  try {
    return parseTrust(new Uint8Array(readFileSync(path)))
  } catch (cause) {
    throw new AuditError('TRUST_UNREADABLE', `${path} is no trust file`, { path }, cause)
  }
}

function reportOf({ trust, findings, ledger, at }: Work, compared: Compared): AuditReport {
  const { register } = ledger
  const outcome = findings.count > 0 ? 'differences' : findings.gaps.length > 0 ? 'incomplete' : 'agreed'
  return {
    type: 'cinnabar.audit.v1',
    outcome,
    at: timeOf(at),
    channel: trust.channel,
    trust: {
      fingerprint: TrustFormat.digest(trust),
      demonstration: trust.demonstration,
      singleOperator: compared.ledger === 'embedded',
    },
    transactions: ledger.transactions,
    logs: ledger.logs.map((log) => ({ institution: log.institution, size: log.size, root: log.root(log.size) })),
    register: {
      institutions: register.records('institution/', InstitutionFormat).length,
      certificates: register.records('certificate/', CertificateFormat).length,
      seals: register.records('seal/', SealFormat).length,
      tsas: register.records('tsa/', TsaFormat).length,
      unjudged: register.unjudged,
    },
    ...compared,
    differences: findings.differences,
    differenceCount: findings.count,
    gaps: findings.gaps,
  }
}
