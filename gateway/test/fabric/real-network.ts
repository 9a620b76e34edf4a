import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type InstitutionId, type Ledger, type Trust, TrustFormat } from '@cinnabar/core'
import { type Cast, foundCast, type HeldSeal, newPki, readPki, registerSeal, savePki } from '@cinnabar/core/testing'
import { systemClock } from '../../src/clock'
import { openFabricLedger } from '../../src/ledger/fabric'
import { type FabricConnection, readConnection } from '../../src/ledger/fabric-config'

/** Where `npm run network -- up` wrote what it made. */
export const networkFolder = resolve(process.env.CINNABAR_NETWORK ?? join(__dirname, '..', '..', '..', '.network'))

const connectionFile = join(networkFolder, 'connection.json')

/** The network's connection, as its folder has it. */
export function realConnection(): FabricConnection {
  return readConnection(connectionFile)
}

/** A ledger of its own on the running network. What interrupts its events goes to `interruptions`. */
export function openRealLedger(
  options: {
    readonly connection?: FabricConnection
    readonly checkpointFile?: string
    readonly interruptions?: unknown[]
  } = {},
): Ledger {
  const { connection = realConnection(), checkpointFile, interruptions = [] } = options
  return openFabricLedger({
    connection,
    checkpointFile,
    clock: systemClock,
    report: (error) => void interruptions.push(error),
  })
}

/** A trust file of the network's organisations: what its demonstration writes, without seal CAs and TSAs. */
export function realTrust(): Trust {
  const { channel, chaincode, genesis, quorum, organisations } = JSON.parse(
    readFileSync(join(networkFolder, 'organisations.json'), 'utf8'),
  )
  return TrustFormat.check({
    channel,
    chaincode,
    demonstration: true,
    genesis: genesis.header,
    issued: '2026-11-22T00:00:00Z',
    name: { en: 'Test', zh: '测试' },
    organisations,
    quorum,
    type: 'cinnabar.trust.v1',
    version: 1,
  })
}

/** Seal CAs and timestamp authorities of the three organisations; kept, since a ledger never forgets whom it registered. */
export async function realCast(): Promise<Cast> {
  const file = join(networkFolder, 'test-cast.json')
  if (!existsSync(file)) {
    const made = await Promise.all(realConnection().organisations.map(({ id }) => newPki(id)))
    writeFileSync(file, JSON.stringify(made.map(savePki)), { mode: 0o600 })
  }
  const texts: readonly string[] = JSON.parse(readFileSync(file, 'utf8'))
  const pkis = await Promise.all(texts.map(readPki))
  const of = (kind: string) => {
    const id: InstitutionId | undefined = realConnection().organisations.find((one) => one.kind === kind)?.id
    const found = pkis.find(({ institution }) => institution === id)
    if (found === undefined) throw new Error(`${file} has no authorities of kind ${kind}`)
    return found
  }
  return { agency: of('agency'), enterprise: of('enterprise'), court: of('court') }
}

/** A ledger of its own on the running network, its cast founded, and a new seal of the agency. */
export async function sealOnRealLedger(): Promise<{ ledger: Ledger; cast: Cast; held: HeldSeal }> {
  const ledger = openRealLedger()
  const cast = await realCast()
  await foundCast(ledger, cast)
  return { ledger, cast, held: await registerSeal(ledger, cast.agency) }
}
