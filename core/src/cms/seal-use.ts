import { equal, utf8 } from '../encode/bytes'
import { type Der, DerError, readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readCount, readOctets, readUtf8 } from '../encode/der-values'
import { integer, octetString, sequence, utf8String } from '../encode/der-write'
import { CmsError } from './cms-error'
import type { SignerInfo } from './signed-data'

/** The signed attribute sealUse: 2.25 and the UUID 6f1c2a4e-93b7-4d58-a1e0-c17ab5a25ea1 as one number (ITU-T X.667). */
export const SEAL_USE_OID = '2.25.147690549930880561674621973127621664417'

/** Which use of which seal a signature is; inside the signed bytes, so it cannot be moved to another signature. */
export interface SealUseAttribute {
  /** The 16 random bytes that name the SealSignature. */
  readonly id: Uint8Array
  /** The institution's id on the ledger. */
  readonly institution: string
  /** The seal's id on the ledger. */
  readonly seal: string
}

const ID_BYTES = 16
const MAX_NAME_BYTES = 255

function checkName(name: string): void {
  const { length } = utf8(name)
  if (length === 0 || length > MAX_NAME_BYTES) {
    throw new CmsError('SEAL_USE_INVALID', `a name takes ${length} bytes, not 1 to ${MAX_NAME_BYTES}`, { length })
  }
}

/**
 * The attribute's value.
 * SealUse ::= SEQUENCE { version INTEGER (1), id OCTET STRING (SIZE(16)), institution UTF8String, seal UTF8String }
 * @throws {@link CmsError} `SEAL_USE_INVALID` unless the id has 16 bytes and both names 1 to 255 bytes of UTF-8.
 */
export function encodeSealUse(use: SealUseAttribute): Der {
  if (use.id.length !== ID_BYTES) throw new CmsError('SEAL_USE_INVALID', 'the id is not 16 bytes')
  checkName(use.institution)
  checkName(use.seal)
  return sequence(integer(1), octetString(use.id), utf8String(use.institution), utf8String(use.seal))
}

/**
 * The seal use that a signature names; a claim until the signature and the ledger bear it out.
 * @returns `undefined` when the attribute is absent.
 * @throws {@link CmsError} `SEAL_USE_INVALID` when it stands there but is not exactly one well-formed value.
 */
export function parseSealUse(signer: Pick<SignerInfo, 'attributes'>): SealUseAttribute | undefined {
  const values = signer.attributes.get(SEAL_USE_OID)
  if (values === undefined) return undefined
  if (values.length !== 1) throw new CmsError('SEAL_USE_INVALID', 'sealUse has not one value')
  try {
    const fields = fieldsOf(readDer(values[0], { maxBytes: 1024 }))
    const version = readCount(fields.take(), 255)
    if (version !== 1) throw new CmsError('SEAL_USE_INVALID', `sealUse version ${version}`, { version })
    const use = { id: readOctets(fields.take()), institution: readUtf8(fields.take()), seal: readUtf8(fields.take()) }
    fields.end()
    if (!equal(encodeSealUse(use), values[0])) throw new CmsError('SEAL_USE_INVALID', 'sealUse has another spelling')
    return use
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new CmsError('SEAL_USE_INVALID', 'sealUse is malformed', {}, cause)
  }
}
