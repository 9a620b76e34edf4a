import { CodedError } from '@cinnabar/core'

/** What is wrong with a request as such. */
export type HttpErrorCode =
  /** A parameter or the body is not of the shape that the route takes. */
  | 'REQUEST_INVALID'
  | 'BODY_TOO_LARGE'
  | 'MEDIA_TYPE_UNSUPPORTED'
  /** Nothing of the body came for too long. */
  | 'BODY_TOO_SLOW'
  /** More bodies are under way than memory or disk is set aside for. */
  | 'TOO_BUSY'
  /** This caller asks more often than is granted. */
  | 'RATE_LIMITED'
  /** This caller has more requests under way than are granted. */
  | 'TOO_MANY_AT_ONCE'
  | 'LOGIN_REQUIRED'
  | 'ROLE_REQUIRED'
  | 'INSTITUTION_NOT_YOURS'
  | 'ROUTE_UNKNOWN'
  | 'METHOD_UNKNOWN'
  | 'AUTHORITY_UNKNOWN'
  | 'TRUST_MISSING'
  /** Metrics are for this machine, or for who has the token. */
  | 'METRICS_FORBIDDEN'

export class HttpError extends CodedError<HttpErrorCode> {}
