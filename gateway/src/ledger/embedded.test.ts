import { webcrypto } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Attestation, type InstitutionId, LedgerError, StatementFormat } from '@cinnabar/core'
import { ledgerContract, newKey, newPki, type TestKey } from '@cinnabar/core/testing'
import { systemClock } from '../clock'
import { openEmbeddedLedger } from './embedded'

const channel = 'test'

async function newCast() {
  const [agency, enterprise, court] = await Promise.all(
    ['JiangzhouBureau', 'ChangfengTrading', 'JiangzhouCourt'].map((id) => newPki(id as InstitutionId)),
  )
  return { agency, enterprise, court }
}

async function statementOf(attestation: Attestation, { spki }: TestKey) {
  if (attestation.kind !== 'node') throw new LedgerError('LEDGER_DAMAGED', 'not a node attestation')
  const key = await webcrypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  const signature = Buffer.from(attestation.signature, 'base64')
  const bytes = StatementFormat.encode(attestation.statement)
  expect(await webcrypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, bytes)).toBe(true)
  return attestation.statement
}

function newFolder() {
  return mkdtempSync(join(tmpdir(), 'cinnabar-ledger-'))
}

ledgerContract('embedded', async () => {
  const folder = newFolder()
  const key = await newKey()
  const ledger = await openEmbeddedLedger({ folder, channel, signer: key.signer, clock: systemClock })
  return {
    ledger,
    cast: await newCast(),
    now: () => new Date(),
    statementOf: (attestation) => statementOf(attestation, key),
    close: async () => {
      expect(ledger.verifyChain().blocks).toBeGreaterThan(20)
      await ledger.close()
      rmSync(folder, { recursive: true })
    },
  }
})
