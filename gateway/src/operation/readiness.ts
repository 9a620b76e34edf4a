import { randomBytes, randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { stopwatch } from '../clock'
import type { ChainCheck } from '../ledger/chain-check'
import type { Notarizer } from '../notarize/notarizer'
import type { Surroundings } from '../notarize/ports'

/** What the service rests on. */
export const COMPONENTS = ['store', 'ledger', 'tsa', 'disk'] as const
export type Component = (typeof COMPONENTS)[number]

/** How one of them is: the code says why not, for instance `STORE_UNAVAILABLE`, `NO_ANSWER`, `DISK_FULL`. */
export interface ComponentState {
  readonly status: 'ok' | 'failed'
  readonly code?: string
  /** Of the disk. */
  readonly freeBytes?: number
}

/** Whether requests can be served, and if not, what is in the way. Names nobody: everybody may ask. */
export interface Readiness {
  /** The worst: `failed`: a component does not answer; `damaged`: the ledger's chain is; `waiting`: uses wait for it. */
  readonly status: 'ok' | 'waiting' | 'damaged' | 'failed'
  readonly components: Readonly<Record<Component, ComponentState>>
  /** Of the embedded ledger's check at the start. */
  readonly chain: string
  readonly waiting: readonly { readonly code: string; readonly uses: number }[]
}

/** What is looked at. */
export interface ReadinessParts {
  readonly env: Pick<Surroundings, 'store' | 'ledger' | 'timestampAuthorities'>
  readonly notarizer: Pick<Notarizer, 'troubles'>
  readonly chainCheck?: Pick<ChainCheck, 'state'> | undefined
  /** The data folder, and how much must be free there; without it the disk counts as well. */
  readonly disk?: { readonly folder: string; readonly minFreeBytes: number } | undefined
  /** Told of each failure with all that is known of it. */
  readonly onFailure: (component: Component, error: unknown) => void
}

/** A component that takes longer does not answer. */
const PATIENCE_MS = 5000
/** Everybody may ask: more often than this the last answer is given again. */
const FRESH_SECONDS = 2

/**
 * Looks at each component by really using it: a record is written, the ledger is asked, a token is made, the disk's room is
 * read.
 */
export function readinessOf(parts: ReadinessParts): () => Promise<Readiness> {
  let last: { readonly age: () => number; readonly answer: Promise<Readiness> } | undefined
  return () => {
    if (last === undefined || last.age() > FRESH_SECONDS) last = { age: stopwatch(), answer: look(parts) }
    return last.answer
  }
}

async function look(parts: ReadinessParts): Promise<Readiness> {
  const states = await Promise.all(COMPONENTS.map((one) => stateOf(parts, one)))
  const components = Object.fromEntries(COMPONENTS.map((one, i) => [one, states[i]])) as Readiness['components']
  const waiting = parts.notarizer.troubles().map(({ code, waiting: uses }) => ({ code, uses }))
  const chain = parts.chainCheck?.state ?? 'ok'
  const failed = states.some(({ status }) => status === 'failed')
  const status = failed ? 'failed' : chain === 'damaged' ? 'damaged' : waiting.length > 0 ? 'waiting' : 'ok'
  return { status, components, chain, waiting }
}

async function stateOf(parts: ReadinessParts, component: Component): Promise<ComponentState> {
  try {
    return await inTime(LOOKS[component](parts))
  } catch (error) {
    parts.onFailure(component, error)
    const { code } = error as { readonly code?: unknown }
    return { status: 'failed', code: typeof code === 'string' ? code : 'INTERNAL' }
  }
}

const OK: ComponentState = { status: 'ok' }

const LOOKS: Readonly<Record<Component, (parts: ReadinessParts) => Promise<ComponentState>>> = {
  async store({ env: { store } }) {
    const value = { probe: randomUUID() }
    const found = await store.get('settings', 'ready')
    if (found === undefined) await store.insert('settings', 'ready', value)
    else await store.replace('settings', 'ready', found.version, value)
    return OK
  },
  async ledger({ env: { ledger } }) {
    await ledger.institutions()
    return OK
  },
  async tsa({ env: { timestampAuthorities } }) {
    if (timestampAuthorities.length === 0) return { status: 'failed', code: 'TIMESTAMP_AUTHORITY_MISSING' }
    // The first that answers is the one that seals get.
    await Promise.any(timestampAuthorities.map((tsa) => tsa.token(new Uint8Array(randomBytes(32))))).catch((cause) => {
      throw cause instanceof AggregateError ? cause.errors[0] : cause
    })
    return OK
  },
  async disk({ disk }) {
    if (disk === undefined) return OK
    const { bavail, bsize } = await statfs(disk.folder)
    const freeBytes = bavail * bsize
    return freeBytes < disk.minFreeBytes
      ? { status: 'failed', code: 'DISK_FULL', freeBytes }
      : { status: 'ok', freeBytes }
  },
}

async function inTime(work: Promise<ComponentState>): Promise<ComponentState> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ComponentState>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'failed', code: 'NO_ANSWER' }), PATIENCE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
