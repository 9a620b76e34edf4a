import { z } from 'zod'
import { KEY_ROLES } from '../../people/api-keys'
import { EVENT_KINDS } from '../../people/people-events'
import { ROLES } from '../../people/users'
import { HexIdShape, InstitutionIdShape, named, TimeShape } from './named'

export const RoleShape = z.enum(ROLES)
export const KeyRoleShape = z.enum(KEY_ROLES)

/** A log-in as its user gets it. */
export const SessionShape = named(
  'Session',
  z.object({
    token: z.string().describe('To be sent as `Authorization: Bearer`.'),
    expiresInSeconds: z.int().min(1),
    refreshToken: z.string().describe('Good once, for the next token: keep it as you keep a password.'),
    refreshExpiresInSeconds: z.int().min(0).describe('Then the password is asked for again.'),
    user: z.string(),
    institution: InstitutionIdShape,
    roles: z.array(RoleShape),
  }),
)

/** A user as colleagues see one. */
export const UserShape = named(
  'User',
  z.object({
    user: z.string(),
    roles: z.array(RoleShape),
    status: z.enum(['active', 'disabled']),
    createdAt: TimeShape,
  }),
)

/** A machine's key as admins see it. */
export const ApiKeyShape = named(
  'ApiKey',
  z.object({
    id: HexIdShape,
    name: z.string(),
    roles: z.array(KeyRoleShape),
    createdBy: z.string(),
    createdAt: TimeShape,
    expiresAt: TimeShape,
    revokedAt: TimeShape.optional(),
  }),
)

/** What happened to people, their log-ins and webhooks. */
export const PeopleEventShape = named(
  'PeopleEvent',
  z.object({
    id: z.string(),
    institution: InstitutionIdShape,
    kind: z.enum(EVENT_KINDS),
    at: TimeShape,
    subject: z.string().describe('The user, or the id of the key, webhook or seal.'),
    by: z.string().optional(),
    address: z.string().optional(),
  }),
)
