import { X509Certificate } from 'node:crypto'
import { type ChaincodeStub, ClientIdentity } from 'fabric-shim'
import type { Identity, Stub } from './stub-context'

/** The caller of a transaction. The peer has checked the certificate against the organisation's MSP. */
export function clientIdentity(stub: Stub): Identity {
  const identity = new ClientIdentity(stub as unknown as ChaincodeStub)
  return {
    getMSPID: () => identity.getMSPID(),
    getAttributeValue: (name) => identity.getAttributeValue(name),
    getKey: () => new X509Certificate(identity.getIDBytes()).publicKey.export({ type: 'spki', format: 'der' }),
  }
}
