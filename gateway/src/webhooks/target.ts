import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { GLOBAL_IPV6, SPECIAL_NETWORKS } from '@cinnabar/core'
import { type Resolved, type Resolver, systemResolver } from './resolver'
import { WebhookError } from './webhook-error'

/** Where webhooks may go. */
export interface Targets {
  /** @throws {@link WebhookError} `WEBHOOK_URL_REFUSED` where the URL alone says that it may not go there. */
  requireUrl(url: string): void
  /**
   * The addresses of the URL's host, every one of them allowed.
   * @throws {@link WebhookError} `WEBHOOK_URL_REFUSED` when one is not; what the resolver throws.
   */
  resolve(url: URL): Promise<readonly Resolved[]>
}

/** Longer ones have no use that we know of. */
const MAX_URL = 500

/** This machine's own: what listens on them may be hidden from everybody else. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address))
}

/**
 * Public hosts by https, but for this machine; besides, addresses in `networks`, there also by http. A name is judged by
 * what it leads to when something is sent, and the connection goes to just that address: a name that changes in between
 * changes nothing.
 * @param own - this machine's own addresses, asked for each time.
 */
export function webhookTargets(
  networks: readonly string[],
  resolver: Resolver = systemResolver({ hasIntranet: networks.length > 0 }),
  own: () => readonly string[] = ownAddresses,
): Targets {
  const [allowed, special, special6, global6] = [
    networks,
    SPECIAL_NETWORKS.ipv4,
    SPECIAL_NETWORKS.ipv6,
    [GLOBAL_IPV6],
  ].map(listOf)
  const isOwn = ({ address, family }: Resolved) => listOf(own()).check(address, `ipv${family}`)
  const isNamed = ({ address, family }: Resolved) => allowed.check(address, `ipv${family}`)
  const isPublic = ({ address, family }: Resolved) =>
    family === 4 ? !special.check(address, 'ipv4') : global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
  const mayGo = (url: URL, one: Resolved) => isNamed(one) || (url.protocol === 'https:' && isPublic(one) && !isOwn(one))
  const requireAll = (url: URL, found: readonly Resolved[]) => {
    if (found.length === 0 || !found.every((one) => mayGo(url, one))) throw refused('its address is not allowed')
  }
  return {
    requireUrl(text) {
      const url = parsed(text)
      const literal = literalOf(url)
      if (literal !== undefined) requireAll(url, [literal])
      else if (url.protocol !== 'https:' && networks.length === 0) throw refused('it is not https')
    },
    async resolve(url) {
      const literal = literalOf(url)
      const found = literal === undefined ? await resolver(url.hostname) : [literal]
      requireAll(url, found)
      return found
    },
  }
}

function parsed(text: string): URL {
  const url = text.length <= MAX_URL && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw refused('it is no https address')
  if (url.username + url.password + url.hash !== '') throw refused('it has a user, a password or a fragment')
  return url
}

/** An address written in the URL itself: no resolver is asked for it, nor by Node. */
function literalOf({ hostname }: URL): Resolved | undefined {
  const address = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  return family === 0 ? undefined : { address, family: family === 6 ? 6 : 4 }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

function refused(why: string): WebhookError {
  return new WebhookError('WEBHOOK_URL_REFUSED', `nothing can be sent there: ${why}`)
}
