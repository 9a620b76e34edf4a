import { join, resolve } from 'node:path'
import type { Surroundings } from './surroundings'
import { listName } from './watch-list'

type Where = Pick<Surroundings, 'env' | 'folder' | 'home'>

/** The user's own settings: `$XDG_CONFIG_HOME/cinnabar`, else `~/.config/cinnabar`. */
function configFolder({ env, home }: Where): string {
  const base = env.XDG_CONFIG_HOME
  // The XDG base directory specification: a relative path in it is to be ignored.
  return join(base?.startsWith('/') ? base : join(home, '.config'), 'cinnabar')
}

/** Where log-in keeps its token. */
export function sessionPath(where: Where): string {
  return join(configFolder(where), 'session.json')
}

/** What is there while a command renews that token. */
export function sessionLockPath(where: Where): string {
  return `${sessionPath(where)}.lock`
}

/** The list of what was deposited from a watched folder. */
export function watchListPath(where: Where, folder: string, url: string): string {
  return join(configFolder(where), listName(folder, url))
}

/** Where the trust file is pinned. */
export function pinnedTrustPath(where: Where): string {
  return join(configFolder(where), 'trust.json')
}

/** The newest published trust list that was taken of the operator with this key. */
export function trustListPath(where: Where, key: string): string {
  return join(configFolder(where), 'lists', `${key.replace('sha256:', '')}.json`)
}

/** The newest list that this user published with this key. */
export function publishedListPath(where: Where, key: string): string {
  return join(configFolder(where), 'published', `${key.replace('sha256:', '')}.json`)
}

/** The trust file that a gateway on this machine leaves in its data folder. */
export function dataTrustPath({ env, folder }: Where): string {
  return join(resolve(folder, env.CINNABAR_DATA || '.data'), 'trust.json')
}
