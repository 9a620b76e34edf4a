import type { User } from '@cinnabar/client'
import { CliError } from '../cli-error'
import { columns } from '../columns'
import type { Context } from '../context'
import { EXIT, type Exit } from '../exit'
import { askSecret, secretFromInput } from '../prompt'
import { listIn, requireService } from '../service'

export type Role = User['roles'][number]
export const ROLES = ['registrar', 'sealer', 'auditor', 'admin'] as const satisfies readonly Role[]

interface Options {
  readonly json?: boolean
}

/** Lists the institution's users. */
export async function listUsers(context: Context, { json }: Options): Promise<Exit> {
  const { texts, voice } = context
  const service = await requireService(context)
  const users = listIn(service.url, 'GET /v1/users', (await service.ask((api) => api.listUsers())).users)
  if (json) voice.json({ users })
  else voice.print(columns([texts.list.users, ...users.map((user) => texts.list.user(user))]))
  return EXIT.passed
}

/** Adds a user; the password is asked for, or read from standard input. */
export async function addUser(
  context: Context,
  user: string,
  options: Options & { readonly role: readonly Role[]; readonly passwordStdin?: boolean },
): Promise<Exit> {
  const service = await requireService(context)
  const password = await passwordFor(context, options)
  const body = { user, roles: options.role, password }
  return shown(context, await service.ask((api) => api.addUser({ body })), options)
}

/** Gives a user other roles; they count at once. */
export async function setRoles(
  context: Context,
  { user, roles }: { readonly user: string; readonly roles: readonly Role[] },
  options: Options,
): Promise<Exit> {
  const service = await requireService(context)
  return shown(context, await service.ask((api) => api.setUserRoles({ user, body: { roles } })), options)
}

/** Gives a user another password, which ends all log-ins. */
export async function resetPassword(
  context: Context,
  user: string,
  options: Options & { readonly passwordStdin?: boolean },
): Promise<Exit> {
  const service = await requireService(context)
  const password = await passwordFor(context, options)
  return shown(context, await service.ask((api) => api.resetUserPassword({ user, body: { password } })), options)
}

/** Disables a user, which ends all log-ins, or enables one again. */
export async function setStatus(
  context: Context,
  { user, status }: Pick<User, 'user' | 'status'>,
  options: Options,
): Promise<Exit> {
  const service = await requireService(context)
  return shown(context, await service.ask((api) => api.setUserStatus({ user, body: { status } })), options)
}

function shown({ texts, voice }: Context, user: User, { json }: Options): Exit {
  if (json) voice.json(user)
  else voice.print(columns([texts.list.users, texts.list.user(user)]))
  return EXIT.passed
}

async function passwordFor(
  { surroundings, texts, voice }: Context,
  { passwordStdin }: { readonly passwordStdin?: boolean },
): Promise<string> {
  const password = passwordStdin
    ? await secretFromInput(surroundings)
    : await askSecret(surroundings, texts.note.newPasswordQuestion)
  if (password === '') throw new CliError('PASSWORD_EMPTY')
  voice.hide(password)
  return password
}
