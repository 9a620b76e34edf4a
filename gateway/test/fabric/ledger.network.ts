import { type Attestation, LedgerError, peerWordOf, type Statement } from '@cinnabar/core'
import { ledgerContract } from '@cinnabar/core/testing'
import { openRealLedger, realCast, realTrust } from './real-network'

async function statementOf(attestation: Attestation): Promise<Statement> {
  if (attestation.kind !== 'fabric') throw new LedgerError('LEDGER_DAMAGED', 'not an attestation by a peer')
  const word = await peerWordOf(attestation, realTrust(), new Date())
  if (word === undefined) throw new LedgerError('LEDGER_DAMAGED', 'an attestation is not authentic')
  return word.statement
}

ledgerContract('fabric', async () => {
  const ledger = openRealLedger()
  return {
    ledger,
    cast: await realCast(),
    now: () => new Date(),
    statementOf,
    close: () => ledger.close(),
  }
})
