import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** 32 random bytes. */
export function newWebhookSecret(): Uint8Array {
  return new Uint8Array(randomBytes(SECRET_BYTES))
}

/** As its holder keeps it: `whsec_` and base64. */
export function secretText(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString('base64')
}

/** What is sent, and when. */
export interface Signed {
  readonly id: string
  /** Seconds since 1970. */
  readonly seconds: number
  readonly body: string
}

/**
 * The headers of Standard Webhooks 1.0 (standardwebhooks.com): a `v1` signature is the HMAC-SHA256 over
 * `ID.SECONDS.BODY` in base64.
 * @param secrets - in force; while one follows another both sign, and the receiver may know either.
 */
export function signatureHeaders(signed: Signed, secrets: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const { id, seconds, body } = signed
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`, 'utf8')
    return `v1,${mac.digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}
