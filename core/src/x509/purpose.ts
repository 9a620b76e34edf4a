import type { Certificate } from './certificate'
import { nameText } from './name'
import type { PathFault } from './path'

/** What the leaf's key is to have been used for. */
export type PathPurpose = 'seal' | 'tsa'

/** RFC 3161 2.3. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

/** Uses of TLS and of timestamping: a certificate that has only these is not for sealing. */
const NOT_FOR_SEALING: ReadonlySet<string> = new Set([
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.9',
  TIME_STAMPING,
])

function extendedKeyUsageFits({ extendedKeyUsage }: Certificate, purpose: PathPurpose): boolean {
  if (purpose === 'seal') {
    return extendedKeyUsage === undefined || extendedKeyUsage.oids.some((oid) => !NOT_FOR_SEALING.has(oid))
  }
  return (
    extendedKeyUsage?.critical === true &&
    extendedKeyUsage.oids.length === 1 &&
    extendedKeyUsage.oids[0] === TIME_STAMPING
  )
}

function keyUsageFits({ keyUsage }: Certificate, purpose: PathPurpose): boolean {
  if (keyUsage === undefined) return purpose === 'tsa'
  return keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')
}

/**
 * Why a certificate does not fit its use, or `undefined`.
 * `seal`: key usage digitalSignature or nonRepudiation, not a CA's, extended key usage absent or with a use that is neither TLS
 * nor OCSP nor timestamping. `tsa` (RFC 3161 2.3): timeStamping alone, critical; not a CA's; the key usage,
 * if there is one, allows signatures.
 */
export function leafFault(leaf: Certificate, purpose: PathPurpose): PathFault | undefined {
  const name = nameText(leaf.subject)
  const refuse = (code: PathFault['code'], why: string): PathFault => ({
    code,
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
    detail: `${name}: ${why}`,
  })
  if (leaf.basicConstraints?.ca === true) return refuse('LEAF_IS_CA', 'a CA certificate')
  if (!keyUsageFits(leaf, purpose)) return refuse('LEAF_KEY_USAGE', 'key not for signatures')
  if (!extendedKeyUsageFits(leaf, purpose))
    return refuse('LEAF_EXTENDED_KEY_USAGE', `not certified for use as ${purpose}`)
  return undefined
}
