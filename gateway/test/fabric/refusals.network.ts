import { writeFileSync } from 'node:fs'
import type { Ledger } from '@cinnabar/core'
import { foundCast } from '@cinnabar/core/testing'
import { systemClock } from '../../src/clock'
import { FabricPeers } from '../../src/ledger/fabric-peers'
import { submit } from '../../src/ledger/fabric-submit'
import { ATTACKS, honest, newScene, type Scene } from './attacks'
import { askEveryPeer, PEER_REFUSED, type PeerAnswer, type PeerState, settledState } from './every-peer'
import { openRealLedger, realCast, realConnection } from './real-network'

/** Where `npm run prove -- 2` wants the rows of its table. */
const rowsFile = process.env.CINNABAR_REFUSALS

/** One attack: what every peer answered, and the ledger after it. */
interface Row {
  readonly attack: string
  readonly answers: readonly PeerAnswer[]
  readonly height: number
  readonly unchanged: boolean
}

describe("every organisation's peer", () => {
  let ledger: Ledger
  let scene: Scene
  let before: PeerState
  const rows: Row[] = []
  beforeAll(async () => {
    ledger = openRealLedger()
    const cast = await realCast()
    await foundCast(ledger, cast)
    scene = await newScene(ledger, cast)
    before = await settledState()
  }, 120_000)
  afterAll(async () => {
    await ledger.close()
    if (rowsFile !== undefined) writeFileSync(rowsFile, JSON.stringify(rows))
  })

  const everyPeer = (code: string) => Object.fromEntries(realConnection().organisations.map(({ id }) => [id, code]))
  const codesOf = (answers: readonly PeerAnswer[]) =>
    Object.fromEntries(answers.map(({ organisation, code }) => [organisation, code]))

  it.each(ATTACKS)('refuses $name: $code, and no ledger changes', async ({ name, code, make }) => {
    const { identity, call } = await make(scene)
    const answers = await askEveryPeer(identity, call)
    const after = await settledState()
    const { height } = after
    const unchanged = JSON.stringify(after) === JSON.stringify(before)
    rows.push({ attack: name, answers, height, unchanged })
    expect(codesOf(answers)).toEqual(everyPeer(code))
    expect(after).toEqual(before)
    // Fabric has no code for it: only its words tell a caller who is no member from a peer that failed.
    if (code === PEER_REFUSED) for (const { text } of answers) expect(text).toContain('access denied')
  })

  it('endorses the honest use that the attacks differ from, and has another state once it is submitted', async () => {
    const { identity, call } = await honest(scene)
    expect(codesOf(await askEveryPeer(identity, call))).toEqual(everyPeer('ENDORSED'))
    expect(await settledState()).toEqual(before)
    const peers = new FabricPeers(realConnection(), systemClock)
    await submit(peers, identity, call)
    peers.close()
    const after = await settledState()
    expect(after.height).toBe(before.height + 1)
    expect(after.chain).not.toBe(before.chain)
    expect(after.records).not.toBe(before.records)
  })
})
