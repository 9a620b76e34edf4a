import { CodedError } from '@cinnabar/core'

/** Why somebody is not let in, or people cannot be changed so. */
export class PeopleError extends CodedError<
  | 'LOGIN_FAILED'
  /** Too many failures for this user or from this address. */
  | 'LOGIN_LIMITED'
  | 'SESSION_INVALID'
  | 'SESSION_EXPIRED'
  /** The session was ended: logged out, the user disabled, or the password changed. */
  | 'SESSION_ENDED'
  /** A refresh token that had been used was sent again: somebody has a copy. The session is ended. */
  | 'REFRESH_REUSED'
  | 'API_KEY_INVALID'
  | 'API_KEY_EXPIRED'
  | 'API_KEY_REVOKED'
  | 'API_KEY_UNKNOWN'
  | 'USER_EXISTS'
  | 'USER_INVALID'
  | 'USER_UNKNOWN'
  /** Nobody would be left who can manage the institution's users. */
  | 'LAST_ADMIN'
> {}
