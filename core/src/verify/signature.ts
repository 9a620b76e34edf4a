import { CMS_OID } from '../cms/cms-oids'
import { type SignerCheck, verifySigner } from '../cms/verify-signer'
import type { SubIndication } from '../model/report'
import { checkDirect, isDirect } from './direct-signature'
import { type Finding, failed, indeterminate, passed, tooWeak } from './finding'
import type { Subject } from './subject'

const CLAUSE = 'RFC 5652 5.6'

const UNSUPPORTED: ReadonlySet<string> = new Set(['ALGORITHM_UNSUPPORTED', 'SIGNED_ATTRIBUTES_MISSING'])
const CONSTRAINTS: ReadonlySet<string> = new Set([
  'CONTENT_TYPE_MISMATCH',
  'MESSAGE_DIGEST_MISSING',
  'ESS_CERTIFICATE_ABSENT',
  'ESS_CERTIFICATE_MISMATCH',
  'SIGNER_MISMATCH',
])

/** Fact 2: made by the key of the certificate inside it. @param pdf - the file, of which what is signed is a part. */
export async function checkSignature(subject: Subject, pdf: Uint8Array): Promise<Finding> {
  const { range, signer, certificate, unreadable } = subject
  if (!range.ok) {
    return failed(range.code, 'ISO 32000-2 12.8.1', range.detail, 'FORMAT_FAILURE')
  }
  if (unreadable.cms?.code === 'SUBFILTER_UNSUPPORTED') {
    const { code, detail } = unreadable.cms
    return indeterminate(code, 'ISO 32000-2 12.8.3', detail, 'CRYPTO_CONSTRAINTS_FAILURE')
  }
  if (unreadable.cms !== undefined) {
    return failed(unreadable.cms.code, 'RFC 5652 5.1', unreadable.cms.detail, 'FORMAT_FAILURE')
  }
  if (signer === undefined || certificate === undefined) {
    const detail = 'the CMS does not hold the certificate that the signature names'
    return indeterminate('CERTIFICATE_MISSING', 'EN 319 102-1 5.2.3', detail, 'NO_SIGNING_CERTIFICATE_FOUND')
  }
  if (isDirect(subject)) return checkDirect(pdf, subject)
  const expectation = { contentType: CMS_OID.data }
  const check = await verifySigner(signer, certificate, expectation)
  if (check.code !== 'ALGORITHM_UNSUPPORTED') return findingOf(check, subject)
  const asOld = findingOf(await verifySigner(signer, certificate, { ...expectation, acceptance: 'past' }), subject)
  return asOld.outcome === 'passed'
    ? tooWeak(CLAUSE, 'made by the key of the certificate inside it, by an algorithm too weak to rely on today')
    : asOld
}

function findingOf(check: SignerCheck, subject: Subject): Finding {
  const { code } = check
  if (code === undefined) {
    if (subject.unreadable.use === undefined) return passed(CLAUSE, 'made by the key of the certificate inside it')
    const { code: useCode, detail } = subject.unreadable.use
    return failed(useCode, 'FORMAT.md 7', detail, 'SIG_CONSTRAINTS_FAILURE')
  }
  if (UNSUPPORTED.has(code)) {
    return indeterminate(
      code,
      CLAUSE,
      'the signature is of a form or algorithm that is not judged here',
      'CRYPTO_CONSTRAINTS_FAILURE',
    )
  }
  // A foreign signature without ESS is still a signature of that key; a seal must have it.
  if (code === 'ESS_CERTIFICATE_ABSENT' && subject.use === undefined) {
    return passed(CLAUSE, 'made by the key of the certificate inside it, which the signature does not name (no ESS)')
  }
  const subIndication: SubIndication = CONSTRAINTS.has(code) ? 'SIG_CONSTRAINTS_FAILURE' : 'SIG_CRYPTO_FAILURE'
  return failed(code, CLAUSE, 'the signature does not verify with the certificate inside it', subIndication)
}
