import { CodedError } from '../encode/coded-error'

/** Why CMS data was refused. */
export type CmsErrorCode =
  | 'CMS_INVALID'
  | 'CMS_UNSUPPORTED'
  | 'CMS_ATTRIBUTE_DUPLICATE'
  | 'SIGNED_ATTRIBUTES_NOT_DER'
  | 'SEAL_USE_INVALID'

/** CMS data that is malformed or outside the supported profile. */
export class CmsError extends CodedError<CmsErrorCode> {}
