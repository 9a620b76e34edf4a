import { CMS_OID } from '../cms/cms-oids'
import { encodeSealUse, SEAL_USE_OID } from '../cms/seal-use'
import { signAttributes } from '../cms/sign'
import { fromBase64, fromHex, toBase64, toHex } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { digestBytes, digestFromBytes, digestOf } from '../model/digest'
import type { DepositEntry, LogEntry, SealSignatureEntry } from '../model/entry'
import type { InstitutionId, Salt, SealId, SealSignatureId } from '../model/identifiers'
import { type DepositUse, OpeningFormat, type SealUse } from '../model/opening'
import { type Seal, SealFormat } from '../model/seal'
import { time } from '../model/time'
import { parseToken } from '../timestamp/token'
import { randomBytes } from './keys'
import { type Holder, tokenOf } from './pki'

/** Who seals with what, and who says when. */
export interface UseRequest {
  readonly institution: InstitutionId
  readonly seal: SealId
  readonly holder: Holder
  readonly tsa: Holder
  /** The token's time. */
  readonly at: Date
}

/** A real use of a seal, signed and timestamped; only the document is missing: its digests are of random bytes. */
export async function newSealUse({ institution, seal, holder, tsa, at }: UseRequest): Promise<SealUse> {
  const id = toHex(randomBytes(16)) as SealSignatureId
  const messageDigest = sha256(randomBytes(32))
  const value = encodeSealUse({ id: fromHex(id), institution, seal })
  const { certificate, key } = holder
  const request = { certificate, contentType: CMS_OID.data, messageDigest, extra: [{ oid: SEAL_USE_OID, value }] }
  const { signedAttributes, signature } = await signAttributes(request, key.signer)
  const token = await tokenOf(tsa, sha256(signature), at)
  return {
    opening: {
      certificate: holder.digest,
      id,
      institution,
      messageDigest: digestFromBytes(messageDigest),
      revisionDigest: digestOf(randomBytes(32)),
      salt: toHex(randomBytes(32)) as Salt,
      seal,
      signature: digestOf(signature),
      signedAttributes: digestOf(signedAttributes),
      token: digestOf(token),
      type: 'cinnabar.opening.v1',
    },
    signature: toBase64(signature),
    signedAttributes: toBase64(signedAttributes),
    token: toBase64(token),
    type: 'cinnabar.sealUse.v1',
  }
}

/** A real deposit of random bytes. */
export async function newDepositUse({
  institution,
  tsa,
  at,
}: Pick<UseRequest, 'institution' | 'tsa' | 'at'>): Promise<DepositUse> {
  const digest = digestOf(randomBytes(32))
  const token = await tokenOf(tsa, digestBytes(digest), at)
  return {
    opening: {
      digest,
      id: toHex(randomBytes(16)) as SealSignatureId,
      institution,
      salt: toHex(randomBytes(32)) as Salt,
      token: digestOf(token),
      type: 'cinnabar.depositOpening.v1',
    },
    token: toBase64(token),
    type: 'cinnabar.depositUse.v1',
  }
}

/** The public entry of a use of `seal`, as the rules make it. */
export function sealEntry(use: SealUse, seal: Seal, useNumber: number): SealSignatureEntry {
  const { certificate, institution } = use.opening
  return {
    certificate,
    commitment: OpeningFormat.digest(use.opening),
    institution,
    kind: 'sealSignature',
    seal: seal.id,
    sealRecord: SealFormat.digest(seal),
    tokenTime: tokenTimeOf(use.token),
    type: 'cinnabar.entry.v1',
    useNumber,
  }
}

/** The public entry of a deposit, as the rules make it. */
export function depositEntry(use: DepositUse): DepositEntry {
  const { institution } = use.opening
  return {
    commitment: OpeningFormat.digest(use.opening),
    institution,
    kind: 'deposit',
    tokenTime: tokenTimeOf(use.token),
    type: 'cinnabar.entry.v1',
  }
}

/** The entries of uses of one seal whose last recorded use had the number `uses`. */
export function sealEntries(given: readonly SealUse[], seal: Seal, uses: number): readonly LogEntry[] {
  return given.map((use, index) => sealEntry(use, seal, uses + index + 1))
}

function tokenTimeOf(token: string) {
  return time(parseToken(fromBase64(token)).genTimeText, 'genTime')
}

/** The use with other parts, its opening made to fit them: what a dishonest sealer would submit. */
export function withParts(
  use: SealUse,
  parts: { readonly signature?: Uint8Array; readonly signedAttributes?: Uint8Array; readonly token?: Uint8Array },
): SealUse {
  const signature = parts.signature ?? fromBase64(use.signature)
  const signedAttributes = parts.signedAttributes ?? fromBase64(use.signedAttributes)
  const token = parts.token ?? fromBase64(use.token)
  const digests = {
    signature: digestOf(signature),
    signedAttributes: digestOf(signedAttributes),
    token: digestOf(token),
  }
  return {
    ...use,
    opening: { ...use.opening, ...digests },
    signature: toBase64(signature),
    signedAttributes: toBase64(signedAttributes),
    token: toBase64(token),
  }
}
