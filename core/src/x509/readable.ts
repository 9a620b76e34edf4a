import { DerError } from '../encode/der'
import { type Certificate, parseCertificate } from './certificate'
import { X509Error } from './x509-error'

/** What `read` reads of X.509; undefined when the bytes are not that. What cannot be read proves nothing and does no harm. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return undefined
    throw refusal
  }
}

/** Those that are certificates: what cannot be read as one cannot be a signer's, and may be there for others. */
export function readableCertificates(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.flatMap((der) => readable(() => parseCertificate(der)) ?? [])
}
