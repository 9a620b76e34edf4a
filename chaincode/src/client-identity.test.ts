import { X509Certificate } from 'node:crypto'
import type { InstitutionId } from '@cinnabar/core'
import { newPki, sealCertificate } from '@cinnabar/core/testing'
import { clientIdentity } from './client-identity'
import type { Stub } from './stub-context'

const agency = 'JiangzhouBureau' as InstitutionId

/** As fabric-shim gives the creator of a transaction: the organisation that the client claims, and its certificate. */
function stubOf(certificate: Uint8Array): Stub {
  const idBytes = Buffer.from(new X509Certificate(certificate).toString())
  const stub: Partial<Record<string, unknown>> = {
    getChannelID: () => 'cinnabar',
    getTxID: () => 'ab12',
    getCreator: () => ({ mspid: agency, idBytes }),
  }
  return stub as unknown as Stub
}

describe("a caller's identity", () => {
  it("has no role when its certificate is a seal's: a seal CA writes none", async () => {
    const { certificate } = await sealCertificate(await newPki(agency))
    const identity = clientIdentity(stubOf(certificate))
    expect(identity.getMSPID()).toBe(agency)
    expect(identity.getAttributeValue('role')).toBeNull()
  })

  it("has the certificate's public key, whatever else stands in it", async () => {
    const { certificate, key } = await sealCertificate(await newPki(agency))
    const { certificate: other } = await sealCertificate(await newPki(agency), { key })
    expect(new Uint8Array(clientIdentity(stubOf(certificate)).getKey())).toEqual(key.spki)
    expect(clientIdentity(stubOf(other)).getKey()).toEqual(clientIdentity(stubOf(certificate)).getKey())
  })
})
