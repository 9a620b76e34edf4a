import { z } from 'zod'
import { loginLimit } from '../people/login-limit'
import { MAX_PASSWORD, personOf } from '../people/users'
import type { AppDeps } from './deps'
import { json, openRoute, type Route, readInput } from './route'

const Login = z.strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(MAX_PASSWORD) })

/** `POST /v1/sessions`: user and password for a token. */
export function sessionRoutes({ env, sessions }: AppDeps): readonly Route[] {
  const limit = loginLimit(env.clock)
  return [
    openRoute({
      method: 'post',
      path: '/v1/sessions',
      access: 'public',
      body: { kind: 'json' },
      async handle(request) {
        const { user, password } = readInput(Login, request.body)
        const who = { user, address: request.ip ?? '' }
        const person = await limit.attempt(who, () => personOf(env.store, user, password))
        return { status: 201, ...json({ ...sessions.open(person), ...person }) }
      },
    }),
  ]
}
