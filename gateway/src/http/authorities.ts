import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { bytes, openRoute, parameter, type Route } from './route'
import { bodyBytes } from './router'

/** RFC 3161 3.4. */
const QUERY = 'application/timestamp-query'
const REPLY = 'application/timestamp-reply'
/** A request is a digest, a nonce and a policy. */
const MAX_QUERY_BYTES = 16 << 10

/** The RFC 3161 authorities and the CRLs of this gateway's CAs. */
export function authorityRoutes({ tsas, authority }: AppDeps): readonly Route[] {
  const stamp = (path: string, choose: (institution: string | undefined) => (typeof tsas)[number] | undefined) =>
    openRoute({
      method: 'post',
      path,
      access: 'public',
      body: { kind: 'bytes', type: QUERY, maxBytes: MAX_QUERY_BYTES },
      async handle(request) {
        const tsa = choose(request.params.institution as string | undefined)
        if (tsa === undefined) throw new HttpError('AUTHORITY_UNKNOWN', 'there is no such timestamp authority here')
        return bytes(await tsa.respond(bodyBytes(request)), REPLY)
      },
    })
  return [
    stamp('/tsa', () => tsas[0]),
    stamp('/tsa/:institution', (institution) => tsas.find((tsa) => tsa.institution === institution)),
    openRoute({
      method: 'get',
      path: '/crl/:ca.crl',
      access: 'public',
      async handle(request) {
        const crl = await authority.crl(parameter(request, 'ca'))
        if (crl === undefined) throw new HttpError('AUTHORITY_UNKNOWN', 'there is no such CA here')
        // RFC 2585 4.2.
        return bytes(crl, 'application/pkix-crl')
      },
    }),
  ]
}
