/** Object identifiers of CMS content types and attributes. */
export const CMS_OID = {
  /** RFC 5652 4. */
  data: '1.2.840.113549.1.7.1',
  /** RFC 5652 5. */
  signedData: '1.2.840.113549.1.7.2',
  /** RFC 5652 11.1. */
  contentType: '1.2.840.113549.1.9.3',
  /** RFC 5652 11.2. */
  messageDigest: '1.2.840.113549.1.9.4',
  /** RFC 2634 5.4. */
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  /** RFC 5035 3. */
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  /** RFC 3161 appendix A: a token over the signature value. */
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  /** Adobe's, ISO 32000-2 12.8.3.3.2: CRLs and OCSP answers as a signed attribute. */
  revocationArchival: '1.2.840.113583.1.1.8',
  /** RFC 3161 2.4.2. */
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
} as const
