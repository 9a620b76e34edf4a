import { readKeyKind, readSignatureScheme } from '../x509/algorithm'
import { readable } from '../x509/readable'
import type { Subject } from './subject'

/** What a signature was made with, such as `ECDSA P-256 with SHA-256`; null for what cannot be read or is unknown. */
export function algorithmOf({ signer, certificate }: Pick<Subject, 'signer' | 'certificate'>): string | null {
  if (signer === undefined || certificate === undefined) return null
  const { signatureAlgorithm, digestAlgorithm } = signer
  const name = readable(() => {
    const { kind, digest } = readSignatureScheme(signatureAlgorithm, digestAlgorithm, 'past')
    const key = readKeyKind(certificate.spki, 'past')
    if (key.kind === 'ec') return `ECDSA ${key.curve} with ${digest}`
    return `RSA ${key.modulusBytes * 8}${kind === 'rsa-pss' ? ' (PSS)' : ''} with ${digest}`
  })
  return name ?? null
}
