import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { Id } from './input'
import { bytes, openRoute, type Route } from './route'

/** RFC 3161 3.4. */
const QUERY = 'application/timestamp-query'
const REPLY = 'application/timestamp-reply'
/** RFC 2585 4.2. */
const CRL = 'application/pkix-crl'
/** A request is a digest, a nonce and a policy. */
const MAX_QUERY_BYTES = 16 << 10

const TIMESTAMP = {
  method: 'post',
  access: 'public',
  tag: 'authorities',
  body: { kind: 'bytes', type: QUERY, maxBytes: MAX_QUERY_BYTES },
  answers: { 200: { description: 'A TimeStampResp, which may be a refusal', type: REPLY } },
  problems: ['AUTHORITY_UNKNOWN', 'TIMESTAMP_REQUEST_INVALID'],
} as const

/** The RFC 3161 authorities and the CRLs of this gateway's CAs. */
export function authorityRoutes({ tsas, authority }: AppDeps): readonly Route[] {
  const stamp = async (tsa: (typeof tsas)[number] | undefined, query: Uint8Array) => {
    if (tsa === undefined) throw new HttpError('AUTHORITY_UNKNOWN', 'there is no such timestamp authority here')
    return bytes(await tsa.respond(query), REPLY)
  }
  return [
    openRoute({
      ...TIMESTAMP,
      path: '/tsa',
      operation: 'timestamp',
      summary: 'An RFC 3161 timestamp of the first authority here',
      handle: ({ body }) => stamp(tsas[0], body),
    }),
    openRoute({
      ...TIMESTAMP,
      path: '/tsa/:institution',
      operation: 'timestampBy',
      summary: "An RFC 3161 timestamp of one institution's authority",
      params: z.object({ institution: Id }),
      handle: ({ params: { institution }, body }) =>
        stamp(
          tsas.find((tsa) => tsa.institution === institution),
          body,
        ),
    }),
    openRoute({
      method: 'get',
      path: '/crl/:ca.crl',
      access: 'public',
      operation: 'getCrl',
      tag: 'authorities',
      summary: 'The CRL of a seal CA of this gateway',
      params: z.object({ ca: Id }),
      answers: { 200: { description: 'RFC 5280, DER', type: CRL } },
      problems: ['AUTHORITY_UNKNOWN', 'CA_UNKNOWN'],
      async handle({ params: { ca } }) {
        const crl = await authority.crl(ca)
        if (crl === undefined) throw new HttpError('AUTHORITY_UNKNOWN', 'there is no such CA here')
        return bytes(crl, CRL)
      },
    }),
  ]
}
