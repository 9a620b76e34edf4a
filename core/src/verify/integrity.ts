import { CMS_OID } from '../cms/cms-oids'
import type { SignerInfo } from '../cms/signed-data'
import { equal } from '../encode/bytes'
import { DerError, readDer } from '../encode/der'
import { readOctets } from '../encode/der-values'
import type { PdfDocument } from '../pdf/document'
import { PdfError } from '../pdf/pdf-error'
import { DIGESTS, digestsIn } from '../x509/algorithm'
import { checkDirect, isDirect } from './direct-signature'
import type { FileDigests } from './file-digests'
import { type Finding, failed, indeterminate, passed, tooWeak } from './finding'
import { forbiddenChange } from './history'
import type { Subject } from './subject'

const BYTE_RANGE = 'ISO 32000-2 12.8.1'
const MISMATCH = 'the bytes under the signature are not those signed'
const LATER = 'ISO 32000-2 12.8.2.2'

/** Fact 1: the bytes under the signature are the bytes that were signed, and what follows them is allowed. */
export async function checkIntegrity(document: PdfDocument, subject: Subject, digests: FileDigests): Promise<Finding> {
  const { range, signer } = subject
  if (!range.ok) return failed(range.code, BYTE_RANGE, range.detail, 'FORMAT_FAILURE')
  const algorithm = signer && digestsIn('past').get(signer.digestAlgorithm)
  // Begun first: the platform hashes while the later revisions are looked through.
  const digest = algorithm && digests.covered(range, algorithm)
  const change = changeAfter(document, subject)
  if (change !== undefined) return change
  if (isDirect(subject)) return checkDirect(document.bytes, subject)
  const unsupported = subject.unreadable.cms?.code === 'SUBFILTER_UNSUPPORTED' && subject.unreadable.cms
  if (unsupported) {
    if (subject.legacyDigest !== undefined && !equal(await digests.covered(range, 'SHA-1'), subject.legacyDigest)) {
      return failed('DIGEST_MISMATCH', BYTE_RANGE, MISMATCH, 'HASH_FAILURE')
    }
    return indeterminate(unsupported.code, 'ISO 32000-2 12.8.3', unsupported.detail, 'CRYPTO_CONSTRAINTS_FAILURE')
  }
  const signed = signer && messageDigestOf(signer)
  if (signer === undefined || signed === undefined) {
    return indeterminate('DIGEST_UNKNOWN', BYTE_RANGE, 'what was signed cannot be read', 'SIGNED_DATA_NOT_FOUND')
  }
  if (digest === undefined) {
    const detail = `digest algorithm ${signer.digestAlgorithm} is not judged here`
    return indeterminate('ALGORITHM_UNSUPPORTED', 'EN 319 102-1 5.2.8', detail, 'CRYPTO_CONSTRAINTS_FAILURE')
  }
  if (!equal(await digest, signed)) {
    return failed('DIGEST_MISMATCH', BYTE_RANGE, MISMATCH, 'HASH_FAILURE')
  }
  if (!DIGESTS.has(signer.digestAlgorithm)) {
    return tooWeak(
      'EN 319 102-1 5.2.8',
      `the bytes have the ${algorithm} that was signed, which other bytes may have too`,
    )
  }
  return passed(BYTE_RANGE, 'the bytes are those signed, and nothing forbidden follows them')
}

function changeAfter(document: PdfDocument, { range, field }: Subject): Finding | undefined {
  if (!range.ok) return undefined
  try {
    const change = forbiddenChange(document, range, field)
    return change && failed(change.code, LATER, change.detail, 'HASH_FAILURE')
  } catch (refusal) {
    if (!(refusal instanceof PdfError)) throw refusal
    return indeterminate(refusal.code, LATER, `what follows the seal was not compared: ${refusal.message}`)
  }
}

/** RFC 5652 11.2: one value. What is signed besides is for the signature check to say. */
function messageDigestOf({ attributes }: SignerInfo): Uint8Array | undefined {
  const values = attributes.get(CMS_OID.messageDigest)
  if (values?.length !== 1) return undefined
  try {
    return readOctets(readDer(values[0]))
  } catch (refusal) {
    if (refusal instanceof DerError) return undefined
    throw refusal
  }
}
