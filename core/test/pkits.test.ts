import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, parseCertificate } from '../src/x509/certificate'
import { type Crl, parseCrl } from '../src/x509/crl'
import { validatePath } from '../src/x509/path'
import type { PolicyWishes } from '../src/x509/path-policies'
import { pathRevocation } from '../src/x509/revocation'
import { X509Error } from '../src/x509/x509-error'
import { NOT_SUPPORTED, POLICY_CASES } from './pkits-table'

// NIST's Public Key Interoperability Test Suite, which npm test puts into the cache. On CI it is never missing.
const FOLDER = join(process.env.CINNABAR_CACHE || join(homedir(), '.cache', 'cinnabar'), 'pkits')
const present = existsSync(join(FOLDER, 'certs'))
const AT = new Date('2025-06-01T00:00:00Z')

/** What cannot be read is left out, as a verifier leaves it out. */
function readAll<T>(kind: 'certs' | 'crls', read: (der: Uint8Array) => T): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const name of present ? readdirSync(join(FOLDER, kind)) : []) {
    try {
      found.set(name.replace(/\.[a-z]+$/, ''), read(new Uint8Array(readFileSync(join(FOLDER, kind, name)))))
    } catch (refusal) {
      if (!(refusal instanceof X509Error)) throw refusal
    }
  }
  return found
}

const certificates = readAll<Certificate>('certs', parseCertificate)
const crls = readAll<Crl>('crls', parseCrl)
const others = [...certificates].flatMap(([name, one]) => (name.endsWith('EE') ? [] : [one]))
const anchor = certificates.get('TrustAnchorRootCertificate')

async function verdict(name: string, policies: PolicyWishes = {}): Promise<'valid' | 'invalid'> {
  const leaf = certificates.get(name)
  if (leaf === undefined || anchor === undefined) return 'invalid'
  const anchors = [anchor]
  const path = await validatePath({ leaf, others, anchors, at: AT, purpose: 'any', policies })
  if (!path.ok) return 'invalid'
  const known = [...crls.values()].map((what) => ({ what, knownAt: AT }))
  const statuses = await pathRevocation(path.chain, { crls: known, answers: [], others, anchors, at: AT, now: AT })
  return statuses.every(({ status }) => status.kind === 'good') ? 'valid' : 'invalid'
}

const plain = present
  ? readdirSync(join(FOLDER, 'certs'))
      .map((name) => name.replace('.crt', ''))
      .filter((name) => /^(Valid|Invalid)/.test(name))
  : []
const opposite = { valid: 'invalid', invalid: 'valid' } as const

describe('PKITS', () => {
  it('is here where nothing may be left out, and whole', () => {
    if (process.env.CI === 'true') expect(present).toBe(true)
    // Two certificates whose signatures were spoiled by cutting bits off are none any more.
    if (present) expect([plain.length, certificates.size]).toEqual([203, 403])
  })

  it.each(plain)('%s', async (name) => {
    const wanted = name.startsWith('Valid') ? 'valid' : 'invalid'
    expect(await verdict(name)).toBe(NOT_SUPPORTED[name] === undefined ? wanted : opposite[wanted])
  })

  const settings = present ? POLICY_CASES : []
  it.each(settings.map((row) => [row[0], JSON.stringify(row[1]), row] as const))('%s with %s', async (_, __, row) => {
    const [name, wishes, expected] = row
    expect(await verdict(name, wishes)).toBe(expected)
  })
})
