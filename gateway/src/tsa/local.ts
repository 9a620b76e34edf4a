import {
  buildCertificate,
  fromBase64,
  type InstitutionId,
  keyIdentifier,
  parseCertificate,
  rejectTimestamp,
  respondTo,
  type Signer,
  toBase64,
} from '@cinnabar/core'
import {
  type AuthorityParts,
  establishRoot,
  findRoot,
  type Holder,
  nameOf,
  type Root,
  randomSerial,
  yearsAfter,
} from '../authority/root'

/** An RFC 3161 authority in this process. */
export interface LocalTsa {
  readonly institution: InstitutionId
  /** DER of the certificate that signs tokens: timeStamping alone, critical. */
  readonly certificate: Uint8Array
  /** DER of the institution's own root above it. */
  readonly root: Uint8Array
  /**
   * Answers a TimeStampReq: with a token, or with a rejection and its reason (RFC 3161 2.4.2).
   * @returns DER TimeStampResp.
   */
  respond(request: Uint8Array): Promise<Uint8Array>
}

/** The one policy of these authorities: the UUID 7de2c31d-4b31-4e4c-9168-b3d73d2e6f0e. */
export const TSA_POLICY = '2.25.167330915953903763005200267320497172238.1'

/** What we say of our clock; nobody vouches for it. */
const ACCURACY_MS = 1000
/** A clock set back by more stops the authority: its tokens would be earlier than ones already out. */
const MAX_STEP_BACK_MS = 1000
const CERTIFICATE_YEARS = 10

interface StoredTsa {
  readonly institution: InstitutionId
  readonly keyId: string
  /** Base64 DER. */
  readonly certificate: string
}

/**
 * The institution's timestamp authority, made at the first call: a root, and a certificate of 10 years under it. Tokens carry
 * both when the request asks for certificates; their times never go back while the process lives.
 */
export async function establishLocalTsa(parts: AuthorityParts, holder: Holder): Promise<LocalTsa> {
  const root = await establishRoot(parts, 'tsa-ca', holder)
  return open(parts, root, await establish(parts, holder, root))
}

/** The institution's timestamp authority, if one was established here. */
export async function findLocalTsa(parts: AuthorityParts, institution: InstitutionId): Promise<LocalTsa | undefined> {
  const root = await findRoot(parts.store, 'tsa-ca', institution)
  const stored = await parts.store.get<StoredTsa>('settings', `tsa/${institution}`)
  return root && stored && open(parts, root, stored.value)
}

async function open(parts: AuthorityParts, root: Root, { keyId, certificate: text }: StoredTsa): Promise<LocalTsa> {
  const certificate = fromBase64(text)
  const signer = await parts.keys.signer(keyId)
  return {
    institution: root.institution,
    certificate,
    root: root.certificate,
    respond: responder(parts, { signer, certificate, chain: [root.certificate] }),
  }
}

async function establish(parts: AuthorityParts, holder: Holder, root: Root): Promise<StoredTsa> {
  const id = `tsa/${holder.id}`
  const known = await parts.store.get<StoredTsa>('settings', id)
  if (known !== undefined) return known.value
  const keyId = await parts.keys.create(`${holder.id}/tsa`)
  const { spki } = await parts.keys.signer(keyId)
  const issuer = await parts.keys.signer(root.keyId)
  const notBefore = parts.clock.now()
  const certificate = await buildCertificate(
    {
      serial: randomSerial(),
      issuer: parseCertificate(root.certificate).subject,
      subject: nameOf(holder, '时间戳'),
      spki,
      notBefore,
      notAfter: yearsAfter(notBefore, CERTIFICATE_YEARS),
      profile: 'tsa',
      issuerKeyId: keyIdentifier(issuer.spki),
    },
    issuer,
  )
  const made: StoredTsa = { institution: holder.id, keyId, certificate: toBase64(certificate) }
  await parts.store.insert('settings', id, made)
  return (await parts.store.get<StoredTsa>('settings', id))?.value ?? made
}

interface Identity {
  readonly signer: Signer
  readonly certificate: Uint8Array
  readonly chain: readonly Uint8Array[]
}

function responder({ clock }: AuthorityParts, identity: Identity): LocalTsa['respond'] {
  let last = 0
  return async (request) => {
    const now = clock.now().getTime()
    if (now < last - MAX_STEP_BACK_MS) return rejectTimestamp('timeNotAvailable', 'the clock was set back')
    last = Math.max(last, now)
    return respondTo(request, {
      ...identity,
      policy: TSA_POLICY,
      at: new Date(last),
      serial: randomSerial(),
      accuracyMs: ACCURACY_MS,
    })
  }
}
