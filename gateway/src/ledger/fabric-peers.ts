import { setTimeout as wait } from 'node:timers/promises'
import { type Caller, type InstitutionId, LedgerError } from '@cinnabar/core'
import { Client, credentials } from '@grpc/grpc-js'
import { connect, type Gateway, hash, type Network } from '@hyperledger/fabric-gateway'
import type { Clock } from '../clock'
import type { FabricConnection, FabricIdentity, FabricPeer } from './fabric-config'
import { identityRefused, isDenied, isFabricError, refusalOf, refused, unavailable } from './fabric-errors'
import { chainHeight } from './fabric-qscc'
import { fabricSigner } from './fabric-signer'
import { firstAnswer } from './first-answer'

/** One peer's gateway service. */
export interface Endpoint extends FabricPeer {
  /** Blocks below this one are known to be committed there. */
  height: bigint
  /** Not turned to first until then, ms. */
  restsUntil: number
  /** How long it rests when it fails again, ms. */
  nextRest: number
  gatewayFor(identity: FabricIdentity): Gateway
  networkFor(identity: FabricIdentity): Network
}

/** How long each step may take. */
export const DEADLINE_MS = { evaluate: 5_000, endorse: 15_000, submit: 5_000, status: 6_000, catchUp: 3_000 } as const
/**
 * How long each step takes at most when nothing is wrong; then others are asked as well. An append of 1,000 entries is
 * endorsed within a second, a block is committed within half of one.
 */
export const PATIENCE_MS = { evaluate: 1_500, endorse: 3_000, fate: 3_000 } as const

/** An append takes 8 MiB out, a block 10 MB in; gRPC's own limit for what comes in is 4 MiB. */
const MAX_MESSAGE_BYTES = 32 << 20
/** Peers close connections that ping more often than once a minute. */
const KEEPALIVE_MS = 120_000
/** An endpoint that did not answer is turned to last, for twice as long each time. */
const REST_MS = { first: 5_000, longest: 60_000 } as const
/** So long after one peer has committed a block another may be without it. */
const LAG_MS = 2_000
/** An organisation whose peer or chaincode did not answer is asked last for so long, or until it answers a probe. */
const SILENCE_MS = 30_000
const PROBE_EVERY_MS = 2_000

/** The peers of a channel: all steps go to the first that answers, for whomever. */
export class FabricPeers {
  readonly connection: FabricConnection
  readonly #clock: Clock
  readonly #endpoints: readonly Endpoint[]
  readonly #clients: readonly Client[]
  readonly #gateways = new Map<string, Gateway>()
  readonly #silentUntil = new Map<string, number>()
  readonly #probedAt = new Map<string, number>()
  /** Blocks below this one were acknowledged to somebody: nobody reads an older state. */
  #committed = 0n
  /** Where and when the last block was acknowledged. */
  #freshest: { readonly organisation: InstitutionId; readonly at: number } | undefined
  #closed = false

  /** Connects lazily. @throws {@link LedgerError} `CONNECTION_INVALID`. */
  constructor(connection: FabricConnection, clock: Clock) {
    this.connection = connection
    this.#clock = clock
    const signers = new Map(connection.identities.map((identity) => [identity, fabricSigner(identity.key)]))
    this.#clients = connection.peers.map(newClient)
    this.#endpoints = connection.peers.map((peer, index) => {
      const gatewayFor = (identity: FabricIdentity) => {
        const name = `${index}/${identity.institution}/${identity.role}`
        const gateway = this.#gateways.get(name) ?? newGateway(this.#clients[index], identity, signers.get(identity))
        this.#gateways.set(name, gateway)
        return gateway
      }
      const networkFor = (identity: FabricIdentity) => gatewayFor(identity).getNetwork(connection.channel)
      return { ...peer, height: 0n, restsUntil: 0, nextRest: REST_MS.first, gatewayFor, networkFor }
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Height of the highest block that this client knows to be committed, plus one; 0 when it knows none. */
  get height(): bigint {
    return this.#committed
  }

  /** @throws {@link LedgerError} `LEDGER_NO_IDENTITY`. */
  identityOf({ institution, role }: Caller): FabricIdentity {
    const found = this.connection.identities.find((one) => one.institution === institution && one.role === role)
    if (found !== undefined) return found
    throw new LedgerError('LEDGER_NO_IDENTITY', `no identity of ${institution} as ${role}`, { institution, role })
  }

  /** An identity to read with, one's own of the endpoint's organisation if there is one. */
  reader({ organisation }: Pick<Endpoint, 'organisation'>): FabricIdentity {
    const { identities } = this.connection
    const found = identities.find(({ institution }) => institution === organisation) ?? identities.at(0)
    if (found !== undefined) return found
    throw new LedgerError('LEDGER_NO_IDENTITY', 'the connection has no identity to read with')
  }

  deadline(ms: number): { readonly deadline: number } {
    return { deadline: this.#now() + ms }
  }

  /** Peers that answered before those that did not, then in the connection's order; `organisation`'s own before all. */
  ordered(organisation?: InstitutionId): readonly Endpoint[] {
    const now = this.#now()
    const rank = (one: Endpoint) => (one.restsUntil > now ? 2 : 0) + (one.organisation === organisation ? -1 : 0)
    return [...this.#endpoints].sort((a, b) => rank(a) - rank(b))
  }

  /** Notes that blocks up to `block` are committed at this endpoint and were acknowledged to a caller. */
  acknowledge(endpoint: Endpoint, block: bigint): void {
    this.#seen(endpoint, block + 1n)
    this.#freshest = { organisation: endpoint.organisation, at: this.#now() }
    if (block + 1n > this.#committed) this.#committed = block + 1n
  }

  /** Whether all of these organisations' peers may still be without the block that was acknowledged last. */
  mayLag(organisations: ReadonlySet<string>): boolean {
    const freshest = this.#freshest
    if (freshest === undefined || organisations.has(freshest.organisation)) return false
    return this.#now() - freshest.at < LAG_MS
  }

  rest(endpoint: Endpoint): void {
    // Several calls under way meet the same failure: it counts once.
    if (endpoint.restsUntil > this.#now()) return
    endpoint.restsUntil = this.#now() + endpoint.nextRest
    endpoint.nextRest = Math.min(REST_MS.longest, endpoint.nextRest * 2)
  }

  /** Whether the organisation could not endorse a moment ago. */
  isSilent(organisation: string): boolean {
    return (this.#silentUntil.get(organisation) ?? 0) > this.#now()
  }

  noteAnswer(organisation: string): void {
    this.#silentUntil.delete(organisation)
  }

  noteSilence(organisation: string): void {
    this.#silentUntil.set(organisation, this.#now() + SILENCE_MS)
  }

  /** Whether it is time to ask a silent organisation again, without waiting for it; true once in a while only. */
  mayProbe(organisation: string): boolean {
    if ((this.#probedAt.get(organisation) ?? 0) + PROBE_EVERY_MS > this.#now()) return false
    this.#probedAt.set(organisation, this.#now())
    return true
  }

  /**
   * Reads at the first peer that can answer and is not behind what was acknowledged.
   * @throws {@link LedgerError} a rule's code as that peer's chaincode gave it; `LEDGER_UNAVAILABLE` when none answers.
   */
  async read<T>(use: (network: Network, endpoint: Endpoint) => Promise<T>): Promise<T> {
    let last: unknown
    const attempt = async (endpoint: Endpoint) => {
      this.requireOpen()
      try {
        if (await this.#caughtUp(endpoint)) {
          const answer = await use(endpoint.networkFor(this.reader(endpoint)), endpoint)
          endpoint.nextRest = REST_MS.first
          return { answer }
        }
      } catch (error) {
        if (!isFabricError(error)) throw error
        const refusal = refusalOf(error)
        if (refusal !== undefined) throw refused(refusal)
        last = error
      }
      this.rest(endpoint)
      return undefined
    }
    const onLate = (endpoint: Endpoint) => this.rest(endpoint)
    const found = await firstAnswer(this.ordered(), attempt, { patienceMs: PATIENCE_MS.evaluate, onLate })
    if (found === undefined) throw isDenied(last) ? identityRefused(last) : unavailable('no peer answered', last)
    return found.answer
  }

  requireOpen(): void {
    if (this.#closed) throw new LedgerError('LEDGER_UNAVAILABLE', 'the ledger is closed')
  }

  close(): void {
    this.#closed = true
    for (const gateway of this.#gateways.values()) gateway.close()
    for (const client of this.#clients) client.close()
  }

  #now(): number {
    return this.#clock.now().getTime()
  }

  #seen(endpoint: Endpoint, height: bigint): void {
    if (height > endpoint.height) endpoint.height = height
  }

  /** After a change of peers: the next one may not have committed yet what the last one had. */
  async #caughtUp(endpoint: Endpoint): Promise<boolean> {
    const until = this.#now() + DEADLINE_MS.catchUp
    while (endpoint.height < this.#committed) {
      const network = endpoint.networkFor(this.reader(endpoint))
      const options = { organisation: endpoint.organisation, ...this.deadline(DEADLINE_MS.evaluate) }
      this.#seen(endpoint, await chainHeight(network, options))
      if (endpoint.height >= this.#committed) break
      if (this.#now() > until) return false
      await wait(50)
    }
    return true
  }
}

function newClient({ address, hostOverride, tlsRoot }: FabricPeer): Client {
  return new Client(address, credentials.createSsl(Buffer.from(tlsRoot)), {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.max_reconnect_backoff_ms': 2_000,
    ...(hostOverride === undefined ? {} : { 'grpc.ssl_target_name_override': hostOverride }),
  })
}

function newGateway(client: Client, identity: FabricIdentity, signer: ReturnType<typeof fabricSigner> | undefined) {
  const { institution, certificate } = identity
  // The signer hashes.
  const credentials = Buffer.from(certificate)
  return connect({ client, identity: { mspId: institution, credentials }, signer, hash: hash.none })
}
