import { CodedError } from '../encode/coded-error'

/** Why a certificate, a CRL, a key or a signature's encoding was refused. */
export type X509ErrorCode =
  | 'ALGORITHM_UNSUPPORTED'
  | 'ALGORITHM_MISMATCH'
  | 'KEY_INVALID'
  | 'SIGNATURE_INVALID'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_VERSION_UNSUPPORTED'
  | 'EXTENSION_DUPLICATE'
  | 'CRL_INVALID'
  | 'CRL_EXTENSION_UNSUPPORTED'
  | 'OCSP_INVALID'

/** A certificate, CRL, key or signature that is malformed or outside the supported profile. */
export class X509Error extends CodedError<X509ErrorCode> {}
