import type { Request } from 'express'
import type { AppDeps } from './deps'

/** The address that a request is counted and reported by; undefined where the caller's own cannot be known. */
export type AddressOf = (request: Request) => string | undefined

/**
 * The caller's address. Where no proxy was named, a request with a proxy's header may be anybody's behind that proxy: its
 * address is nobody's, so that the failures of one do not lock out all. Who adds the header himself sheds the limit of
 * his address, not that of any user: guessing one password stays bounded, trying many users from one address does not,
 * until the proxies in front are named. The other choice would let any stranger close the service to everybody.
 */
export function callerAddress({
  trustProxy,
  onUnknownProxy,
}: Pick<AppDeps, 'trustProxy' | 'onUnknownProxy'>): AddressOf {
  if (trustProxy !== undefined) return (request) => request.ip
  let told = false
  return (request) => {
    if (request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined) return request.ip
    if (!told) onUnknownProxy?.()
    told = true
    return undefined
  }
}
