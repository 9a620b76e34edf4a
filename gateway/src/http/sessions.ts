import { z } from 'zod'
import { MAX_PASSWORD } from '../people/users'
import { callerAddress } from './caller-address'
import type { AppDeps } from './deps'
import { guardedRoute, json, openRoute, type Route } from './route'
import { InstitutionIdShape } from './shapes/named'
import { RoleShape, SessionShape } from './shapes/people-shape'

const Login = z.strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(MAX_PASSWORD) })
const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200) })
const PasswordChange = z.strictObject({
  password: z.string().min(1).max(MAX_PASSWORD).describe('The present one.'),
  newPassword: z.string().min(1).max(MAX_PASSWORD),
})
const PersonShape = z.object({ user: z.string(), institution: InstitutionIdShape, roles: z.array(RoleShape) })
const Done = z.object({ done: z.literal(true) })

/** Logging in, going on, logging out; who one is, and one's own password. */
export function sessionRoutes(deps: AppDeps): readonly Route[] {
  return [...tokenRoutes(deps), ...ownRoutes(deps)]
}

function tokenRoutes(deps: AppDeps): readonly Route[] {
  const { people } = deps
  const addressOf = callerAddress(deps)
  return [
    openRoute({
      method: 'post',
      path: '/v1/sessions',
      access: 'public',
      operation: 'logIn',
      tag: 'people',
      summary: 'User and password for a token',
      body: { kind: 'json', schema: Login },
      answers: { 201: { description: 'The tokens', json: SessionShape } },
      problems: ['LOGIN_FAILED', 'LOGIN_LIMITED', 'SESSION_ENDED'],
      handle: async ({ body, request }) => ({
        status: 201,
        ...json(await people.logIn({ ...body, address: addressOf(request) })),
      }),
    }),
    openRoute({
      method: 'post',
      path: '/v1/sessions/refresh',
      access: 'public',
      operation: 'refreshSession',
      tag: 'people',
      summary: 'The next tokens for a refresh token, which is then used up',
      description:
        'A refresh token that comes a second time was copied: the whole log-in is ended, and the institution is told.',
      body: { kind: 'json', schema: Refresh },
      answers: { 200: { description: 'The tokens', json: SessionShape } },
      problems: ['REFRESH_REUSED', 'SESSION_INVALID', 'SESSION_EXPIRED', 'SESSION_ENDED'],
      handle: async ({ body, request }) => json(await people.refresh(body.refreshToken, addressOf(request))),
    }),
    openRoute({
      method: 'post',
      path: '/v1/sessions/end',
      access: 'public',
      operation: 'logOut',
      tag: 'people',
      summary: 'Ends the log-in of a refresh token',
      description: 'Answers the same whatever the token is.',
      body: { kind: 'json', schema: Refresh },
      answers: { 200: { description: 'It counts no more', json: Done } },
      async handle({ body }) {
        await people.logOut(body.refreshToken)
        return json({ done: true })
      },
    }),
  ]
}

function ownRoutes(deps: AppDeps): readonly Route[] {
  const { people } = deps
  const addressOf = callerAddress(deps)
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/me',
      access: 'user',
      operation: 'getMe',
      tag: 'people',
      summary: 'Who the token or key belongs to, with the roles that count now',
      answers: { 200: { description: 'The user; a machine is `key:` and the id of its key', json: PersonShape } },
      handle: async (_, person) => json(person),
    }),
    guardedRoute({
      method: 'put',
      path: '/v1/me/password',
      access: 'user',
      operation: 'changePassword',
      tag: 'people',
      summary: "Changes one's own password and ends all log-ins",
      body: { kind: 'json', schema: PasswordChange },
      answers: { 200: { description: 'It is changed', json: Done } },
      problems: ['LOGIN_FAILED', 'LOGIN_LIMITED', 'USER_INVALID'],
      async handle({ body: { password, newPassword }, request }, person) {
        await people.changePassword({ ...person, address: addressOf(request) }, password, newPassword)
        return json({ done: true })
      },
    }),
  ]
}
