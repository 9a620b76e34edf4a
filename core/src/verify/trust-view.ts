import { fromBase64 } from '../encode/bytes'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import type { Time } from '../model/time'
import { type Organisation, type Trust, TrustFormat } from '../model/trust'
import { type Certificate, parseCertificate } from '../x509/certificate'

/** A trusted timestamp authority and the organisation that answers for it. */
export interface TrustedTsa {
  readonly certificate: Certificate
  readonly organisation: InstitutionId
  readonly withdrawnAt?: Time
}

/** The trust file with its certificates read. */
export interface TrustView {
  readonly trust: Trust
  readonly fingerprint: Digest
  readonly organisations: ReadonlyMap<string, Organisation>
  readonly tsas: readonly TrustedTsa[]
  sealCasOf(organisation: string): readonly Certificate[]
  /** The node whose single word the trust file accepts. */
  readonly operatorKey?: { readonly spki: Uint8Array; readonly digest: Digest }
}

const views = new WeakMap<Trust, TrustView>()

/**
 * Reads the certificates of a trust file, once for each trust object.
 * @throws X509Error when a certificate in it is none: a trust file is the caller's own, so that is misuse.
 */
export function viewOf(trust: Trust): TrustView {
  const known = views.get(trust)
  if (known !== undefined) return known
  const organisations = new Map(trust.organisations.map((organisation) => [organisation.id as string, organisation]))
  const sealCas = new Map(
    trust.organisations.map(({ id, sealCas: cas }) => [
      id as string,
      cas.map((der) => parseCertificate(fromBase64(der))),
    ]),
  )
  const spki = trust.singleOperator && fromBase64(trust.singleOperator.key)
  const view: TrustView = {
    trust,
    fingerprint: TrustFormat.digest(trust),
    organisations,
    tsas: trust.organisations.flatMap(({ id, tsas }) =>
      tsas.map(({ certificate, withdrawnAt }) => ({
        certificate: parseCertificate(fromBase64(certificate)),
        organisation: id,
        withdrawnAt,
      })),
    ),
    sealCasOf: (organisation) => sealCas.get(organisation) ?? [],
    operatorKey: spki && { spki, digest: digestOf(spki) },
  }
  views.set(trust, view)
  return view
}
