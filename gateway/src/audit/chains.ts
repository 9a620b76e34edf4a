import { setTimeout as wait } from 'node:timers/promises'
import {
  ChainFollower,
  type CheckedBlock,
  changesIn,
  type ChainFollower as Follower,
  type RebuiltLedger,
  type Trust,
} from '@cinnabar/core'
import { type AuditedPeer, type BlockStream, PeerSilence } from './audited-peer'
import type { Findings, Gap } from './findings'

/** A peer with how far its chain was followed. */
export interface PeerChain {
  readonly peer: AuditedPeer
  /** Blocks read; a peer that fell silent is not asked again. */
  blocks: number
  silent: boolean
}

/** What the chains are read with and into. */
export interface ChainsOptions {
  readonly trust: Trust
  readonly ledger: RebuiltLedger
  readonly findings: Findings
  /** Told of how many blocks are read, of how many. */
  readonly progress: (done: number, of: number) => void
}

/** How long a peer may take to commit what another has. */
const CATCH_UP = { attempts: 40, ms: 250 } as const

interface Followed extends PeerChain {
  readonly follower: Follower
  stream: BlockStream | undefined
  height: number
}

/** One block as several peers gave it. */
interface Version {
  readonly block: CheckedBlock
  readonly organisations: Set<string>
}

/** Reads every peer's chain side by side, compares them, and rebuilds the ledger from the version that most organisations give. */
export class Chains {
  readonly #options: ChainsOptions
  readonly #followed: readonly Followed[]
  #next = 0
  #top = 0
  #advancing: Promise<number> = Promise.resolve(0)
  readonly #governance: { readonly block: number; readonly transaction: string }[] = []

  constructor(peers: readonly AuditedPeer[], options: ChainsOptions) {
    this.#options = options
    this.#followed = peers.map((peer) => {
      const where = { organisation: peer.organisation, address: peer.address }
      const follower = new ChainFollower(where, options.findings.note)
      return { peer, follower, stream: undefined, blocks: 0, height: 0, silent: false }
    })
  }

  /** Blocks taken in. */
  get blocks(): number {
    return this.#next
  }

  get peers(): readonly PeerChain[] {
    return this.#followed
  }

  /** Transactions that may have changed the channel's configuration or a chaincode's definition. */
  get governance(): readonly { readonly block: number; readonly transaction: string }[] {
    return this.#governance
  }

  /** Takes in what peers have committed by now. @returns blocks taken in. */
  advance(): Promise<number> {
    this.#advancing = this.#advancing.then(() => this.#advance())
    return this.#advancing
  }

  close(): void {
    for (const { stream } of this.#followed) stream?.close()
  }

  async #advance(): Promise<number> {
    const top = await this.#learnHeights()
    for (; this.#next < top; this.#next++) {
      const versions = await this.#versionsOf(this.#next)
      this.#compare(versions)
      const [chosen] = [...versions].sort((a, b) => b.organisations.size - a.organisations.size)
      if (chosen !== undefined) await this.#take(chosen.block)
      this.#options.progress(this.#next + 1, top)
    }
    return this.#next
  }

  #awake(): readonly Followed[] {
    return this.#followed.filter(({ silent }) => !silent)
  }

  /** The greatest height, once every peer has reached it; one that does not in time is behind. */
  async #learnHeights(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      await Promise.all(this.#awake().map((one) => this.#learnHeight(one)))
      const top = Math.max(0, ...this.#awake().map(({ height }) => height))
      const behind = this.#awake().filter(({ height }) => height < (attempt === 1 ? top : this.#top))
      if (attempt === 1) this.#top = top
      if (behind.length === 0) return this.#top
      if (attempt >= CATCH_UP.attempts) {
        for (const { peer, height } of behind) this.#leave(peer, 'PEER_BEHIND', { height })
        for (const one of behind) one.silent = true
        return this.#top
      }
      await wait(CATCH_UP.ms)
    }
  }

  async #learnHeight(one: Followed): Promise<void> {
    const height = await this.#heard(one, one.peer.height())
    if (height !== undefined) one.height = Math.max(one.height, height)
  }

  async #versionsOf(number: number): Promise<readonly Version[]> {
    const able = this.#awake().filter(({ height }) => height > number)
    const found = await Promise.all(able.map(async (one) => ({ one, block: await this.#blockOf(one, number) })))
    const versions = new Map<string, Version>()
    for (const { one, block } of found) {
      if (block === undefined) continue
      const name = `${block.name}/${block.codes}`
      const version = versions.get(name) ?? { block, organisations: new Set() }
      versions.set(name, version)
      version.organisations.add(one.peer.organisation)
    }
    return [...versions.values()]
  }

  async #blockOf(one: Followed, number: number): Promise<CheckedBlock | undefined> {
    one.stream ??= one.peer.blocks(number)
    const bytes = await this.#heard(one, one.stream.next())
    if (bytes === undefined) return undefined
    one.blocks = number + 1
    return one.follower.take(bytes)
  }

  async #heard<T>(one: Followed, answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer
    } catch (error) {
      if (!(error instanceof PeerSilence)) throw error
      one.silent = true
      this.#leave(one.peer, 'PEER_SILENT')
      return undefined
    }
  }

  #leave({ organisation, address }: AuditedPeer, code: Gap['code'], more: Gap['where'] = {}): void {
    this.#options.findings.missed(code, { organisation, address, ...more })
  }

  #compare(versions: readonly Version[]): void {
    if (versions.length < 2) return
    const names = new Set(versions.map(({ block }) => block.name))
    const found = versions.map(
      ({ block, organisations }) => `${[...organisations].join('+')}: ${block.name}/${block.codes}`,
    )
    const code = names.size > 1 ? 'BLOCKS_DIFFER' : 'VALIDATION_DIFFERS'
    this.#options.findings.note(code, { block: this.#next, found: found.join('; ') })
  }

  async #take(block: CheckedBlock): Promise<void> {
    const { trust, ledger, findings } = this.#options
    const { transactions, governance } = await changesIn(block, trust, findings.note)
    for (const transaction of transactions) ledger.take(transaction)
    for (const transaction of governance) this.#governance.push({ block: block.block.header.number, transaction })
  }
}
