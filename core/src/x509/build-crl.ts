import type { Der } from '../encode/der'
import { bitString, context, enumerated, generalizedTime, integer, sequence, x509Time } from '../encode/der-write'
import { authorityKeyId, extension } from './build'
import { CRL_REASONS, type CrlEntry } from './crl'
import { EXTENSION } from './extensions'
import { type Signer, signatureAlgorithmIdentifier } from './signer'

/** What goes into a CRL. */
export interface CrlRequest {
  /** DER Name: the subject of the CA's certificate. */
  readonly issuer: Der
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  /** Greater than that of every earlier CRL of this issuer. */
  readonly number: bigint | number
  /** Serial numbers are unsigned, or as parsed certificates give them. */
  readonly revoked: readonly CrlEntry[]
  /** {@link keyIdentifier} of the CA's key. */
  readonly issuerKeyId: Uint8Array
}

/** RFC 5280 5.3.1: the reason `unspecified` is written as no reason. */
function entry({ serial, at, reason, invalidityDate }: CrlEntry): Der {
  const extensions: Der[] = []
  if (reason !== undefined && reason !== 'unspecified') {
    extensions.push(extension(EXTENSION.reasonCode, 'non-critical', enumerated(CRL_REASONS.indexOf(reason))))
  }
  if (invalidityDate !== undefined) {
    const wholeSeconds = new Date(Math.floor(invalidityDate.getTime() / 1000) * 1000)
    extensions.push(extension(EXTENSION.invalidityDate, 'non-critical', generalizedTime(wholeSeconds)))
  }
  return sequence(integer(serial), x509Time(at), ...(extensions.length === 0 ? [] : [sequence(...extensions)]))
}

/** A complete version 2 CRL (RFC 5280 5.1), entries in the order given. */
export async function buildCrl(request: CrlRequest, issuer: Signer): Promise<Der> {
  const algorithm = signatureAlgorithmIdentifier(issuer.algorithm)
  const tbs = sequence(
    integer(1),
    algorithm,
    request.issuer,
    x509Time(request.thisUpdate),
    x509Time(request.nextUpdate),
    // RFC 5280 5.1.2.6: an empty list must be absent.
    ...(request.revoked.length === 0 ? [] : [sequence(...request.revoked.map(entry))]),
    context(
      0,
      sequence(
        authorityKeyId(request.issuerKeyId),
        extension(EXTENSION.crlNumber, 'non-critical', integer(request.number)),
      ),
    ),
  )
  return sequence(tbs, algorithm, bitString(await issuer.sign(tbs)))
}
