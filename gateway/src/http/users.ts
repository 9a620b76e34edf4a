import { z } from 'zod'
import type { Admin } from '../people/user-register'
import { MAX_PASSWORD, type Person } from '../people/users'
import { callerAddress } from './caller-address'
import type { AppDeps } from './deps'
import { Id } from './input'
import { type Answer, guardedRoute, json, type Route } from './route'
import { RoleShape, UserShape } from './shapes/people-shape'

const Password = z.string().min(1).max(MAX_PASSWORD)
const Roles = z.array(RoleShape).min(1).max(4)
const NewUser = z.strictObject({ user: z.string().min(1).max(64), roles: Roles, password: Password })
const UserName = z.object({ user: Id })
const USERS = z.object({ users: z.array(UserShape) })

/** The users of one's own institution, managed by its admins. */
export function userRoutes(deps: AppDeps): readonly Route[] {
  return [...registerRoutes(deps), ...changeRoutes(deps)]
}

function registerRoutes(deps: AppDeps): readonly Route[] {
  const addressOf = callerAddress(deps)
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/users',
      access: ['admin', 'auditor'],
      operation: 'listUsers',
      tag: 'people',
      summary: "The institution's users, by name",
      answers: { 200: { description: 'All of them', json: USERS } },
      handle: async (_, { institution }) => json({ users: await deps.people.users.list(institution) }),
    }),
    guardedRoute({
      method: 'post',
      path: '/v1/users',
      access: ['admin'],
      operation: 'addUser',
      tag: 'people',
      summary: 'Adds a user to the institution',
      body: { kind: 'json', schema: NewUser },
      answers: { 201: { description: 'The user', json: UserShape } },
      problems: ['USER_INVALID', 'USER_EXISTS'],
      handle: async ({ body, request }, person) => ({
        status: 201,
        ...json(await deps.people.users.add({ ...person, address: addressOf(request) }, body)),
      }),
    }),
  ]
}

function changeRoutes(deps: AppDeps): readonly Route[] {
  const addressOf = callerAddress(deps)
  const change = <S extends z.ZodType>(part: {
    readonly path: string
    readonly operation: string
    readonly summary: string
    readonly schema: S
    readonly problems: NonNullable<Route['problems']>
    make(admin: Admin, user: string, body: z.output<S>): Promise<unknown>
  }): Route =>
    guardedRoute({
      method: 'put',
      path: `/v1/users/:user/${part.path}`,
      access: ['admin'],
      operation: part.operation,
      tag: 'people',
      summary: part.summary,
      params: UserName,
      body: { kind: 'json', schema: part.schema },
      answers: { 200: { description: 'The user as it is now', json: UserShape } },
      problems: part.problems,
      others: 'USER_UNKNOWN',
      handle: async ({ params, body, request }, person: Person): Promise<Answer> =>
        json(await part.make({ ...person, address: addressOf(request) }, params.user, body as z.output<S>)),
    })
  return [
    change({
      path: 'roles',
      operation: 'setUserRoles',
      summary: "Changes a user's roles; they count at once",
      schema: z.strictObject({ roles: Roles }),
      problems: ['USER_INVALID', 'LAST_ADMIN'],
      make: (admin, user, { roles }) => deps.people.users.setRoles(admin, user, roles),
    }),
    change({
      path: 'password',
      operation: 'resetUserPassword',
      summary: 'Gives a user another password and ends all log-ins',
      schema: z.strictObject({ password: Password }),
      problems: ['USER_INVALID'],
      make: (admin, user, { password }) => deps.people.users.resetPassword(admin, user, password),
    }),
    change({
      path: 'status',
      operation: 'setUserStatus',
      summary: 'Disables a user, which ends all log-ins, or enables one again',
      schema: z.strictObject({ status: z.enum(['active', 'disabled']) }),
      problems: ['LAST_ADMIN'],
      make: (admin, user, { status }) =>
        status === 'disabled' ? deps.people.users.disable(admin, user) : deps.people.users.enable(admin, user),
    }),
  ]
}
