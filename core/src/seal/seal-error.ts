import { CodedError } from '../encode/coded-error'

/** A seal's picture that cannot be drawn as asked. */
export class SealError extends CodedError<
  | 'GLYPH_MISSING'
  | 'NAME_EMPTY'
  | 'NAME_TOO_LONG'
  | 'KIND_TEXT_INVALID'
  | 'PICTURE_SIZE_INVALID'
  | 'QR_TEXT_INVALID'
  | 'QR_SIZE_INVALID'
> {}
