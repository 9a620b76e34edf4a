import { TrustFormat } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { bytes, openRoute, type Route } from './route'
import { named } from './shapes/named'

const TrustShape = named(
  'Trust',
  z.looseObject({ type: z.literal('cinnabar.trust.v1') }).describe('In canonical bytes: FORMAT.md, "Trust".'),
)

/** `GET /v1/trust`: what this gateway says is to be trusted. To be shown and compared: it cannot vouch for itself. */
export function trustRoutes({ trust }: AppDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/v1/trust',
      access: 'public',
      operation: 'getTrust',
      tag: 'verification',
      summary: 'What this gateway says is to be trusted',
      description:
        'To be shown and compared with the trust file that you have from elsewhere: it cannot vouch for itself.',
      answers: { 200: { description: 'The trust file', json: TrustShape } },
      problems: ['TRUST_MISSING'],
      async handle() {
        if (trust === undefined) throw new HttpError('TRUST_MISSING', 'this gateway has no trust file')
        return bytes(TrustFormat.encode(trust), 'application/json')
      },
    }),
  ]
}
