import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What tells refresh tokens and keys from each other and from everything else; logs hide all that begins so. */
const PREFIX = { refresh: 'cinnabar_refresh_', key: 'cinnabar_key_' } as const
export type SecretKind = keyof typeof PREFIX

/** A record's id with the secret that proves the right to it. */
export interface Presented {
  readonly id: string
  readonly secret: string
}

/** 32 hexadecimal digits. */
export function newId(): string {
  return randomBytes(16).toString('hex')
}

/** 32 random bytes, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The text that its holder keeps. */
export function textOf(kind: SecretKind, { id, secret }: Presented): string {
  return `${PREFIX[kind]}${id}_${secret}`
}

/** @returns undefined for a text of another form. */
export function presentedIn(kind: SecretKind, text: string): Presented | undefined {
  if (!text.startsWith(PREFIX[kind])) return undefined
  const [, id, secret] = /^([0-9a-f]{32})_([\w-]{43})$/.exec(text.slice(PREFIX[kind].length)) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** What is kept of a secret: its SHA-256. It has 256 random bits, so that nothing slower is needed. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Whether the secret is the one that was kept, in the same time for any. */
export function isSecret(secret: string, kept: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(kept, 'hex'))
}
