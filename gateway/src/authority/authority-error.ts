import { CodedError } from '@cinnabar/core'

/**
 * `CA_UNKNOWN`: the institution has no seal CA here. `CERTIFICATE_UNKNOWN`: not one of its certificates.
 * `VALIDITY_INVALID`: no whole number of days, or beyond the CA's own validity. `CA_UNAVAILABLE`: the CA's server does not
 * answer. `CA_REFUSED`: it refused (`details.caCode` is its own code). `CA_INVALID`: its answer is not what was asked for.
 * `KEY_NOT_HERE`: the CA wants the request signed, and the key is not in the keeper. `CA_CONFIG_INVALID`: the connection
 * file does not say how to reach it.
 */
export class AuthorityError extends CodedError<
  | 'CA_UNKNOWN'
  | 'CERTIFICATE_UNKNOWN'
  | 'VALIDITY_INVALID'
  | 'CA_UNAVAILABLE'
  | 'CA_REFUSED'
  | 'CA_INVALID'
  | 'CA_CONFIG_INVALID'
  | 'KEY_NOT_HERE'
> {}
