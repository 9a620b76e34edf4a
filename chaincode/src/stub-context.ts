import { digestOf, EncodingError, fromUtf8, type InstitutionId, type Time } from '@cinnabar/core'
import type { Transaction } from './rules/context'
import { RuleError } from './rules/errors'
import { APPEND_EVENT, type State } from './rules/state'

/** What the shell uses of fabric-shim's stub. */
export interface Stub {
  getTxID(): string
  getChannelID(): string
  getBufferArgs(): readonly Uint8Array[]
  getTransient(): ReadonlyMap<string, Uint8Array>
  getTxTimestamp(): { readonly seconds: { toNumber(): number }; readonly nanos: number }
  getState(key: string): Promise<Uint8Array>
  putState(key: string, value: Uint8Array): Promise<void>
  getStateByRange(start: string, end: string): AsyncIterable<{ readonly key: string; readonly value: Uint8Array }>
  setEvent(name: string, payload: Uint8Array): void
}

/** Who calls, as the peer has checked it. */
export interface Identity {
  getMSPID(): string
  /** An attribute that the CA wrote into the certificate. */
  getAttributeValue(name: string): string | null
  /** The certificate's SubjectPublicKeyInfo, DER. */
  getKey(): Uint8Array
}

/** Transaction and peer may differ by this much; core's rules allow a token as much. */
export const MAX_CLOCK_SKEW_MS = 300_000

/** The rules' state over the stub; sets the transaction's event when an append's record is written. */
export function stateOf(stub: Stub): State {
  return {
    get: async (key) => {
      const value = await stub.getState(key)
      return value.length === 0 ? undefined : plain(value)
    },
    put: async (key, value) => {
      await stub.putState(key, value)
      if (key.startsWith('append/')) stub.setEvent(APPEND_EVENT, value)
    },
    range: async function* (start, end) {
      for await (const { key, value } of stub.getStateByRange(start, end)) yield [key, plain(value)] as const
    },
  }
}

/**
 * The transaction as the rules see it.
 * @throws {@link RuleError} `CLOCK_SKEW` when its time, which is the client's word, is more than five minutes from
 * `now`. A refusal may depend on this peer's clock; what is written never does.
 */
export function transactionOf(stub: Stub, identity: Identity, now: number): Transaction {
  const role = identity.getAttributeValue('role')
  return {
    id: stub.getTxID(),
    time: timeOf(stub, now),
    channel: stub.getChannelID(),
    caller: {
      institution: identity.getMSPID() as InstitutionId,
      key: digestOf(identity.getKey()),
      ...(role === null ? {} : { role }),
    },
  }
}

/** The called function and its arguments. @throws {@link RuleError} `ARGUMENT_INVALID` when one is not UTF-8. */
export function callOf(stub: Stub): { readonly name: string; readonly args: readonly string[] } {
  try {
    const [name = '', ...args] = stub.getBufferArgs().map((bytes) => fromUtf8(bytes))
    return { name, args }
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    throw new RuleError('ARGUMENT_INVALID', 'an argument is not UTF-8', {}, cause)
  }
}

function timeOf(stub: Stub, now: number): Time {
  const { seconds, nanos } = stub.getTxTimestamp()
  const skewMs = Math.round(seconds.toNumber() * 1000 + nanos / 1e6 - now)
  if (!(Math.abs(skewMs) <= MAX_CLOCK_SKEW_MS && nanos >= 0 && nanos < 1e9)) {
    const details = { skewMs, maxSkewMs: MAX_CLOCK_SKEW_MS }
    throw new RuleError('CLOCK_SKEW', `the transaction's time is ${skewMs} ms from this peer's clock`, details)
  }
  const whole = new Date(seconds.toNumber() * 1000).toISOString().slice(0, 19)
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '')
  return `${whole}${fraction === '' ? '' : '.'}${fraction}Z` as Time
}

/** The shim gives Buffers, whose `slice` shares memory; the rules expect plain arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
