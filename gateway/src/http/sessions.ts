import type { Request } from 'express'
import { z } from 'zod'
import { loginLimit } from '../people/login-limit'
import { MAX_PASSWORD, personOf, ROLES } from '../people/users'
import type { AppDeps } from './deps'
import { json, openRoute, type Route } from './route'
import { InstitutionIdShape } from './shapes/named'

const Login = z.strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(MAX_PASSWORD) })
const SessionShape = z.object({
  token: z.string(),
  expiresInSeconds: z.int().min(1),
  user: z.string(),
  institution: InstitutionIdShape,
  roles: z.array(z.enum(ROLES)),
})

/** `POST /v1/sessions`: user and password for a token. */
export function sessionRoutes({ env, sessions, trustProxy, onUnknownProxy }: AppDeps): readonly Route[] {
  const limit = loginLimit(env.clock)
  const addressOf = trustProxy === undefined ? directAddresses(onUnknownProxy) : (request: Request) => request.ip
  return [
    openRoute({
      method: 'post',
      path: '/v1/sessions',
      access: 'public',
      operation: 'logIn',
      tag: 'people',
      summary: 'User and password for a token',
      body: { kind: 'json', schema: Login },
      answers: { 201: { description: 'The token, to be sent as `Authorization: Bearer`', json: SessionShape } },
      problems: ['LOGIN_FAILED', 'LOGIN_LIMITED'],
      async handle({ body: { user, password }, request }) {
        const who = { user, address: addressOf(request) }
        const person = await limit.attempt(who, () => personOf(env.store, user, password))
        return { status: 201, ...json({ ...sessions.open(person), ...person }) }
      },
    }),
  ]
}

/**
 * The caller's address where no proxy was named. A request with a proxy's header may be anybody's behind that proxy: its
 * address is nobody's, so that the failures of one do not lock out all. Who adds the header himself sheds the limit of
 * his address, not that of any user: guessing one password stays bounded, trying many users from one address does not,
 * until the proxies in front are named. The other choice would let any stranger close the service to everybody.
 */
function directAddresses(onUnknownProxy: AppDeps['onUnknownProxy']): (request: Request) => string | undefined {
  let told = false
  return (request) => {
    if (request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined) return request.ip
    if (!told) onUnknownProxy?.()
    told = true
    return undefined
  }
}
