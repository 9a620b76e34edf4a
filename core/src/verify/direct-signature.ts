import { CMS_OID } from '../cms/cms-oids'
import { verifySigner } from '../cms/verify-signer'
import { concat } from '../encode/bytes'
import { signedParts } from '../pdf/signed-range'
import { type Finding, failed, indeterminate, passed, tooWeak } from './finding'
import type { Subject } from './subject'

const CLAUSE = 'RFC 5652 5.4'
const NOT_JUDGED: ReadonlySet<string | undefined> = new Set([
  'ALGORITHM_UNSUPPORTED',
  'ALGORITHM_MISMATCH',
  'KEY_INVALID',
])

/** Whether the key signed the bytes themselves: a CMS without signed attributes, which a seal never is. */
export function isDirect({ signer }: Subject): boolean {
  return signer !== undefined && signer.signedAttributes === undefined
}

/**
 * Judges a signature over the covered bytes themselves. That the bytes begin a PDF keeps them from being the signed attributes
 * of another signature, which begin with another byte.
 */
export async function checkDirect(pdf: Uint8Array, subject: Subject): Promise<Finding> {
  const { range, signed, signer, certificate } = subject
  if (!range.ok || signer === undefined || certificate === undefined) {
    const detail = 'the CMS does not hold the certificate that the signature names'
    return indeterminate('CERTIFICATE_MISSING', 'EN 319 102-1 5.2.3', detail, 'NO_SIGNING_CERTIFICATE_FOUND')
  }
  if (signed?.contentType !== CMS_OID.data) {
    return failed('CONTENT_TYPE_MISMATCH', CLAUSE, 'only data is signed without attributes', 'SIG_CONSTRAINTS_FAILURE')
  }
  const content = concat(...signedParts(pdf, range))
  const check = await verifySigner(signer, certificate, { content })
  const isOld = check.code === 'ALGORITHM_UNSUPPORTED'
  const judged = isOld ? await verifySigner(signer, certificate, { content, acceptance: 'past' }) : check
  const { signatureValid, signerMatches, code } = judged
  if (NOT_JUDGED.has(code)) {
    const detail = 'the signature is of an algorithm that is not judged here'
    return indeterminate('ALGORITHM_UNSUPPORTED', CLAUSE, detail, 'CRYPTO_CONSTRAINTS_FAILURE')
  }
  if (!signatureValid || !signerMatches) {
    return failed('SIGNATURE_INVALID', CLAUSE, 'the bytes are not those that the key signed', 'SIG_CRYPTO_FAILURE')
  }
  return isOld
    ? tooWeak(CLAUSE, 'the bytes themselves were signed, by an algorithm too weak today')
    : passed(CLAUSE, 'the bytes themselves were signed by the key of the certificate inside, without attributes')
}
