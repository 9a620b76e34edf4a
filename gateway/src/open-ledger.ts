import { join } from 'node:path'
import { type Ledger, LedgerError, type Names, type Signer, toBase64 } from '@cinnabar/core'
import { fabricSealAuthority } from './authority/fabric-ca'
import { readFabricSealCas } from './authority/fabric-ca-config'
import type { AuthorityParts } from './authority/root'
import { type SealAuthority, sealAuthority } from './authority/seal-authority'
import type { Config } from './config'
import { readDemoNetwork } from './demo/network'
import type { LedgerTrust } from './demo/trust-file'
import { type ChainCheck, checkChain } from './ledger/chain-check'
import { type EmbeddedLedger, openEmbeddedLedger } from './ledger/embedded'
import { readConnection } from './ledger/fabric-config'
import type { Logger } from './log'

/** A ledger, the seal CAs that go with it, and in the demonstration whose word about it counts. */
export interface OpenLedger {
  readonly ledger: Ledger
  readonly authority: SealAuthority
  /** Of the embedded ledger: others' peers check their own chains. */
  readonly chainCheck?: ChainCheck
  /** For the demonstration's trust file; called once its institutions are founded. */
  trust(): Promise<LedgerTrust>
}

/** What a ledger is opened with. */
export interface OpenLedgerParts extends AuthorityParts {
  readonly log: Logger
  readonly publicUrl: string
}

const CHANNEL = 'cinnabar'
const CHAINCODE = 'cinnabar'

/**
 * Opens the ledger that the configuration names. Fabric's client is loaded only for Fabric.
 * @throws {@link LedgerError} `LEDGER_OTHER` when the data folder was begun on another ledger, and as the adapters do;
 * {@link DemoError} `DEMO_NETWORK_UNFIT`; {@link AuthorityError} `CA_CONFIG_INVALID`.
 */
export function openLedger(config: Config, parts: OpenLedgerParts): Promise<OpenLedger> {
  return config.ledger === 'fabric' ? openFabric(config, parts) : openEmbedded(config, parts)
}

async function openEmbedded(config: Config, parts: OpenLedgerParts): Promise<OpenLedger> {
  await bind(parts, 'embedded')
  const signer = await nodeSigner(parts)
  const ledger = await openEmbeddedLedger({
    folder: join(config.dataFolder, 'ledger'),
    channel: CHANNEL,
    signer,
    clock: parts.clock,
  })
  return {
    ledger,
    authority: sealAuthority({ ...parts, policies: config.sealPolicies }),
    chainCheck: await checkedChain(ledger, parts),
    trust: () => embeddedTrust(ledger, signer, config.demo ? DEMO_NODE : NODE),
  }
}

/** A ledger whose chain is damaged is closed. */
async function checkedChain(ledger: EmbeddedLedger, { log }: OpenLedgerParts): Promise<ChainCheck> {
  try {
    return checkChain(ledger, { log })
  } catch (cause) {
    await ledger.close()
    throw cause
  }
}

const DEMO_NODE: Names = { en: 'Node of the demonstration', zh: '示范节点' }
const NODE: Names = { en: 'The one node of this ledger', zh: '本账本的唯一节点' }

/** One node's word suffices: it is the ledger. */
export async function embeddedTrust(ledger: Ledger, { spki }: Signer, name: Names = DEMO_NODE): Promise<LedgerTrust> {
  return {
    channel: ledger.channel,
    chaincode: CHAINCODE,
    quorum: { independentKinds: ['agency', 'court'], organisations: 2 },
    organisations: (await ledger.institutions()).map(({ id, kind, names }) => ({ id, kind, names, roots: [] })),
    singleOperator: { key: toBase64(spki), name },
  }
}

async function openFabric(config: Config, parts: OpenLedgerParts): Promise<OpenLedger> {
  const { log } = parts
  // Its packages take 40 MB of memory and a third of a second.
  const { openFabricLedger } = require('./ledger/fabric') as typeof import('./ledger/fabric')
  const connection = readConnection(config.fabricConnection)
  const network = config.demo ? await readDemoNetwork(config.fabricConnection) : undefined
  await bind(parts, `fabric/${connection.channel}${network === undefined ? '' : `/${network.genesis.sha256}`}`)
  const told = (message: string) => (error: unknown) =>
    log.warn(message, { error: error instanceof Error ? error : new Error(String(error)) })
  const authority = fabricSealAuthority(
    { ...parts, report: told('a CA gave no new CRL; the last one is served') },
    readFabricSealCas(config.fabricConnection),
  )
  const ledger = openFabricLedger({
    connection,
    clock: parts.clock,
    checkpointFile: join(config.dataFolder, 'ledger-events.json'),
    report: told("the ledger's events were interrupted and go on"),
  })
  return {
    ledger,
    authority,
    trust: async () => {
      if (network === undefined) throw new LedgerError('CONNECTION_INVALID', 'not a demonstration network')
      const { channel, chaincode, quorum, organisations } = network
      return { channel, chaincode, genesis: network.genesis.header, quorum, organisations }
    },
  }
}

/** A data folder stays with the ledger that it was begun on: another one's entries are not the ones it knows. */
async function bind({ store }: OpenLedgerParts, ledger: string): Promise<void> {
  if (await store.insert('settings', 'ledger', { ledger })) return
  const bound = (await store.get<{ readonly ledger: string }>('settings', 'ledger'))?.value.ledger
  if (bound === ledger) return
  throw new LedgerError('LEDGER_OTHER', `this data folder was begun on the ledger ${bound}, not ${ledger}`, { ledger })
}

/** The key that attests heads; made at the first start. */
async function nodeSigner({ store, keys }: Pick<AuthorityParts, 'store' | 'keys'>): Promise<Signer> {
  const known = await store.get<{ readonly keyId: string }>('settings', 'node')
  if (known !== undefined) return keys.signer(known.value.keyId)
  await store.insert('settings', 'node', { keyId: await keys.create('node/ledger') })
  return nodeSigner({ store, keys })
}
