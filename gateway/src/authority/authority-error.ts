import { CodedError } from '@cinnabar/core'

/**
 * `CA_UNKNOWN`: the institution has no seal CA here. `CERTIFICATE_UNKNOWN`: not one of its certificates.
 * `VALIDITY_INVALID`: no whole number of days, or beyond the CA's own validity.
 */
export class AuthorityError extends CodedError<'CA_UNKNOWN' | 'CERTIFICATE_UNKNOWN' | 'VALIDITY_INVALID'> {}
