import { equal, fromBase64, toBase64 } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { SignedTrustListFormat, type TrustList, TrustListFormat } from '../model/trust-list'
import { ecdsaSignatureToRaw } from '../x509/ecdsa'
import type { Signer } from '../x509/signer'

/**
 * A list as it is published, by its operator. FORMAT.md 10.
 * @param signer - the operator's key, ECDSA on P-256: that which the list names.
 * @throws FormatError `FORMAT_INVALID` for a list that no verifier would take, and for another key.
 */
export async function signTrustList(list: TrustList, signer: Signer): Promise<Uint8Array> {
  if (!equal(fromBase64(list.operator.key), signer.spki)) {
    throw new FormatError('FORMAT_INVALID', "the list names another key as its operator's")
  }
  const signature = ecdsaSignatureToRaw(await signer.sign(TrustListFormat.encode(list)), 'P-256')
  return SignedTrustListFormat.encode({ list, signature: toBase64(signature), type: 'cinnabar.signedTrustList.v1' })
}
