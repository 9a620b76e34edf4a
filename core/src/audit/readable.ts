import { EncodingError } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { DerError } from '../encode/der'
import { FabricError } from '../verify/fabric-protobuf'
import { X509Error } from '../x509/x509-error'

/** What `read` reads, or undefined when the bytes are not what they should be: an audit notes that and goes on. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (refusal) {
    if ([FormatError, EncodingError, FabricError, DerError, X509Error].some((kind) => refusal instanceof kind))
      return undefined
    throw refusal
  }
}
