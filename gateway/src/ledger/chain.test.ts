import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCanonical, type InstitutionId, type Json } from '@cinnabar/core'
import { newKey, newPki, registerSeal, registrar } from '@cinnabar/core/testing'
import Database from 'libsql'
import { systemClock } from '../clock'
import { createLogger } from '../log'
import { checkChain } from './chain-check'
import { type EmbeddedLedger, openEmbeddedLedger } from './embedded'

const agency = 'JiangzhouBureau' as InstitutionId
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cinnabar-chain-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function open(channel = 'test'): Promise<EmbeddedLedger> {
  const { signer } = await newKey()
  return openEmbeddedLedger({ folder, channel, signer, clock: systemClock })
}

/** A ledger with seven blocks: founding, seal CA, and a certificate and a seal twice, and a suspension. */
async function filled(): Promise<EmbeddedLedger> {
  const ledger = await open()
  const pki = await newPki(agency)
  const institution = { id: agency, kind: 'agency', names: { en: 'Agency', zh: '江州' } } as const
  const caller = registrar(pki)
  await ledger.change(caller, { change: 'found', institution: { ...institution, type: 'cinnabar.institution.v1' } })
  const certificate = Buffer.from(pki.sealCa.certificate).toString('base64')
  await ledger.change(caller, { change: 'registerSealCa', institution: agency, certificate })
  const { seal } = await registerSeal(ledger, pki)
  await registerSeal(ledger, pki)
  await ledger.change(caller, { change: 'suspendSeal', institution: agency, seal: seal.id })
  return ledger
}

/** Closes the ledger, changes its file by hand as someone with the disk could, and opens it again. */
async function tampered(ledger: EmbeddedLedger, sql: string): Promise<EmbeddedLedger> {
  await ledger.close()
  const db = new Database(join(folder, 'ledger.db'))
  db.exec(sql)
  db.close()
  return open()
}

describe('the chain of blocks', () => {
  it('is there again after the ledger was closed', async () => {
    const ledger = await filled()
    const head = await ledger.head(agency)
    const seals = await ledger.seals(agency)
    const audit = ledger.verifyChain()
    expect(audit).toMatchObject({ blocks: 7 })
    await ledger.close()
    const again = await open()
    expect(await again.head(agency)).toEqual(head)
    expect(await again.seals(agency)).toEqual(seals)
    expect(await again.entries(agency, 0, 100)).toHaveLength(7)
    expect(again.verifyChain()).toEqual(audit)
    await again.close()
  })

  it.each([
    [
      'a block was changed',
      "UPDATE blocks SET bytes = CAST(replace(CAST(bytes AS TEXT), 'found', 'bound') AS BLOB) WHERE number = 0",
    ],
    ['a block was cut out', 'DELETE FROM blocks WHERE number = 3'],
    ['the last block was cut off', 'DELETE FROM blocks WHERE number = 6'],
    ['the head was moved back', 'UPDATE chain SET blocks = 6, digest = (SELECT digest FROM blocks WHERE number = 5)'],
    ['a record was changed', "UPDATE state SET value = x'7b7d' WHERE key LIKE 'institution/%'"],
    ['a record was deleted', "DELETE FROM state WHERE key LIKE 'seal-at/%'"],
  ])('is refused when it is opened after %s', async (_, sql) => {
    await expect(tampered(await filled(), sql)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
  })

  it('is found damaged by an audit when the state holds what no block wrote', async () => {
    const ledger = await tampered(await filled(), "INSERT INTO state VALUES ('use/ff', x'41')")
    expect(() => ledger.verifyChain()).toThrow(expect.objectContaining({ code: 'LEDGER_DAMAGED' }))
    await ledger.close()
  })

  it('is audited while the ledger goes on, and the audit sees what came meanwhile', async () => {
    const ledger = await filled()
    const auditing = ledger.verifyChainMeanwhile(new AbortController().signal)
    const [{ seal }] = (await ledger.seals(agency)).filter((one) => one.seal.status === 'active')
    const caller = { institution: agency, role: 'registrar' } as const
    await ledger.change(caller, { change: 'retireSeal', institution: agency, seal: seal.id })
    await expect(auditing).resolves.toMatchObject({ blocks: 8 })
    await expect(ledger.verifyChainMeanwhile(AbortSignal.abort())).resolves.toBeUndefined()
    await ledger.close()
  })

  it('is checked at a start: a short one before, a long one meanwhile, with the result to be read', async () => {
    const lines: string[] = []
    const log = createLogger('info', systemClock, (line) => lines.push(line))
    const whole = await filled()
    expect(checkChain(whole, { log }).state).toBe('ok')
    const check = checkChain(whole, { log, maxBlocks: 6 })
    expect(check.state).toBe('checking')
    while (check.state === 'checking') await new Promise(setImmediate)
    expect(check.state).toBe('ok')
    const ledger = await tampered(whole, "INSERT INTO state VALUES ('use/ff', x'41')")
    expect(() => checkChain(ledger, { log })).toThrow(expect.objectContaining({ code: 'LEDGER_DAMAGED' }))
    const found = checkChain(ledger, { log, maxBlocks: 6 })
    while (found.state === 'checking') await new Promise(setImmediate)
    expect(found.state).toBe('damaged')
    expect(lines.filter((line) => line.includes('LEDGER_DAMAGED'))).toHaveLength(1)
    await found.close()
    await ledger.close()
  })

  it('is not opened for another channel, nor from what is no ledger', async () => {
    await (await filled()).close()
    await expect(open('another')).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
    rmSync(join(folder, 'ledger.db'))
    writeFileSync(join(folder, 'ledger.db'), 'not a database, but long enough to have a header'.repeat(100))
    await expect(open()).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
  })

  it('keeps each transaction with its caller, arguments and writes', async () => {
    await (await filled()).close()
    const db = new Database(join(folder, 'ledger.db'))
    const row = db.prepare('SELECT bytes FROM blocks WHERE number = 6').get() as { readonly bytes: Buffer }
    db.close()
    const block = JSON.parse(row.bytes.toString()) as Record<string, Json>
    expect(Buffer.from(encodeCanonical(block)).equals(row.bytes)).toBe(true)
    expect(block).toMatchObject({
      caller: { institution: agency, role: 'registrar' },
      function: 'suspendSeal',
      number: 6,
      type: 'cinnabar.block.v1',
    })
  })
})

describe('a closed ledger', () => {
  it('finishes what was submitted before and refuses what comes after', async () => {
    const ledger = await filled()
    const [{ seal }] = (await ledger.seals(agency)).filter((one) => one.seal.status === 'active')
    const caller = { institution: agency, role: 'registrar' } as const
    const retired = ledger.change(caller, { change: 'retireSeal', institution: agency, seal: seal.id })
    const closed = ledger.close()
    await expect(retired).resolves.toMatchObject({ size: 8 })
    await closed
    await ledger.close()
    const late = ledger.change(caller, { change: 'retireSeal', institution: agency, seal: seal.id })
    await expect(late).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    await expect(ledger.head(agency)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
  })
})
