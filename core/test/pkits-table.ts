import type { PolicyWishes } from '../src/x509/path-policies'

const policy = (n: number) => `2.16.840.1.101.3.2.1.48.${n}`
const accepting = (...numbers: readonly number[]): PolicyWishes => ({ accepted: numbers.map(policy) })

/** A test of NIST's PKITS with wishes of its own: end certificate, wishes, whether there is a valid path. */
export type PolicyCase = readonly [certificate: string, wishes: PolicyWishes, expected: 'valid' | 'invalid']

const EXPLICIT = { explicit: true }

/** NIST, PKITS 1.0.1, sections 4.8 to 4.12: the settings of each subtest. */
export const POLICY_CASES: readonly PolicyCase[] = [
  ['ValidCertificatePathTest1EE', EXPLICIT, 'valid'],
  ['ValidCertificatePathTest1EE', { ...EXPLICIT, ...accepting(1) }, 'valid'],
  ['ValidCertificatePathTest1EE', { ...EXPLICIT, ...accepting(2) }, 'invalid'],
  ['ValidCertificatePathTest1EE', { ...EXPLICIT, ...accepting(1, 2) }, 'valid'],
  ['AllCertificatesNoPoliciesTest2EE', {}, 'valid'],
  ['AllCertificatesNoPoliciesTest2EE', EXPLICIT, 'invalid'],
  ['DifferentPoliciesTest3EE', {}, 'valid'],
  ['DifferentPoliciesTest3EE', EXPLICIT, 'invalid'],
  ['DifferentPoliciesTest3EE', { ...EXPLICIT, ...accepting(1, 2) }, 'invalid'],
  ['DifferentPoliciesTest4EE', {}, 'invalid'],
  ['DifferentPoliciesTest5EE', {}, 'invalid'],
  ['OverlappingPoliciesTest6EE', {}, 'valid'],
  ['OverlappingPoliciesTest6EE', accepting(1), 'valid'],
  ['OverlappingPoliciesTest6EE', accepting(2), 'invalid'],
  ['DifferentPoliciesTest7EE', {}, 'invalid'],
  ['DifferentPoliciesTest8EE', {}, 'invalid'],
  ['DifferentPoliciesTest9EE', {}, 'invalid'],
  ['AllCertificatesSamePoliciesTest10EE', {}, 'valid'],
  ['AllCertificatesSamePoliciesTest10EE', accepting(1), 'valid'],
  ['AllCertificatesSamePoliciesTest10EE', accepting(2), 'valid'],
  ['AllCertificatesanyPolicyTest11EE', {}, 'valid'],
  ['AllCertificatesanyPolicyTest11EE', accepting(1), 'valid'],
  ['DifferentPoliciesTest12EE', {}, 'invalid'],
  ['AllCertificatesSamePoliciesTest13EE', accepting(1), 'valid'],
  ['AllCertificatesSamePoliciesTest13EE', accepting(2), 'valid'],
  ['AllCertificatesSamePoliciesTest13EE', accepting(3), 'valid'],
  ['AnyPolicyTest14EE', accepting(1), 'valid'],
  ['AnyPolicyTest14EE', accepting(2), 'invalid'],
  ['UserNoticeQualifierTest15EE', {}, 'valid'],
  ['UserNoticeQualifierTest16EE', {}, 'valid'],
  ['UserNoticeQualifierTest17EE', {}, 'valid'],
  ['UserNoticeQualifierTest18EE', accepting(1), 'valid'],
  ['UserNoticeQualifierTest18EE', accepting(2), 'valid'],
  ['UserNoticeQualifierTest19EE', {}, 'valid'],
  ['CPSPointerQualifierTest20EE', EXPLICIT, 'valid'],
  ['ValidPolicyMappingTest1EE', accepting(1), 'valid'],
  ['ValidPolicyMappingTest1EE', accepting(2), 'invalid'],
  ['ValidPolicyMappingTest1EE', { inhibitMapping: true }, 'invalid'],
  ['InvalidPolicyMappingTest2EE', { inhibitMapping: true }, 'invalid'],
  ['ValidPolicyMappingTest3EE', accepting(1), 'invalid'],
  ['ValidPolicyMappingTest3EE', accepting(2), 'valid'],
  ['ValidPolicyMappingTest5EE', accepting(1), 'valid'],
  ['ValidPolicyMappingTest5EE', accepting(6), 'invalid'],
  ['ValidPolicyMappingTest6EE', accepting(1), 'valid'],
  ['ValidPolicyMappingTest6EE', accepting(6), 'invalid'],
  ['ValidPolicyMappingTest12EE', accepting(1), 'valid'],
  ['ValidPolicyMappingTest12EE', accepting(2), 'valid'],
  ['inhibitAnyPolicyTest3EE', {}, 'valid'],
  ['inhibitAnyPolicyTest3EE', { inhibitAny: true }, 'invalid'],
]

const DSA = 'DSA is not accepted: FIPS 186-5 withdrew it for new signatures, and no seal may have it'
const DELTA = 'delta CRLs are not read: a complete list is asked for'

/** Where our verdict is another than PKITS asks for, and why. */
export const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  ValidDSASignaturesTest4EE: DSA,
  ValidDSAParameterInheritanceTest5EE: DSA,
  InvaliddeltaCRLTest4EE: DELTA,
  ValiddeltaCRLTest5EE: DELTA,
  ValidcRLIssuerTest30EE:
    'the CRL would vouch for the certificate that signed it; NIST says that it need not be accepted',
}
