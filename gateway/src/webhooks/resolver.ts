import { lookup, Resolver as Servers } from 'node:dns/promises'
import { Gate } from '../notarize/gate'

/** An address to connect to. */
export interface Resolved {
  readonly address: string
  readonly family: 4 | 6
}

/** A host's addresses, at least one. @throws an error with Node's `code` and `syscall` where none is found. */
export type Resolver = (host: string) => Promise<readonly Resolved[]>

/** How names are asked for. */
export interface ResolverOptions {
  /** Whether names may be meant that only this machine's own files and search domains know. */
  readonly hasIntranet: boolean
  /** DNS servers as `ADDRESS:PORT`; the machine's own unless given. */
  readonly servers?: readonly string[]
}

const QUESTION_MS = 2000
const QUESTIONS = 2
/** The operating system's lookup takes one of the few threads that files are read by as well, for as long as it likes. */
const LOOKUPS_AT_ONCE = 1

/**
 * Asks the machine's DNS servers, each name for itself and without a thread: a name whose servers never answer holds up
 * nobody else's. The operating system's own lookup is asked only for names that DNS does not know, and only where an
 * intranet was named.
 */
export function systemResolver({ hasIntranet, servers }: ResolverOptions): Resolver {
  const gate = new Gate(LOOKUPS_AT_ONCE)
  const bySystem = (host: string) =>
    gate.pass(1, async () => {
      const found = await lookup(host, { all: true, verbatim: true })
      return found.map(({ address, family }): Resolved => ({ address, family: family === 6 ? 6 : 4 }))
    })
  return async (host) => {
    try {
      return await byDns(host, servers)
    } catch (cause) {
      if (hasIntranet) return bySystem(host)
      throw cause
    }
  }
}

async function byDns(host: string, servers: readonly string[] | undefined): Promise<readonly Resolved[]> {
  const dns = new Servers({ timeout: QUESTION_MS, tries: QUESTIONS })
  if (servers !== undefined) dns.setServers(servers)
  const [four, six] = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)])
  const found = [
    ...(four.status === 'fulfilled' ? four.value.map((address): Resolved => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address): Resolved => ({ address, family: 6 })) : []),
  ]
  if (found.length === 0 && four.status === 'rejected') throw four.reason
  return found
}
