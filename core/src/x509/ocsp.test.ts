import { certificateWith, issue, NOW, type TestCertificate } from '../../test/pki'
import { boolean, context, enumerated, namedBits, nullValue, octetString, oid, sequence } from '../encode/der-write'
import { type OcspRequest, ocspAnswer } from '../testing/ocsp'
import { extension } from './build'
import { EXTENSION } from './extensions'
import { parseOcspResponse } from './ocsp'
import { type RevocationSources, type RevocationStatus, statusOf } from './revocation'

const DAY = 24 * 3600 * 1000
const days = (count: number) => new Date(NOW.getTime() + count * DAY)
const SIGNING = '1.3.6.1.5.5.7.3.9'

let ca: TestCertificate
let leaf: TestCertificate
let responder: TestCertificate
beforeAll(async () => {
  ca = await issue('CA', 'ca')
  leaf = await issue('Seal', 'seal', { issuer: ca })
  responder = await certificateWith('Responder', responderExtensions(), { issuer: ca })
})

function responderExtensions(use = SIGNING) {
  return [
    extension(EXTENSION.keyUsage, 'critical', namedBits([0])),
    extension(EXTENSION.extendedKeyUsage, 'non-critical', sequence(oid(use))),
    extension(EXTENSION.ocspNoCheck, 'non-critical', nullValue()),
  ]
}

const by = ({ certificate, key }: TestCertificate) => ({ certificate, signer: key })

const answer = (changes: Partial<OcspRequest> = {}) =>
  ocspAnswer({
    certificate: leaf.certificate,
    issuer: ca.certificate,
    responder: by(responder),
    producedAt: NOW,
    nextUpdate: days(1),
    ...changes,
  })

async function status(der: Uint8Array, changes: Partial<RevocationSources> = {}): Promise<RevocationStatus> {
  const answers = [{ what: parseOcspResponse(der), knownAt: NOW }]
  const sources = { crls: [], answers, others: [], anchors: [ca.certificate], at: NOW, now: NOW }
  return statusOf(leaf.certificate, ca.certificate, { ...sources, ...changes })
}

const ABSENT = { kind: 'unknown', why: 'absent' }
const STALE = { kind: 'unknown', why: 'stale' }

describe('an OCSP answer', () => {
  it('tells that a certificate is good, by the issuer or by whom it delegated to', async () => {
    const good = { kind: 'good', by: 'ocsp', issuedAt: NOW, validUntil: days(1) }
    expect(await status(await answer())).toEqual(good)
    expect(await status(await answer({ responder: by(ca) }))).toEqual(good)
  })

  it('tells that it was revoked, when and why', async () => {
    const revokedAt = days(-3)
    expect(await status(await answer({ revokedAt, reason: 1 }))).toMatchObject({
      kind: 'revoked',
      revokedAt,
      reason: 'keyCompromise',
    })
  })

  it('tells that it was revoked even once it is old, but of a hold only while it is current', async () => {
    const old = { producedAt: days(-9), nextUpdate: days(-8), revokedAt: days(-10) }
    expect(await status(await answer({ ...old, reason: 4 }))).toMatchObject({ kind: 'revoked', reason: 'superseded' })
    expect(await status(await answer({ ...old, reason: 6 }))).toEqual(STALE)
    expect(await status(await answer({ revokedAt: days(-1), reason: 6 }))).toMatchObject({ kind: 'revoked' })
  })

  it('made since a time tells of that time, however old it is by now', async () => {
    const der = await answer({ producedAt: days(2), nextUpdate: days(3) })
    expect(await status(der, { at: NOW, now: days(900) })).toMatchObject({ kind: 'good' })
    expect(await status(der, { at: days(4), now: days(900) })).toEqual(STALE)
  })

  it('without a next update is current for a day', async () => {
    const der = await answer({ nextUpdate: undefined })
    expect(await status(der, { at: days(0.5), now: days(0.5) })).toMatchObject({ kind: 'good' })
    expect(await status(der, { at: days(2), now: days(2) })).toEqual(STALE)
  })

  it('from the future is not believed', async () => {
    expect(await status(await answer({ producedAt: days(1), nextUpdate: days(2) }))).toEqual(ABSENT)
  })

  it('made after the certificate expired tells of it only if such are kept', async () => {
    const short = await issue('Seal', 'seal', { issuer: ca, notAfter: days(10) })
    const ask = async (archiveCutoff?: Date) => {
      const changes = { certificate: short.certificate, producedAt: days(20), nextUpdate: days(21), archiveCutoff }
      const what = parseOcspResponse(await answer(changes))
      const answers = [{ what, knownAt: days(20) }]
      const sources = { crls: [], answers, others: [], anchors: [ca.certificate], at: days(5), now: days(30) }
      return statusOf(short.certificate, ca.certificate, sources)
    }
    expect(await ask()).toEqual(STALE)
    expect(await ask(days(11))).toEqual(STALE)
    expect(await ask(days(-100))).toMatchObject({ kind: 'good' })
  })
})

describe('an OCSP answer says nothing', () => {
  it('by a responder that is not the issuer’s, or not for that', async () => {
    const other = await issue('CA', 'ca')
    const foreign = await certificateWith('Responder', responderExtensions(), { issuer: other })
    const leafAsResponder = await issue('Responder', 'seal', { issuer: ca })
    const forTls = await certificateWith('Responder', responderExtensions('1.3.6.1.5.5.7.3.1'), { issuer: ca })
    for (const one of [other, foreign, leafAsResponder, forTls]) {
      expect(await status(await answer({ responder: by(one) }))).toEqual(ABSENT)
    }
  })

  it('by a responder whose certificate had expired when the answer was known', async () => {
    const expired = await certificateWith('Responder', responderExtensions(), { issuer: ca, notAfter: days(-1) })
    expect(await status(await answer({ responder: by(expired) }))).toEqual(ABSENT)
  })

  it('by a responder that is to be checked and cannot be', async () => {
    const point = extension(EXTENSION.crlDistributionPoints, 'non-critical', sequence(sequence()))
    const checked = await certificateWith('Responder', [...responderExtensions().slice(0, 2), point], { issuer: ca })
    expect(await status(await answer({ responder: by(checked) }))).toEqual(ABSENT)
  })

  it('of another certificate or another issuer’s key', async () => {
    const second = await issue('Seal', 'seal', { issuer: ca })
    expect(await status(await answer({ certificate: second.certificate }))).toEqual(ABSENT)
    expect(await status(await answer({ ofKey: leaf.key.spki }))).toEqual(ABSENT)
  })

  it('whose signature is another', async () => {
    const forged = { certificate: responder.certificate, signer: leaf.key }
    expect(await status(await answer({ responder: forged }))).toEqual(ABSENT)
  })
})

describe('parseOcspResponse refuses', () => {
  const code = (der: Uint8Array) => {
    try {
      parseOcspResponse(der)
      return 'accepted'
    } catch (error) {
      return (error as { code?: string }).code
    }
  }

  it('an error in place of an answer, another type, and what is none', async () => {
    expect(code(sequence(enumerated(6)))).toBe('OCSP_INVALID')
    const other = sequence(oid('1.2.3'), octetString(sequence()))
    expect(code(sequence(enumerated(0), context(0, other)))).toBe('OCSP_INVALID')
    expect(code(boolean(true))).toBe('OCSP_INVALID')
    expect(code(new Uint8Array())).toBe('OCSP_INVALID')
    expect(code(new Uint8Array(1 << 18))).toBe('OCSP_INVALID')
  })
})
