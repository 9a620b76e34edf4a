import { CodedError } from '@cinnabar/core'

/** Why a webhook cannot be registered, changed or asked for. */
export class WebhookError extends CodedError<
  | 'WEBHOOK_UNKNOWN'
  /** Not an https address of a public host, nor one that the operator allows. */
  | 'WEBHOOK_URL_REFUSED'
  /** The institution has as many as it may have. */
  | 'WEBHOOK_LIMIT'
  | 'DELIVERY_UNKNOWN'
> {}
