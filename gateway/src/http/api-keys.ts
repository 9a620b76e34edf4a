import { z } from 'zod'
import { MAX_KEY_DAYS } from '../people/api-keys'
import { callerAddress } from './caller-address'
import type { AppDeps } from './deps'
import { Id, wholeNumber } from './input'
import { guardedRoute, json, type Route } from './route'
import { ApiKeyShape, KeyRoleShape, PeopleEventShape } from './shapes/people-shape'

const NewKey = z.strictObject({
  name: z.string().min(1).max(64),
  roles: z.array(KeyRoleShape).min(1).max(3),
  days: z.int().min(1).max(MAX_KEY_DAYS).default(90),
})
const CreatedKey = ApiKeyShape.extend({
  key: z.string().describe('To be sent as `Authorization: Bearer`. It is shown this once and kept nowhere.'),
})

/** Keys of the institution's machines. */
export function apiKeyRoutes(deps: AppDeps): readonly Route[] {
  const addressOf = callerAddress(deps)
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/api-keys',
      access: ['admin', 'auditor'],
      operation: 'listApiKeys',
      tag: 'people',
      summary: "The keys of the institution's machines, also those that have ended",
      answers: { 200: { description: 'All of them', json: z.object({ keys: z.array(ApiKeyShape) }) } },
      handle: async (_, { institution }) => json({ keys: await deps.people.keys.list(institution) }),
    }),
    guardedRoute({
      method: 'post',
      path: '/v1/api-keys',
      access: ['admin'],
      operation: 'createApiKey',
      tag: 'people',
      summary: 'A key for a machine, with roles of its own and an end',
      body: { kind: 'json', schema: NewKey },
      answers: { 201: { description: 'The key', json: CreatedKey } },
      problems: ['USER_INVALID'],
      handle: async ({ body, request }, person) => ({
        status: 201,
        ...json(await deps.people.keys.create({ ...person, address: addressOf(request) }, body)),
      }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/v1/api-keys/:id',
      access: ['admin'],
      operation: 'revokeApiKey',
      tag: 'people',
      summary: 'Revokes a key, at once and for good',
      params: z.object({ id: Id }),
      answers: { 200: { description: 'The key as it is now', json: ApiKeyShape } },
      others: 'API_KEY_UNKNOWN',
      handle: async ({ params, request }, person) =>
        json(await deps.people.keys.revoke({ ...person, address: addressOf(request) }, params.id)),
    }),
  ]
}

const Page = z.strictObject({
  order: z.enum(['ascending', 'descending']).default('ascending').describe('By time; from the newest if descending.'),
  after: z.string().min(1).max(100).optional(),
  limit: wholeNumber(1, 1000).default(100),
})

/** What happened to the institution's people and their log-ins. */
export function peopleEventRoutes({ people }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/people-events',
      access: ['admin', 'auditor'],
      operation: 'listPeopleEvents',
      tag: 'people',
      summary: 'Users and keys made, changed and ended; tokens stolen; log-ins limited',
      query: Page,
      answers: {
        200: {
          description: 'A page; `next` is the `after` of the following one',
          json: z.object({ events: z.array(PeopleEventShape), next: z.string().optional() }),
        },
      },
      async handle({ query: { after, limit, order } }, { institution }) {
        const events = await people.events.list(institution, {
          limit,
          order,
          ...(after === undefined ? {} : { after }),
        })
        const next = events.length === limit ? events.at(-1)?.id : undefined
        return json({ events, ...(next === undefined ? {} : { next }) })
      },
    }),
  ]
}
