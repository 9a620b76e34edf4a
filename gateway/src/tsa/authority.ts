import { CodedError, type InstitutionId } from '@cinnabar/core'

export class TsaError extends CodedError<'TSA_UNAVAILABLE' | 'TSA_REFUSED' | 'TSA_INVALID'> {}

/** A timestamp authority as a client sees it. */
export interface TimestampAuthority {
  /** The institution that answers for it. An institution's own authority proves no time for its seals. */
  readonly institution: InstitutionId
  /**
   * An RFC 3161 token over `imprint`, fetched with a fresh nonce; nonce and imprint of the answer were compared.
   * @param imprint - SHA-256, 32 bytes.
   * @returns TimeStampToken, DER.
   * @throws {@link TsaError} `TSA_UNAVAILABLE` (try again), `TSA_REFUSED`, `TSA_INVALID` (answer to something else).
   */
  token(imprint: Uint8Array): Promise<Uint8Array>
}
