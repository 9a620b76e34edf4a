import { createSecretKey, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type InstitutionId, utf8 } from '@cinnabar/core'
import { type JwtPayload, sign, TokenExpiredError, verify } from 'jsonwebtoken'
import type { Clock } from '../clock'
import { writeOnce } from '../store/whole-file'
import { PeopleError } from './people-error'
import { type Person, ROLES, type Role } from './users'

/** Who made the token and for whom: a token of another service with the same secret is none of ours. */
const ISSUER = 'cinnabar'
const AUDIENCE = 'cinnabar-gateway'
const ALGORITHM = 'HS256'
const SECRET_BYTES = 32

/** One short-lived token for each log-in. */
export interface Sessions {
  /** @returns a JWT, and how long it lasts. */
  open(person: Person): { readonly token: string; readonly expiresInSeconds: number }
  /**
   * @throws {@link PeopleError} `SESSION_EXPIRED`; `SESSION_INVALID` for everything else that is not ours as we wrote it.
   */
  person(token: string): Person
}

/** @param minutes - 15 to 60. */
export function sessions(secret: Uint8Array, clock: Clock, minutes: number): Sessions {
  // Of bytes, jsonwebtoken would find out at each request, through an OpenSSL error, that they are no public key: 0.5 ms of CPU.
  const key = createSecretKey(secret)
  const expiresInSeconds = minutes * 60
  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  return {
    open({ user, institution, roles }) {
      const iat = seconds()
      const claims = { sub: user, institution, roles, iat, exp: iat + expiresInSeconds, iss: ISSUER, aud: AUDIENCE }
      return { token: sign(claims, key, { algorithm: ALGORITHM }), expiresInSeconds }
    },
    person(token) {
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

function claimsOf(payload: string | JwtPayload): Person {
  const { sub, institution, roles } = typeof payload === 'string' ? ({} as JwtPayload) : payload
  const known = Array.isArray(roles) && roles.every((role) => ROLES.includes(role))
  if (typeof sub !== 'string' || typeof institution !== 'string' || !known) {
    throw new PeopleError('SESSION_INVALID', 'the log-in names nobody')
  }
  return { user: sub, institution: institution as InstitutionId, roles: roles as readonly Role[] }
}

/** The secret in `file`, made at the first start: 32 random bytes, hexadecimal, readable by the owner only. */
export async function sessionSecret(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) await writeOnce(file, utf8(randomBytes(SECRET_BYTES).toString('hex')), 0o600)
  const text = (await readFile(file, 'utf8')).trim()
  if (/^[0-9a-f]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  throw new PeopleError('SESSION_INVALID', `${file} does not hold a secret of 32 bytes in hexadecimal`)
}
