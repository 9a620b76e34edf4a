import { CodedError } from '@cinnabar/core'

/** Why somebody is not let in, or a user cannot be made. */
export class PeopleError extends CodedError<
  | 'LOGIN_FAILED'
  /** Too many failures for this user or from this address. */
  | 'LOGIN_LIMITED'
  | 'SESSION_INVALID'
  | 'SESSION_EXPIRED'
  | 'USER_EXISTS'
  | 'USER_INVALID'
> {}
