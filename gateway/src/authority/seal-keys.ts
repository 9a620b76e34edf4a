import { fromBase64 } from '@cinnabar/core'
import type { KeyKeeper } from '../keys/keeper'
import type { SealKeys } from '../notarize/ports'
import type { Store } from '../store/store'
import type { IssuedCertificate, SealAuthority } from './seal-authority'

/** What {@link sealKeysOf} works with. */
export interface SealKeysParts {
  readonly store: Store
  readonly keys: KeyKeeper
  readonly authority: SealAuthority
}

/** The seal keys of the certificates that this gateway's seal CAs issued for keys of its keeper. */
export function sealKeysOf({ store, keys, authority }: SealKeysParts): SealKeys {
  return {
    async find(institution, certificate) {
      const issued = (await store.get<IssuedCertificate>('certificates', certificate))?.value
      if (issued?.institution !== institution || issued.keyId === undefined) return undefined
      const [signer, ca] = await Promise.all([keys.signer(issued.keyId), authority.find(institution)])
      return { signer, certificates: [fromBase64(issued.certificate), ...(ca === undefined ? [] : [ca.certificate])] }
    },
    async crls(institution) {
      const ca = await authority.find(institution)
      const crl = ca && (await authority.crl(ca.ca))
      return crl === undefined ? [] : [crl]
    },
  }
}
