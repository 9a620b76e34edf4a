import type { Certificate } from './certificate'
import { nameText } from './name'
import type { PathFault } from './path'

/**
 * What the leaf's key is to have been used for; `crl` and `ocsp` are the signing of revocation lists and answers, and `any` asks
 * nothing of the leaf.
 */
export type PathPurpose = 'seal' | 'signature' | 'tsa' | 'crl' | 'ocsp' | 'any'

/** RFC 3161 2.3. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

/** RFC 6960 4.2.2.2. */
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'

/** Uses of TLS and of timestamping: a certificate that has only these is not for sealing. */
const NOT_FOR_SEALING: ReadonlySet<string> = new Set([
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  OCSP_SIGNING,
  TIME_STAMPING,
])

function extendedKeyUsageFits({ extendedKeyUsage }: Certificate, purpose: PathPurpose): boolean {
  if (purpose === 'ocsp') return extendedKeyUsage?.oids.includes(OCSP_SIGNING) === true
  if (purpose === 'seal' || purpose === 'signature') {
    return extendedKeyUsage === undefined || extendedKeyUsage.oids.some((oid) => !NOT_FOR_SEALING.has(oid))
  }
  return (
    extendedKeyUsage?.critical === true &&
    extendedKeyUsage.oids.length === 1 &&
    extendedKeyUsage.oids[0] === TIME_STAMPING
  )
}

function keyUsageFits({ keyUsage }: Certificate, purpose: PathPurpose): boolean {
  if (keyUsage === undefined) return purpose !== 'seal'
  return keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')
}

/**
 * Why a certificate does not fit its use, or `undefined`.
 * `seal`, and `signature` by anybody else, whose certificate may lack a key usage: key usage digitalSignature or nonRepudiation, not a CA's, extended key usage absent or with a use that is neither TLS
 * nor OCSP nor timestamping. `tsa` (RFC 3161 2.3): timeStamping alone, critical; not a CA's; the key usage,
 * if there is one, allows signatures. `ocsp` (RFC 6960 4.2.2.2): OCSPSigning among the uses. `crl` (RFC 5280 6.3.3 f): the key
 * usage, if there is one, has cRLSign; it may be a CA's.
 */
export function leafFault(leaf: Certificate, purpose: PathPurpose): PathFault | undefined {
  const refuse = (code: PathFault['code'], why: string): PathFault => ({
    code,
    subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    detail: `${nameText(leaf.subject)}: ${why}`,
  })
  if (purpose === 'any') return undefined
  if (purpose === 'crl') {
    const signs = leaf.keyUsage === undefined || leaf.keyUsage.has('cRLSign')
    return signs ? undefined : refuse('LEAF_KEY_USAGE', 'key not for signing CRLs')
  }
  if (leaf.basicConstraints?.ca === true) return refuse('LEAF_IS_CA', 'a CA certificate')
  if (!keyUsageFits(leaf, purpose)) return refuse('LEAF_KEY_USAGE', 'key not for signatures')
  if (!extendedKeyUsageFits(leaf, purpose))
    return refuse('LEAF_EXTENDED_KEY_USAGE', `not certified for use as ${purpose}`)
  return undefined
}
