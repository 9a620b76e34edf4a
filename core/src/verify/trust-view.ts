import { fromBase64 } from '../encode/bytes'
import { DerError } from '../encode/der'
import { type PublicKey, subtle, verifyEcdsaSignature } from '../encode/subtle'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import type { Time } from '../model/time'
import { type Organisation, type Trust, TrustFormat } from '../model/trust'
import { readKeyKind } from '../x509/algorithm'
import { type Certificate, parseCertificate } from '../x509/certificate'
import { X509Error } from '../x509/x509-error'

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
  readonly operator?: Operator
}

/** One node's key. */
export interface Operator {
  readonly name: string
  readonly digest: Digest
  /** Whether the node signed `message`; the signature as r ‖ s. @throws X509Error `KEY_INVALID` */
  verifies(message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

const views = new WeakMap<Trust, TrustView>()

/**
 * Reads the certificates of a trust file, once for each trust object.
 * @throws X509Error when a certificate or the operator's key in it is none: a trust file is the caller's own, so that is
 * misuse.
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
    operator: trust.singleOperator && operatorOf(trust.singleOperator.name.en, fromBase64(trust.singleOperator.key)),
  }
  views.set(trust, view)
  return view
}

/** The node of this name and key (DER SubjectPublicKeyInfo). @throws X509Error `KEY_INVALID` unless it is on P-256. */
export function operatorOf(name: string, spki: Uint8Array): Operator {
  if (!isP256(spki)) throw new X509Error('KEY_INVALID', "the operator's key is not on P-256")
  let imported: PublicKey | undefined
  return {
    name,
    digest: digestOf(spki),
    verifies: async (message, signature) => {
      imported ??= await importKey(spki)
      return verifyEcdsaSignature('SHA-256', message, imported, signature)
    },
  }
}

function isP256(spki: Uint8Array): boolean {
  try {
    const key = readKeyKind(spki)
    return key.kind === 'ec' && key.curve === 'P-256'
  } catch (refusal) {
    if (refusal instanceof X509Error || refusal instanceof DerError) return false
    throw refusal
  }
}

async function importKey(spki: Uint8Array): Promise<PublicKey> {
  try {
    return await subtle().importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  } catch (cause) {
    throw new X509Error('KEY_INVALID', "the operator's key is not on its curve", {}, cause)
  }
}
