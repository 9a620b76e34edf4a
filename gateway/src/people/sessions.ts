import { createSecretKey, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { utf8 } from '@cinnabar/core'
import { type JwtPayload, sign, TokenExpiredError, verify } from 'jsonwebtoken'
import type { Clock } from '../clock'
import { writeOnce } from '../store/whole-file'
import { PeopleError } from './people-error'

/** Who made the token and for whom: a token of another service with the same secret is none of ours. */
const ISSUER = 'cinnabar'
const AUDIENCE = 'cinnabar-gateway'
const ALGORITHM = 'HS256'
const SECRET_BYTES = 32

/** The log-in that an access token belongs to. What its user may do is looked up, not carried. */
export interface LogIn {
  readonly user: string
  /** The refresh tokens that it goes on by. */
  readonly family: string
  /** The user's at the log-in. */
  readonly generation: number
}

/** Short-lived access tokens. */
export interface Sessions {
  /** @returns a JWT, and how long it lasts. */
  open(logIn: LogIn): { readonly token: string; readonly expiresInSeconds: number }
  /**
   * @throws {@link PeopleError} `SESSION_EXPIRED`; `SESSION_INVALID` for everything else that is not ours as we wrote it.
   */
  read(token: string): LogIn
}

/** @param minutes - 15 to 60. */
export function sessions(secret: Uint8Array, clock: Clock, minutes: number): Sessions {
  // Of bytes, jsonwebtoken would find out at each request, through an OpenSSL error, that they are no public key: 0.5 ms of CPU.
  const key = createSecretKey(secret)
  const expiresInSeconds = minutes * 60
  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  return {
    open({ user, family, generation }) {
      const iat = seconds()
      const claims = { sub: user, sid: family, gen: generation, iat, exp: iat + expiresInSeconds }
      const token = sign({ ...claims, iss: ISSUER, aud: AUDIENCE }, key, { algorithm: ALGORITHM })
      return { token, expiresInSeconds }
    },
    read(token) {
      const clockTimestamp = seconds()
      try {
        return claimsOf(
          verify(token, key, { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, clockTimestamp }),
        )
      } catch (cause) {
        if (cause instanceof PeopleError) throw cause
        const expired = cause instanceof TokenExpiredError
        throw new PeopleError(expired ? 'SESSION_EXPIRED' : 'SESSION_INVALID', 'the log-in does not count', {}, cause)
      }
    },
  }
}

function claimsOf(payload: string | JwtPayload): LogIn {
  const { sub, sid, gen } = typeof payload === 'string' ? ({} as JwtPayload) : payload
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Number.isSafeInteger(gen)) {
    throw new PeopleError('SESSION_INVALID', 'the log-in names nobody')
  }
  return { user: sub, family: sid, generation: gen }
}

/** The secret in `file`, made at the first start: 32 random bytes, hexadecimal, readable by the owner only. */
export async function sessionSecret(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) await writeOnce(file, utf8(randomBytes(SECRET_BYTES).toString('hex')), 0o600)
  const text = (await readFile(file, 'utf8')).trim()
  if (/^[0-9a-f]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  throw new PeopleError('SESSION_INVALID', `${file} does not hold a secret of 32 bytes in hexadecimal`)
}
