import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildTimestampRequest,
  fromHex,
  type InstitutionId,
  parseCertificate,
  parseToken,
  rejectTimestamp,
  sha256,
  utf8,
} from '@cinnabar/core'
import { openKeyKeeper } from '../keys/file-keeper'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { timestampClient } from './client'
import { establishLocalTsa, findLocalTsa, type LocalTsa, TSA_POLICY } from './local'

const COURT = { id: 'Court' as InstitutionId, names: { en: 'Court', zh: '江州市中级人民法院' } }
const IMPRINT = sha256(utf8('signature value'))

let folder: string
let store: Store
let now: Date
let tsa: LocalTsa

const partsOf = () => ({
  store,
  keys: openKeyKeeper({ store, kek: new Uint8Array(32), published: new Set<string>() }),
  clock: { now: () => now },
})
const trusted = () => [parseCertificate(tsa.root)]
const client = (transport = tsa.respond) => timestampClient({ institution: COURT.id, transport, trusted: trusted() })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-tsa-'))
  store = await openEmbeddedStore(folder)
  now = new Date('2026-11-22T03:04:05.678Z')
  tsa = await establishLocalTsa(partsOf(), COURT)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

describe('the local timestamp authority', () => {
  it('is the same when opened again', async () => {
    const [again, found] = [await establishLocalTsa(partsOf(), COURT), await findLocalTsa(partsOf(), COURT.id)]
    expect([again.certificate, again.root]).toEqual([tsa.certificate, tsa.root])
    expect([found?.certificate, found?.root]).toEqual([tsa.certificate, tsa.root])
    expect(await findLocalTsa(partsOf(), 'Bureau' as InstitutionId)).toBeUndefined()
  })
  it('gives a token to the millisecond that its client accepts', async () => {
    const token = parseToken(await client().token(IMPRINT))
    expect(token).toMatchObject({ genTimeText: '2026-11-22T03:04:05.678Z', policy: TSA_POLICY, accuracyMs: 1000 })
    expect(new Set(token.certificates)).toEqual(new Set([tsa.certificate, tsa.root]))
  })
  it('never gives a serial number twice, nor a time before one it gave', async () => {
    const tokens = []
    for (const step of [0, 5, -3, 0, 2]) {
      now = new Date(now.getTime() + step)
      tokens.push(parseToken(await client().token(IMPRINT)))
    }
    const times = tokens.map(({ genTime }) => genTime.getTime())
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(new Set(tokens.map(({ serial }) => Buffer.from(serial).toString('hex'))).size).toBe(5)
  })
  it('stops when the clock is set back', async () => {
    await client().token(IMPRINT)
    now = new Date(now.getTime() - 60_000)
    await expect(client().token(IMPRINT)).rejects.toMatchObject({ code: 'TSA_UNAVAILABLE' })
  })
  it('rejects what is no request', async () => {
    const answer = () => tsa.respond(utf8('hello'))
    await expect(client(answer).token(IMPRINT)).rejects.toMatchObject({ code: 'TSA_REFUSED' })
  })
})

describe('the client', () => {
  const other = async (imprint: Uint8Array, nonce: Uint8Array) => tsa.respond(buildTimestampRequest({ imprint, nonce }))

  it('refuses an answer to another request', async () => {
    const replayed = await other(IMPRINT, fromHex('0102030405060708'))
    await expect(client(async () => replayed).token(IMPRINT)).rejects.toMatchObject({ code: 'TSA_INVALID' })
  })
  it('refuses a token of an authority that it does not trust', async () => {
    const stranger = await establishLocalTsa(partsOf(), { ...COURT, id: 'Stranger' as InstitutionId })
    await expect(client(stranger.respond).token(IMPRINT)).rejects.toMatchObject({ code: 'TSA_INVALID' })
  })
  it('tells a refusal from one that passes', async () => {
    const answering = (word: 'badAlg' | 'systemFailure') =>
      client(async () => rejectTimestamp(word, 'no')).token(IMPRINT)
    await expect(answering('badAlg')).rejects.toMatchObject({ code: 'TSA_REFUSED' })
    await expect(answering('systemFailure')).rejects.toMatchObject({ code: 'TSA_UNAVAILABLE' })
  })
  it('refuses what is no answer', async () => {
    await expect(client(async () => utf8('hello')).token(IMPRINT)).rejects.toMatchObject({ code: 'TSA_INVALID' })
  })
})
