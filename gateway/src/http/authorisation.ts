import { ROLES, type Role } from '../people/users'
import type { ProblemCode } from './problem-codes'
import { isOpen, type Route } from './route'

/** Who asks: nobody known, or a user with one role of the institution whose things are asked for, or of another. */
export type Caller = 'none' | { readonly role: Role; readonly institution: 'own' | 'other' }

/** The refusal that the caller meets because of who it is; undefined where it meets none. */
export function refusalOf(route: Route, caller: Caller): ProblemCode | undefined {
  const { access, others } = route
  if (isOpen(route)) return undefined
  if (caller === 'none') return 'LOGIN_REQUIRED'
  if (Array.isArray(access) && !access.includes(caller.role)) return 'ROLE_REQUIRED'
  return caller.institution === 'other' ? others : undefined
}

/** The page `docs/authorisation.md`. */
export function authorisationPage(routes: readonly Route[]): string {
  const head = ['route', 'without log-in', ...ROLES, 'user of another institution']
  const rows = routes.map((route) => [
    `\`${route.method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}\``,
    withoutLogIn(route),
    ...ROLES.map((role) => byRole(route, role)),
    ofOthers(route),
  ])
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${PREFACE}\n\n${lines.join('\n')}\n`
}

const PREFACE = `# Who may call what

Made from the routes by \`npm run docs\`; a test calls every route as everybody and compares.

A user has one or more of the roles registrar, sealer, auditor and admin in one institution; the columns are users with that
role alone. *By its id*: who knows the random id holds the sealed file. *Operator*: who asks from the machine itself, or sends the
token that the operator set. In the last column, *own things only* means that the
route addresses nothing of an institution: its users see and make what is their own. A code is what users of another
institution are told about a thing that is not theirs, whatever their role; where it ends in \`_UNKNOWN\` they are not even told
that it exists.`

const OPERATOR = 'operator'

function byRole(route: Route, role: Role): string {
  if (isOpen(route)) return withoutLogIn(route)
  return refusalOf(route, { role, institution: 'own' }) === undefined ? 'yes' : 'no'
}

function withoutLogIn({ access }: Route): string {
  return access === 'public' ? 'yes' : access === 'capability' ? 'by its id' : access === 'operator' ? OPERATOR : 'no'
}

function ofOthers(route: Route): string {
  if (isOpen(route)) return withoutLogIn(route)
  return route.others === undefined ? 'own things only' : `\`${route.others}\``
}
