import { encodeCanonical, type InstitutionId, type Json, parseCanonical, type Time, toHex } from '@cinnabar/core'
import type { Call } from './calls'
import type { Transaction } from './context'
import { invoke } from './invoke'
import type { State } from './state'

/** A call that was refused or answered, with what it would write. */
export interface Simulation {
  readonly result: Uint8Array
  readonly writes: ReadonlyMap<string, Uint8Array>
}

/** A chain in memory, for tests: one transaction at a time, and stricter with the rules than a real one. */
export class MemoryChain {
  readonly state = new Map<string, Uint8Array>()
  readonly channel = 'test'
  /** Time of the transactions to come. */
  time = '2026-11-22T03:00:00Z' as Time
  #transactions = 0

  /** Runs the call and, unless it throws, keeps its writes. @returns its result, parsed. */
  async call(caller: Transaction['caller'] | undefined, call: Call): Promise<Json> {
    const { result, writes } = await this.simulate(caller, call)
    for (const [key, value] of writes) this.state.set(key, value)
    return parseCanonical(result, 1 << 24)
  }

  /**
   * Runs the call and drops its writes.
   * @throws Error when the rules read what they wrote in the same call, write a key twice, or wrote before refusing.
   */
  async simulate(caller: Transaction['caller'] | undefined, { name, args, transient }: Call): Promise<Simulation> {
    const writes = new Map<string, Uint8Array>()
    const transaction: Transaction = {
      id: `transaction-${this.#transactions++}`,
      time: this.time,
      channel: this.channel,
      caller: caller ?? { institution: 'Anybody' as InstitutionId },
    }
    try {
      return { result: await invoke(this.#stateWith(writes), transaction, name, args, transient ?? new Map()), writes }
    } catch (cause) {
      if (writes.size > 0) throw new Error(`refused after ${writes.size} writes`, { cause })
      throw cause
    }
  }

  /** The whole state as text: equal texts are equal states. */
  dump(): string {
    const entries = Array.from(this.state, ([key, value]) => [key, toHex(value)] as const).sort()
    return toHex(encodeCanonical(entries as unknown as Json))
  }

  #stateWith(writes: Map<string, Uint8Array>): State {
    const refuseRead = (key: string) => {
      if (writes.has(key)) throw new Error(`the rules read ${key}, which they wrote`)
    }
    const committed = this.state
    return {
      get: async (key) => {
        refuseRead(key)
        return committed.get(key)
      },
      put: async (key, value) => {
        if (writes.has(key)) throw new Error(`the rules wrote ${key} twice`)
        writes.set(key, value)
      },
      range: async function* (start, end) {
        const keys = [...committed.keys()].filter((key) => key >= start && key < end).sort()
        for (const key of [...writes.keys()].filter((one) => one >= start && one < end)) refuseRead(key)
        for (const key of keys) yield [key, committed.get(key) ?? new Uint8Array(0)] as const
      },
    }
  }
}
