import { issue, p256Key } from '../../test/pki'
import { isIssuedBy } from './issued'

describe('what an issuer signed', () => {
  it('is found good again and again, and only with every byte as it was', async () => {
    const ca = await issue('CA', 'ca')
    const { certificate } = await issue('Seal', 'seal', { issuer: ca })
    const { spki } = ca.certificate
    for (let i = 0; i < 3; i++) expect(await isIssuedBy(certificate, spki)).toBe(true)
    const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))
    expect(await isIssuedBy({ ...certificate, tbs: flipped(certificate.tbs) }, spki)).toBe(false)
    expect(await isIssuedBy({ ...certificate, signature: flipped(certificate.signature) }, spki)).toBe(false)
    expect(await isIssuedBy(certificate, p256Key().spki)).toBe(false)
    expect(await isIssuedBy(certificate, spki)).toBe(true)
  })

  it('stays refused however often it is asked', async () => {
    const [ca, other] = [await issue('CA', 'ca'), await issue('Other', 'ca')]
    const { certificate } = await issue('Seal', 'seal', { issuer: other })
    for (let i = 0; i < 3; i++) expect(await isIssuedBy(certificate, ca.certificate.spki)).toBe(false)
  })
})
