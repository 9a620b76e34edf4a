import { TrustFormat } from '@cinnabar/core'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { bytes, openRoute, type Route } from './route'

/** `GET /v1/trust`: what this gateway says is to be trusted. To be shown and compared: it cannot vouch for itself. */
export function trustRoutes({ trust }: AppDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/v1/trust',
      access: 'public',
      async handle() {
        if (trust === undefined) throw new HttpError('TRUST_MISSING', 'this gateway has no trust file')
        return bytes(TrustFormat.encode(trust), 'application/json')
      },
    }),
  ]
}
