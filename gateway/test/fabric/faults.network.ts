import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Attestation, type InstitutionId, type Ledger, type LogEvent, peerWordOf } from '@cinnabar/core'
import {
  type Cast,
  foundCast,
  registerHolder,
  registerSeal,
  registrar,
  sealEntry,
  sealer,
  useOf,
} from '@cinnabar/core/testing'
import type { FabricConnection } from '../../src/ledger/fabric-config'
import { openRealLedger, realCast, realConnection, realTrust } from './real-network'

const NOBODY = 'localhost:9'

let cast: Cast
beforeAll(async () => {
  cast = await realCast()
  const ledger = openRealLedger()
  await foundCast(ledger, cast)
  await ledger.close()
}, 60_000)

async function withLedger(options: Parameters<typeof openRealLedger>[0], use: (ledger: Ledger) => Promise<void>) {
  const ledger = openRealLedger(options)
  try {
    await use(ledger)
  } finally {
    await ledger.close()
  }
}

/** The connection with these organisations' peers at an address where nobody answers. */
function without(...organisations: readonly InstitutionId[]): FabricConnection {
  const connection = realConnection()
  const peers = connection.peers.map((peer) =>
    organisations.includes(peer.organisation) ? { ...peer, address: NOBODY } : peer,
  )
  return { ...connection, peers }
}

describe('a ledger whose own peer does not answer', () => {
  it("reads, changes and attests by other organisations' peers", async () => {
    const { institution } = cast.agency
    await withLedger({ connection: without(institution) }, async (ledger) => {
      const holder = await registerHolder(ledger, cast.agency)
      expect(await ledger.certificate(institution, holder.digest)).toMatchObject({ digest: holder.digest })
      const { size } = await ledger.head(institution)
      const attestations = await ledger.attest({ institution, size })
      const words = await Promise.all(attestations.map(wordOf))
      expect(words.map((word) => word?.organisation)).toEqual(realConnection().organisations.map(({ id }) => id))
    })
  })

  it('is unavailable when no peer answers, and says what failed by a code', async () => {
    const all = realConnection().organisations.map(({ id }) => id)
    await withLedger({ connection: without(...all) }, async (ledger) => {
      await expect(ledger.head(all[0])).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE', details: { grpcCode: 14 } })
      await expect(registerHolder(ledger, cast.agency)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
      await expect(ledger.attest({ institution: all[0], size: 1 })).rejects.toMatchObject({
        code: 'LEDGER_UNAVAILABLE',
      })
    })
  })
})

describe('identities', () => {
  it('are those of the connection and no others', async () => {
    const { institution } = cast.court
    const identities = realConnection().identities.filter((one) => one.institution !== institution)
    await withLedger({ connection: { ...realConnection(), identities } }, async (ledger) => {
      expect(await ledger.head(institution)).toMatchObject({ institution })
      const change = { change: 'suspendSeal', institution, seal: 'x' } as never
      await expect(ledger.change(registrar(cast.court), change)).rejects.toMatchObject({ code: 'LEDGER_NO_IDENTITY' })
    })
  })

  it('without a role of the CA, or in another role than they claim, are refused by the chaincode', async () => {
    const connection = realConnection()
    const swapped = connection.identities.map((one) => ({
      ...one,
      role: one.role === 'sealer' ? ('registrar' as const) : ('sealer' as const),
    }))
    await withLedger({ connection: { ...connection, identities: swapped } }, async (ledger) => {
      await expect(registerHolder(ledger, cast.agency)).rejects.toMatchObject({ code: 'CALLER_NOT_PERMITTED' })
    })
  })
})

describe('a checkpoint', () => {
  it('lets a restart neither miss nor repeat an append', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cinnabar-fabric-'))
    const checkpointFile = join(folder, 'events.json')
    const { institution } = cast.agency
    const interruptions: unknown[] = []
    const heard: LogEvent[] = []
    const hear = (event: LogEvent) => void (event.institution === institution && heard.push(event))
    let from = 0
    await withLedger({ checkpointFile, interruptions }, async (ledger) => {
      const held = await registerSeal(ledger, cast.agency)
      const { size } = await ledger.head(institution)
      from = size
      ledger.follow(hear)
      const use = await useOf(held, cast.court, new Date())
      await ledger.append(sealer(cast.agency), institution, size, [sealEntry(use, held.seal, 1)], [use])
      await until(() => heard.length === 1)
      await until(() => JSON.parse(readFileSync(checkpointFile, 'utf8')).transaction === heard[0].append.transaction)
    })
    await withLedger({}, async (ledger) => {
      await registerHolder(ledger, cast.agency)
      await registerHolder(ledger, cast.agency)
    })
    await withLedger({ checkpointFile, interruptions }, async (ledger) => {
      ledger.follow(hear)
      await registerHolder(ledger, cast.agency)
      await until(() => heard.length >= 4)
    })
    expect(heard.map(({ append }) => append.size)).toEqual([from + 1, from + 2, from + 3, from + 4])
    expect(heard.every(({ append, entries }) => entries.length === append.leaves.length)).toBe(true)
    expect(interruptions).toEqual([])
    rmSync(folder, { recursive: true })
  }, 30_000)
})

async function wordOf(attestation: Attestation) {
  return attestation.kind === 'fabric' ? peerWordOf(attestation, realTrust(), new Date()) : undefined
}

/** Waits up to 10 s. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(condition()).toBe(true)
}
