import { LedgerError } from '@cinnabar/core'
import { TsaError } from '../tsa/authority'
import { patiently } from './retry'

/** Work that fails with these, one after another, and then succeeds. */
async function worked(failures: readonly Error[], attempts?: number) {
  const left = [...failures]
  const told: unknown[] = []
  const work = async () => {
    const failure = left.shift()
    if (failure !== undefined) throw failure
    return 'done'
  }
  const stop = new AbortController().signal
  const outcome = await patiently(work, { stop, attempts, onFailure: (error) => told.push(error) })
  return { outcome, told: told.length }
}
const away = () => new LedgerError('LEDGER_UNAVAILABLE', 'no peer answers')
const silent = () => new TsaError('TSA_UNAVAILABLE', 'no answer')

describe('patience', () => {
  it('waits for the end of an outage of the ledger, whatever the attempts', async () => {
    expect(await worked([away(), away(), away()], 2)).toEqual({ outcome: 'done', told: 3 })
  })

  it('counts only what is no outage', async () => {
    expect(await worked([away(), silent(), away()], 2)).toEqual({ outcome: 'done', told: 3 })
    await expect(worked([silent(), away(), silent()], 2)).rejects.toMatchObject({ code: 'TSA_UNAVAILABLE' })
  })

  it('ends at once with what does not pass by itself', async () => {
    await expect(worked([new TsaError('TSA_REFUSED', 'no')])).rejects.toMatchObject({ code: 'TSA_REFUSED' })
  })
})
