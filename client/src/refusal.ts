import type { Problem } from './api'

/** What the service refused, in its words: RFC 9457. */
export class Refusal extends Error {
  /** For programs; it stays. A body that is no problem of ours gives `HTTP_` and the status. */
  readonly code: string
  readonly status: number
  /** What the caller can do. */
  readonly advice: string
  /** To be told to the operator. */
  readonly requestId: string
  readonly facts: Readonly<Record<string, string | number>>

  constructor(status: number, { code, detail = '', advice = '', requestId = '', facts = {} }: Partial<Problem>) {
    super(detail === '' ? `the service answered ${status}` : detail)
    this.name = 'Refusal'
    this.code = code ?? `HTTP_${status}`
    this.status = status
    this.advice = advice
    this.requestId = requestId
    this.facts = facts
  }
}
