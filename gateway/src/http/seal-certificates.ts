import { type Digest, LedgerError } from '@cinnabar/core'
import { z } from 'zod'
import { revokeSealCertificate } from '../authority/seal-revocation'
import type { AppDeps } from './deps'
import { guardedRoute, json, type Route } from './route'
import { RevocationReasonShape, RevocationShape } from './shapes/certificate-shape'
import { DigestShape, TimeShape } from './shapes/named'

/** The pattern of times knows no calendar. */
const Moment = TimeShape.refine((text) => !Number.isNaN(Date.parse(text)), 'a date that exists')

/** `POST /v1/seal-certificates/{certificate}/revocations`: by the institution's registrar, in its register and on its CRL. */
export function sealCertificateRoutes({ env, authority }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/seal-certificates/:certificate/revocations',
      access: ['registrar'],
      operation: 'revokeSealCertificate',
      tag: 'seals',
      summary: "Revokes one of the institution's seal certificates, in the register and on the CRL of its CA",
      description:
        'Seals made at or after the invalidity date are not to be relied on; after a compromise, neither are those recorded after it. A repeat changes nothing; a later revocation can only make things worse: an earlier date, or compromise where there was none.',
      params: z.object({ certificate: DigestShape }),
      body: {
        kind: 'json',
        schema: z.strictObject({ reason: RevocationReasonShape, invalidityDate: Moment }),
      },
      answers: {
        200: {
          description: 'The revocation that the register has now',
          json: z.object({ certificate: DigestShape, revocation: RevocationShape }),
        },
      },
      problems: ['CERTIFICATE_UNKNOWN', 'INVALIDITY_DATE_INVALID'],
      others: 'CERTIFICATE_UNKNOWN',
      async handle({ params, body: { reason, invalidityDate } }, { institution }) {
        const certificate = params.certificate as Digest
        const revocation = { institution, certificate, reason, invalidityDate: new Date(invalidityDate) }
        await revokeSealCertificate({ ...env, authority }, revocation)
        const stands = (await env.ledger.certificate(institution, certificate))?.revocation
        if (stands === undefined) throw new LedgerError('LEDGER_DAMAGED', 'the register lacks what it acknowledged')
        return json({ certificate, revocation: stands })
      },
    }),
  ]
}
