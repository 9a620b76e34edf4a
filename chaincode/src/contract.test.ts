import { AppendFormat, fromUtf8, HeadFormat, type InstitutionId, parseCanonical, toBase64, utf8 } from '@cinnabar/core'
import { newPki } from '@cinnabar/core/testing'
import { newChaincode } from './contract'
import { METADATA, METADATA_FUNCTION } from './metadata'
import { changeCall } from './rules/calls'
import { parseRuleError } from './rules/errors'
import type { Identity, Stub } from './stub-context'

const NOW = Date.parse('2026-11-22T03:00:00Z')
const agency = 'JiangzhouBureau' as InstitutionId
const FOUND = changeCall({
  change: 'found',
  institution: {
    id: agency,
    kind: 'agency',
    names: { en: 'Jiangzhou Bureau', zh: '江州市' },
    type: 'cinnabar.institution.v1',
  },
})

interface Proposal {
  readonly args: readonly (string | Uint8Array)[]
  readonly seconds?: number
  readonly nanos?: number
  readonly transient?: ReadonlyMap<string, Uint8Array>
  readonly identity?: Identity
}

/** A peer that keeps what an endorsed call wrote. Values come as Buffers, as the shim gives them. */
function newPeer() {
  const state = new Map<string, Uint8Array>()
  const events: { name: string; payload: Uint8Array }[] = []
  const faults: unknown[] = []
  const registrar = identity(agency, 'registrar')
  const call = async ({ args, seconds, nanos, transient, identity: caller }: Proposal) => {
    const stub: Stub = {
      getTxID: () => 'ab12',
      getChannelID: () => 'cinnabar',
      getBufferArgs: () => args.map((arg) => Buffer.from(arg)),
      getTransient: () => transient ?? new Map(),
      getTxTimestamp: () => ({ seconds: { toNumber: () => seconds ?? NOW / 1000 }, nanos: nanos ?? 0 }),
      getState: async (key) => Buffer.from(state.get(key) ?? []),
      putState: async (key, value) => void state.set(key, value),
      getStateByRange: async function* (start, end) {
        for (const key of [...state.keys()].sort()) {
          if (key >= start && key < end) yield { key, value: Buffer.from(state.get(key) ?? []) }
        }
      },
      setEvent: (name, payload) => void events.push({ name, payload }),
    }
    const chaincode = newChaincode({
      now: () => NOW,
      identityOf: () => caller ?? registrar,
      report: (fault) => void faults.push(fault),
    })
    return chaincode.Invoke(stub)
  }
  return { state, events, faults, call }
}

function identity(institution: string, role: string | null, key = Uint8Array.of(0x30, 0)): Identity {
  return {
    getMSPID: () => institution,
    getAttributeValue: (name) => (name === 'role' ? role : null),
    getKey: () => key,
  }
}

async function codeOf(response: ReturnType<ReturnType<typeof newPeer>['call']>) {
  const given = await response
  return given.status === 200 ? 'OK' : parseRuleError(given.message)?.code
}

const found = { args: [FOUND.name, ...FOUND.args] }

describe("the chaincode's shell", () => {
  it('runs the rules on the state, with the caller from the certificate and the time of the transaction', async () => {
    const peer = newPeer()
    const response = await peer.call({ ...found, nanos: 120_000_000 })
    if (response.status !== 200) throw new Error(response.message)
    expect(HeadFormat.parse(response.payload)).toMatchObject({ institution: agency, size: 1 })
    const append = AppendFormat.parse(peer.state.get(`append/${agency}/0000000000000001`) ?? new Uint8Array(0))
    expect(append).toMatchObject({ recordedAt: '2026-11-22T03:00:00.12Z', transaction: 'ab12' })
    const institutions = await peer.call({ args: ['institutions'], identity: identity('Anybody', null) })
    if (institutions.status !== 200) throw new Error(institutions.message)
    expect(parseCanonical(institutions.payload, 4096)).toMatchObject([{ id: agency }])
  })

  it("sends the append's record as the event of each change, and none for a query", async () => {
    const peer = newPeer()
    await peer.call(found)
    await peer.call({ args: ['institutions'] })
    expect(peer.events.map(({ name }) => name)).toEqual(['append'])
    expect(AppendFormat.parse(peer.events[0].payload)).toMatchObject({ institution: agency, size: 1 })
  })

  it.each([
    ['registrar', 'JiangzhouCourt'],
    ['sealer', agency],
    [null, agency],
  ])('gives the rules the role %s of %s, which they refuse', async (role, institution) => {
    const { sealCa } = await newPki(agency)
    const change = { change: 'registerSealCa', institution: agency, certificate: toBase64(sealCa.certificate) } as const
    const call = changeCall(change)
    const peer = newPeer()
    await peer.call(found)
    const before = peer.state.size
    const refused = peer.call({ args: [call.name, ...call.args], identity: identity(institution, role) })
    expect(await codeOf(refused)).toBe('CALLER_NOT_PERMITTED')
    expect(peer.state.size).toBe(before)
  })

  it.each([-301, 301, -1e12, 1e12, Number.NaN])('refuses a transaction of %d s from its own clock', async (offset) => {
    const peer = newPeer()
    expect(await codeOf(peer.call({ ...found, seconds: NOW / 1000 + offset }))).toBe('CLOCK_SKEW')
    expect(peer.state.size).toBe(0)
  })

  it.each([-300, 300])('takes one of %d s', async (offset) => {
    expect(await codeOf(newPeer().call({ ...found, seconds: NOW / 1000 + offset }))).toBe('OK')
  })

  it('refuses a time whose nanoseconds are none', async () => {
    expect(await codeOf(newPeer().call({ ...found, nanos: 1_000_000_000 }))).toBe('CLOCK_SKEW')
    expect(await codeOf(newPeer().call({ ...found, nanos: -1 }))).toBe('CLOCK_SKEW')
  })

  it('passes the transient map on', async () => {
    const append = { args: ['append', agency, '0', '[]'] }
    expect(await newPeer().call(append)).toMatchObject({ message: expect.stringContaining('no uses') })
    const transient = new Map([['uses', utf8('[]')]])
    expect(await newPeer().call({ ...append, transient })).not.toMatchObject({
      message: expect.stringContaining('no uses'),
    })
  })

  it('refuses arguments that are not UTF-8 and functions that it does not know', async () => {
    expect(await codeOf(newPeer().call({ args: ['head', Uint8Array.of(0xff)] }))).toBe('ARGUMENT_INVALID')
    expect(await codeOf(newPeer().call({ args: ['steal'] }))).toBe('FUNCTION_UNKNOWN')
    expect(await codeOf(newPeer().call({ args: [] }))).toBe('FUNCTION_UNKNOWN')
  })

  it('reports a fault that is no refusal, and keeps its words from the caller', async () => {
    const peer = newPeer()
    const broken: Identity = {
      getMSPID: () => {
        throw new TypeError('secret')
      },
      getAttributeValue: () => null,
      getKey: () => Uint8Array.of(),
    }
    const response = await peer.call({ ...found, identity: broken })
    expect(response).toEqual({ status: 500, message: expect.stringMatching(/^INTERNAL: (?!.*secret)/) })
    expect(peer.faults).toEqual([expect.any(TypeError)])
  })
})

describe('the metadata', () => {
  it('is given to whoever asks, also at a wrong time', async () => {
    const response = await newPeer().call({ args: [METADATA_FUNCTION], seconds: 0 })
    if (response.status !== 200) throw new Error(response.message)
    expect(JSON.parse(fromUtf8(response.payload))).toEqual(METADATA)
  })

  it('names functions that exist, with their number of arguments', async () => {
    for (const { name, parameters } of METADATA.contracts.cinnabar.transactions) {
      const args = [name, ...parameters.map(() => '?'), 'one too many']
      expect([name, await codeOf(newPeer().call({ args }))]).toEqual([name, 'ARGUMENT_INVALID'])
    }
  })
})
