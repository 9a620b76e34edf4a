import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Trust, TrustList } from '@cinnabar/core'
import { notoGlyphs } from './appearance/noto-glyphs'
import type { AuthorityParts } from './authority/root'
import type { SealAuthority } from './authority/seal-authority'
import { sealKeysOf } from './authority/seal-keys'
import type { Checks } from './checks/checks'
import { checksHere } from './checks/perform'
import { checksInWorkers, workersAreBuilt } from './checks/workers'
import type { Clock } from './clock'
import type { Config } from './config'
import { establishInstitutions } from './demo/establish'
import { type LedgerTrust, readTrust, writeDemoTrust } from './demo/trust-file'
import { openKeyKeeper } from './keys/file-keeper'
import type { KeyKeeper } from './keys/keeper'
import { makeKek, readKek } from './keys/kek'
import { publishedKeys } from './keys/published'
import { type SecretBox, secretBox } from './keys/secret-box'
import type { ChainCheck } from './ledger/chain-check'
import type { Logger } from './log'
import type { BackgroundFailure, Surroundings } from './notarize/ports'
import { openLedger } from './open-ledger'
import type { Metrics } from './operation/metrics'
import { measuredLedger } from './operation/service-metrics'
import { requireProduction } from './production'
import { openEmbeddedStore } from './store/embedded'
import { openFolder } from './store/files'
import { openTrustLists } from './trust-lists'
import { timestampClient } from './tsa/client'
import { findLocalTsa, type LocalTsa } from './tsa/local'

/** What the gateway works with, its port aside. */
export interface Node {
  readonly env: Surroundings
  readonly keys: KeyKeeper
  /** For other secrets than keys. */
  readonly secrets: SecretBox
  readonly authority: SealAuthority
  /** The authorities of this node, by institution. */
  readonly tsas: readonly LocalTsa[]
  /** What this node says is to be trusted: to be shown, and to check its own work by. */
  readonly trust: Trust | undefined
  readonly trustFile: string
  /** Published lists that the operator configured, to verify by. */
  readonly lists: readonly TrustList[]
  /** What of the trust file is not as this node has it; it was left as it is. */
  readonly trustDiffers: readonly string[]
  /** Whose word about the ledger counts, as this node has it. */
  readonly ledgerTrust: () => Promise<LedgerTrust>
  /** Of the embedded ledger. */
  readonly chainCheck: ChainCheck | undefined
  close(): Promise<void>
}

/** What a node is opened with beside its configuration. */
export interface NodeOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly publicUrl: string
  /** Where calls of the ledger are counted; nowhere unless given. */
  readonly metrics?: Metrics
}

const TRUST_DIFFERS =
  'the trust file is not what this node would write; it was left as it is: compare, and remove it if the node is right'

/**
 * Opens store, keys and ledger in the data folder, and in the demonstration founds what is missing.
 * @throws {@link TrustListError}; {@link KeyError} `KEK_INVALID`, `KEY_PUBLISHED`; {@link StoreError}; {@link LedgerError}; without the demonstration
 * {@link ProductionError}.
 */
export async function openNode(config: Config, options: NodeOptions): Promise<Node> {
  const folder = config.dataFolder
  const store = await openEmbeddedStore(folder)
  const closing: (() => Promise<void>)[] = [() => store.close()]
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const lists = await openTrustLists(config, options)
    const published = await publishedKeys()
    const kek = await kekOf(config, options.log)
    const keys = openKeyKeeper({ store, kek, published })
    const opened = await openLedger(config, { store, keys, ...options })
    const { authority, chainCheck } = opened
    closing.push(() => opened.ledger.close())
    const ledger = options.metrics === undefined ? opened.ledger : measuredLedger(opened.ledger, options.metrics)
    if (chainCheck !== undefined) closing.push(() => chainCheck.close())
    const files = await openFolder(join(folder, 'files'))
    const parts = { store, keys, clock: options.clock, files, ledger, authority }
    if (config.demo) await establishInstitutions({ ...parts, glyphs: notoGlyphs })
    else await requireProduction({ store, ledger, published })
    const tsas = await tsasOf(parts)
    const trustFile = join(folder, 'trust.json')
    const { trust, differs: trustDiffers } = config.demo
      ? await writeDemoTrust(trustFile, { ...parts, ledgerTrust: await opened.trust() })
      : { trust: await readTrust(trustFile), differs: [] }
    if (trustDiffers.length > 0) {
      options.log.warn(TRUST_DIFFERS, { path: trustFile, differs: trustDiffers.join(', ') })
    }
    const checks = checksFor(config, options.log)
    closing.push(() => checks.close())
    const env = surroundingsOf({ ...parts, tsas, checks }, options)
    return {
      env,
      keys,
      secrets: secretBox(kek),
      authority,
      tsas,
      trust,
      trustFile,
      lists,
      trustDiffers,
      ledgerTrust: () => opened.trust(),
      chainCheck,
      close,
    }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function kekOf({ kekFile, demo, dataFolder }: Config, log: Logger): Promise<Uint8Array> {
  const path = kekFile ?? join(dataFolder, 'kek')
  if (demo && kekFile === undefined && (await makeKek(path))) {
    log.warn('made a key-encryption key for the demonstration; whoever reads it can use every key', { path })
  }
  return readKek(path)
}

async function tsasOf(parts: AuthorityParts & Pick<Surroundings, 'ledger'>): Promise<readonly LocalTsa[]> {
  const institutions = await parts.ledger.institutions()
  const found = await Promise.all(institutions.map(({ id }) => findLocalTsa(parts, id)))
  return found.filter((tsa) => tsa !== undefined)
}

function checksFor({ verifyTimeoutMs }: Config, log: Logger): Checks {
  if (workersAreBuilt()) return checksInWorkers({ timeoutMs: verifyTimeoutMs })
  log.info('files are read where all requests are: the sources run without a build')
  return checksHere()
}

type Parts = AuthorityParts &
  Pick<Surroundings, 'ledger' | 'files' | 'checks'> &
  Pick<Node, 'tsas'> & { readonly authority: SealAuthority }

function surroundingsOf(parts: Parts, { log, publicUrl }: NodeOptions): Surroundings {
  const { store, files, ledger, clock, keys, authority, tsas, checks } = parts
  return {
    store,
    files,
    ledger,
    clock,
    checks,
    publicUrl,
    sealKeys: sealKeysOf({ store, keys, authority }),
    timestampAuthorities: tsas.map(({ institution, respond }) =>
      timestampClient({ institution, transport: respond, trusted: 'inProcess' }),
    ),
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    report: (failure) => log.error('a step failed while nobody waited', failureFields(failure)),
  }
}

function failureFields({ step, institution, sealSignature, error }: BackgroundFailure) {
  return { step, institution, sealSignature, error: error instanceof Error ? error : new Error(String(error)) }
}
