import type { Texts } from '../texts'
import type { ConsoleApi } from './api'
import { drawBook } from './book'
import { drawBulkJobs } from './bulk'
import { drawDeposits } from './deposits'
import { drawEvents } from './events'
import { drawKeys } from './keys'
import { drawLog } from './log'
import { drawSealScreen } from './sealing'
import type { LoggedIn, Role } from './session'
import { drawUsers } from './users'
import { drawWebhooks } from './webhooks'

export type ScreenName = keyof Texts['console']['screens']

/** What a screen is drawn with. */
export interface Desk {
  readonly api: ConsoleApi
  readonly texts: Texts
  readonly person: LoggedIn['person']
  readonly now: () => Date
}

/** One screen and who is shown it; who may do what is the service's to say. */
export interface Screen {
  readonly name: ScreenName
  readonly roles: readonly Role[]
  readonly draw: (desk: Desk) => Promise<HTMLElement>
}

const ALL: readonly Role[] = ['registrar', 'sealer', 'auditor', 'admin']

const SCREENS: readonly Screen[] = [
  { name: 'seal', roles: ['sealer'], draw: drawSealScreen },
  { name: 'bulk', roles: ALL, draw: drawBulkJobs },
  { name: 'deposits', roles: ALL, draw: drawDeposits },
  { name: 'book', roles: ALL, draw: drawBook },
  { name: 'log', roles: ['auditor', 'registrar'], draw: drawLog },
  { name: 'users', roles: ALL, draw: drawUsers },
  { name: 'keys', roles: ['admin', 'auditor'], draw: drawKeys },
  { name: 'webhooks', roles: ['admin', 'auditor'], draw: drawWebhooks },
  { name: 'events', roles: ['admin', 'auditor'], draw: drawEvents },
]

/** The screens of a user, in the order of the menu. */
export function screensFor(roles: readonly Role[]): readonly Screen[] {
  return SCREENS.filter((screen) => screen.roles.some((role) => roles.includes(role)))
}
