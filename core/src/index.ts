export * from './encode/bytes'
export { CodedError } from './encode/coded-error'
export { sha256, sha256OfDocument } from './encode/sha256'
