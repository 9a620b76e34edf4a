import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { timeOf, utf8 } from '@cinnabar/core'
import type { Clock } from '../clock'
import { PeopleError } from '../people/people-error'
import { createUser, personOf, ROLES, setPassword } from '../people/users'
import type { Store } from '../store/store'
import { writeWhole } from '../store/whole-file'
import { DemoError } from './demo-error'
import { DEMO_INSTITUTIONS } from './institutions'

/** A user of the demonstration, password and all. */
export interface DemoLogin {
  readonly user: string
  readonly password: string
  readonly institution: string
}

/** Without characters that look like others. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** 16 characters in groups of four: 79 bits. */
function randomPassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

/**
 * The demonstration's users. The passwords are on the disk before a user has one, so that none is ever lost; if the file
 * is, users get new ones. What it says is what lets them in.
 * @param path - `demo.json`, readable by its owner alone.
 * @throws {@link DemoError} `DEMO_FILE_INVALID`.
 */
export async function establishLogins(path: string, store: Store, clock: Clock): Promise<readonly DemoLogin[]> {
  const logins = (await readLogins(path)) ?? (await writeLogins(path))
  for (const login of logins) {
    const institution = DEMO_INSTITUTIONS.find(({ user }) => user === login.user)
    if (institution === undefined || (await letsIn(store, login))) continue
    if (await setPassword(store, login.user, login.password)) continue
    try {
      const createdAt = timeOf(clock.now())
      await createUser(store, { ...login, institution: institution.id, roles: ROLES, createdAt })
    } catch (cause) {
      if (!(cause instanceof PeopleError) || cause.code !== 'USER_EXISTS') throw cause
    }
  }
  return logins
}

async function letsIn(store: Store, { user, password }: DemoLogin): Promise<boolean> {
  try {
    await personOf(store, user, password)
    return true
  } catch (cause) {
    if (cause instanceof PeopleError) return false
    throw cause
  }
}

async function writeLogins(path: string): Promise<readonly DemoLogin[]> {
  const logins = DEMO_INSTITUTIONS.map(({ id, user }) => ({ user, password: randomPassword(), institution: id }))
  await writeWhole(path, utf8(`${JSON.stringify({ logins }, undefined, 2)}\n`), 0o600)
  return logins
}

async function readLogins(path: string): Promise<readonly DemoLogin[] | undefined> {
  try {
    return loginsOf(JSON.parse(await readFile(path, 'utf8')), path)
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT') return undefined
    if (cause instanceof SyntaxError) throw new DemoError('DEMO_FILE_INVALID', `${path} is not JSON`, { path }, cause)
    throw cause
  }
}

function loginsOf(value: unknown, path: string): readonly DemoLogin[] {
  const { logins } = (value ?? {}) as { readonly logins?: unknown }
  const isLogin = (one: Partial<DemoLogin>) => typeof one?.user === 'string' && typeof one.password === 'string'
  if (Array.isArray(logins) && logins.every(isLogin)) return logins
  throw new DemoError('DEMO_FILE_INVALID', `${path} does not list log-ins`, { path })
}
