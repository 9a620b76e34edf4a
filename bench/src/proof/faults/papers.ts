import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const CREATED = '/CreationDate (D:20261102080000Z)'

/**
 * One-page contracts, as many as wanted, each another file: the sample contract's date is set to another second.
 * @param root - the checkout.
 */
export function papers(root: string): (index: number) => Uint8Array {
  const contract = readFileSync(join(root, 'fixtures/contracts/en-service-agreement.pdf'))
  const at = contract.indexOf(CREATED)
  if (at < 0) throw new Error('the sample contract has no plain creation date')
  return (index) => {
    const copy = Buffer.from(contract)
    const date = new Date(Date.UTC(2000, 0, 1) + index * 1000).toISOString().replace(/\D/g, '').slice(0, 14)
    copy.write(date, at + '/CreationDate (D:'.length, 'latin1')
    return copy
  }
}
