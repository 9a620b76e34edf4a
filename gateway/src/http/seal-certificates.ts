import { type Digest, LedgerError, type SealId } from '@cinnabar/core'
import { z } from 'zod'
import { revokeSealCertificate } from '../authority/seal-revocation'
import type { AppDeps } from './deps'
import { guardedRoute, json, type Route } from './route'
import { RevocationReasonShape, RevocationShape } from './shapes/certificate-shape'
import { DigestShape, SealIdShape, TimeShape } from './shapes/named'
import { SealShape } from './shapes/seal-shape'

/** The pattern of times knows no calendar. */
const Moment = TimeShape.refine((text) => !Number.isNaN(Date.parse(text)), 'a date that exists')

/** Revocations of seal certificates, and what follows them: by the institution's registrar, in its register and on its CRL. */
export function sealCertificateRoutes(deps: AppDeps): readonly Route[] {
  const { env, authority } = deps
  return [
    replaceRoute(deps),
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

function replaceRoute({ env, people, replaceSealCertificate }: AppDeps): Route {
  return guardedRoute({
    method: 'post',
    path: '/v1/seals/:id/certificates',
    access: ['registrar'],
    operation: 'replaceSealCertificate',
    tag: 'seals',
    summary: 'Gives a seal another certificate over a new key, as after a lost or stolen key',
    description:
      "The seal keeps its id, its picture and the count of its uses; what it sealed is judged as before. Revoke the lost key's certificate first. The change is an entry of the institution's log, which everybody who is told of the log hears of. A repeat, which names a certificate that the seal has no more, changes nothing.",
    params: z.object({ id: SealIdShape }),
    body: {
      kind: 'json',
      schema: z.strictObject({ replaces: DigestShape.describe('The certificate that the seal has now.') }),
    },
    answers: { 200: { description: 'The seal as it is now', json: SealShape } },
    problems: [
      'SEAL_UNKNOWN',
      'SEAL_STATUS_INVALID',
      'CERTIFICATE_UNKNOWN',
      'RECORD_CONTENDED',
      'CA_UNKNOWN',
      'CA_UNAVAILABLE',
      'CA_REFUSED',
    ],
    others: 'CERTIFICATE_UNKNOWN',
    async handle({ params, body }, { institution, user }) {
      const [id, replaces] = [params.id as SealId, body.replaces as Digest]
      const { seal, isChanged } = await replaceSealCertificate({ institution, seal: id, replaces })
      if (isChanged) {
        await people.events.record({ institution, kind: 'sealCertificateReplaced', subject: id, by: user })
      }
      const uses = (await env.ledger.seal(institution, id))?.uses ?? 0
      return json({ ...seal, uses })
    },
  })
}
