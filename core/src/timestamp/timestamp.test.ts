import { issue, NOW, p256Key, refusal, type TestCertificate } from '../../test/pki'
import { CMS_OID } from '../cms/cms-oids'
import { encodeSignedData, signAttributes } from '../cms/sign'
import type { Der } from '../encode/der'
import {
  boolean,
  context,
  generalizedTime,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  sequence,
  tlv,
  utf8String,
} from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import { extension } from '../x509/build'
import { buildTimestampRequest, FAILURE_BITS, parseTimestampRequest } from './request'
import { type Authority, rejectTimestamp, respondTo } from './respond'
import { readTimestampResponse } from './response'
import { isOver, parseToken } from './token'
import { verifyToken } from './verify-token'

const POLICY = '1.3.6.1.4.1.99999.1.1'
const SHA256 = '2.16.840.1.101.3.4.2.1'
const imprint = sha256(new Uint8Array(3))
/** As an INTEGER writes it: a leading zero before the high bit. */
const nonce = Uint8Array.of(0, 0x91, 2, 3, 4, 5, 6, 7)
const request = buildTimestampRequest({ imprint, nonce })

let ca: TestCertificate
let tsa: TestCertificate
beforeAll(async () => {
  ca = await issue('TSA root', 'ca')
  tsa = await issue('TSA', 'tsa', { issuer: ca })
})

const authority = (changes: Partial<Authority> = {}): Authority => ({
  signer: tsa.key,
  certificate: tsa.der,
  chain: [ca.der],
  policy: POLICY,
  at: new Date('2026-11-22T03:04:05.120Z'),
  serial: Uint8Array.of(0x91, 1),
  ...changes,
})
const tokenFor = async (req: Uint8Array, changes: Partial<Authority> = {}) =>
  parseToken(readTimestampResponse(await respondTo(req, authority(changes)), req))

/** A token of our TSA over any TSTInfo. */
async function tokenOver(
  info: Der,
  by: TestCertificate = tsa,
  contentType: string = CMS_OID.timestampInfo,
): Promise<Der> {
  const draft = await signAttributes({ certificate: by.der, contentType, messageDigest: sha256(info) }, by.key)
  return encodeSignedData(draft, { certificates: [by.der], content: info })
}

const messageImprint = (algorithm: string = SHA256, digest: Uint8Array = imprint) =>
  sequence(sequence(oid(algorithm), nullValue()), octetString(digest))
interface InfoParts {
  readonly version?: Der
  readonly time?: Der
  readonly imprint?: Der
  readonly tail?: readonly Der[]
}
const infoOf = ({ version = integer(1), time = generalizedTime(NOW), tail = [], ...parts }: InfoParts) =>
  sequence(version, oid(POLICY), parts.imprint ?? messageImprint(), integer(1), time, ...tail)

describe('a token', () => {
  it('answers a request to the digit, and proves its time to who trusts the TSA or its CA', async () => {
    const token = await tokenFor(request, { accuracyMs: 2001 })
    expect(token).toMatchObject({
      policy: POLICY,
      imprint: { oid: SHA256, digest: imprint },
      serial: Uint8Array.of(0, 0x91, 1),
      genTime: new Date('2026-11-22T03:04:05.120Z'),
      genTimeText: '2026-11-22T03:04:05.12Z',
      accuracyMs: 2001,
      nonce,
    })
    expect(token.certificates).toHaveLength(2)
    expect(isOver(token, { oid: SHA256, digest: imprint })).toBe(true)
    expect(isOver(token, { oid: SHA256, digest: sha256(imprint) })).toBe(false)
    for (const trusted of [ca, tsa]) {
      const check = await verifyToken(token, { imprint, certificates: [trusted.certificate], at: NOW })
      expect(check).toMatchObject({ ok: true, genTime: token.genTime, tsa: { der: tsa.der } })
    }
  })

  it('comes without certificates when none are asked for, and is still verified by a pinned one', async () => {
    const bare = sequence(integer(1), messageImprint())
    const token = await tokenFor(bare)
    expect(token.certificates).toEqual([])
    expect(token.nonce).toBeUndefined()
    expect(token.accuracyMs).toBeUndefined()
    expect(await verifyToken(token, { imprint, certificates: [tsa.certificate] })).toMatchObject({ ok: true })
    expect(await verifyToken(token, { imprint, certificates: [ca.certificate] })).toMatchObject({
      ok: false,
      code: 'TIMESTAMP_CERTIFICATE_MISSING',
    })
  })

  it('keeps more digits than a Date does', async () => {
    const time = tlv(0x18, new TextEncoder().encode('20261122030405.123456789Z'))
    expect(parseToken(await tokenOver(infoOf({ time }))).genTimeText).toBe('2026-11-22T03:04:05.123456789Z')
  })

  it('may carry ordering, a TSA name and extensions that are not critical', async () => {
    const tail = [
      boolean(true),
      context(0, context(4, sequence())),
      context(1, extension('1.2.3', 'non-critical', nullValue())),
    ]
    expect(parseToken(await tokenOver(infoOf({ tail }))).nonce).toBeUndefined()
  })
})

describe('verifyToken refuses', () => {
  const check = async (token: Der, changes: Partial<Parameters<typeof verifyToken>[1]> = {}) => {
    const result = await verifyToken(parseToken(token), { imprint, certificates: [ca.certificate], ...changes })
    return result.ok ? 'OK' : [result.code, result.reason].filter(Boolean).join(' ')
  }

  it('a token over something else, or over the digest by another algorithm of another length', async () => {
    const token = await tokenOver(infoOf({}))
    expect(await check(token)).toBe('OK')
    expect(await check(token, { imprint: sha256(imprint) })).toBe('TIMESTAMP_IMPRINT_MISMATCH')
    const short = await tokenOver(infoOf({ imprint: messageImprint('2.16.840.1.101.3.4.2.3') }))
    expect(await check(short)).toBe('TIMESTAMP_IMPRINT_MISMATCH')
    const sha1 = await tokenOver(infoOf({ imprint: messageImprint('1.3.14.3.2.26') }))
    expect(await check(sha1)).toBe('TIMESTAMP_IMPRINT_MISMATCH')
  })

  it('a token from the future, its accuracy allowed for', async () => {
    const token = await tokenOver(infoOf({ tail: [sequence(integer(1))] }))
    expect(await check(token, { at: new Date(NOW.getTime() - 1000) })).toBe('OK')
    expect(await check(token, { at: new Date(NOW.getTime() - 1001) })).toBe('TIMESTAMP_IN_FUTURE')
  })

  it('a TSA that is not trusted', async () => {
    const other = await issue('TSA root', 'ca')
    const token = await tokenOver(infoOf({}))
    expect(await check(token, { certificates: [other.certificate] })).toBe('TIMESTAMP_UNTRUSTED PATH_SIGNATURE_INVALID')
    expect(await check(token, { certificates: [] })).toBe('TIMESTAMP_UNTRUSTED PATH_NOT_FOUND')
  })

  it('a seal certificate in the place of a TSA, though its CA is trusted', async () => {
    const seal = await issue('Seal', 'seal', { issuer: ca })
    expect(await check(await tokenOver(infoOf({}), seal))).toBe('TIMESTAMP_UNTRUSTED LEAF_EXTENDED_KEY_USAGE')
  })

  it('a TSA whose certificate had expired at genTime or was still to come', async () => {
    const early = generalizedTime(new Date('2025-12-31T23:59:59Z'))
    expect(await check(await tokenOver(infoOf({ time: early })))).toBe('TIMESTAMP_UNTRUSTED CERTIFICATE_NOT_YET_VALID')
    const short = await issue('TSA', 'tsa', { issuer: ca, notAfter: new Date('2026-02-01T00:00:00Z') })
    expect(await check(await tokenOver(infoOf({}), short))).toBe('TIMESTAMP_UNTRUSTED CERTIFICATE_EXPIRED')
  })

  it('a signature by another key in the name of the TSA', async () => {
    const thief = { ...tsa, key: p256Key() }
    expect(await check(await tokenOver(infoOf({}), thief))).toBe('TIMESTAMP_SIGNATURE_INVALID SIGNATURE_INVALID')
  })

  it('every token with a flipped byte that changes what it says', async () => {
    const token = await tokenOver(infoOf({ tail: [integer(77)] }))
    const whole = parseToken(token)
    const accepted: number[] = []
    for (let i = 0; i < token.length; i++) {
      const damaged = token.slice()
      damaged[i] ^= 0x01
      try {
        const read = parseToken(damaged)
        const result = await verifyToken(read, { imprint, certificates: [ca.certificate] })
        if (result.ok && read.genTimeText !== whole.genTimeText) accepted.push(i)
        if (result.ok) expect(read.info).toEqual(whole.info)
      } catch (error) {
        expect((error as { code: string }).code).toBe('TIMESTAMP_INVALID')
      }
    }
    expect(accepted).toEqual([])
  })
})

describe('parseToken refuses', () => {
  it.each<[string, () => Promise<Uint8Array>]>([
    ['nothing', async () => new Uint8Array()],
    ['a large one unread', async () => new Uint8Array(300000)],
    ['another content type', () => tokenOver(infoOf({}), tsa, CMS_OID.data)],
    [
      'a token without content',
      async () => {
        const draft = await signAttributes(
          { certificate: tsa.der, contentType: CMS_OID.timestampInfo, messageDigest: imprint },
          tsa.key,
        )
        return encodeSignedData(draft, { certificates: [] })
      },
    ],
    ['version 2', () => tokenOver(infoOf({ version: integer(2) }))],
    ['a local time', () => tokenOver(infoOf({ time: tlv(0x18, new TextEncoder().encode('20261122030405+0800')) }))],
    ['a UTCTime', () => tokenOver(infoOf({ time: tlv(0x17, new TextEncoder().encode('261122030405Z')) }))],
    ['an accuracy of 1000 ms', () => tokenOver(infoOf({ tail: [sequence(tlv(0x80, Uint8Array.of(3, 0xe8)))] }))],
    ['a negative accuracy', () => tokenOver(infoOf({ tail: [sequence(tlv(0x80, Uint8Array.of(0xff)))] }))],
    [
      'a critical extension',
      () => tokenOver(infoOf({ tail: [context(1, extension('1.2.3', 'critical', nullValue()))] })),
    ],
    ['something behind the rest', () => tokenOver(infoOf({ tail: [utf8String('x')] }))],
  ])('%s', async (_, make) => {
    const bytes = await make()
    expect((await refusal(() => parseToken(bytes))).code).toBe('TIMESTAMP_INVALID')
  })
})

describe('a request', () => {
  it('is read as written', () => {
    const { imprintDer, ...rest } = parseTimestampRequest(buildTimestampRequest({ imprint, nonce, policy: POLICY }))
    expect(imprintDer).toEqual(messageImprint())
    expect(rest).toEqual({
      imprint: { oid: SHA256, digest: imprint },
      policy: POLICY,
      nonce,
      certReq: true,
    })
  })

  it.each([
    ['an imprint of 31 bytes', { imprint: imprint.subarray(1), nonce }],
    ['a nonce of 7 bytes', { imprint, nonce: nonce.subarray(1) }],
    ['a nonce of 17 bytes', { imprint, nonce: new Uint8Array(17) }],
  ])('is not written with %s', async (_, query) => {
    expect((await refusal(() => buildTimestampRequest(query))).code).toBe('TIMESTAMP_REQUEST_INVALID')
  })

  it.each<[string, string, Der]>([
    ['SHA-1', 'badAlg', sequence(integer(1), messageImprint('1.3.14.3.2.26', imprint.subarray(12)))],
    ['MD5', 'badAlg', sequence(integer(1), messageImprint('1.2.840.113549.2.5', imprint.subarray(16)))],
    [
      'a digest of the wrong length',
      'badDataFormat',
      sequence(integer(1), messageImprint(SHA256, imprint.subarray(1))),
    ],
    ['version 2', 'badRequest', sequence(integer(2), messageImprint())],
    [
      'an extension',
      'unacceptedExtension',
      sequence(integer(1), messageImprint(), context(0, extension('1.2.3', 'non-critical', nullValue()))),
    ],
    ['a nonce of 40 bytes', 'badRequest', sequence(integer(1), messageImprint(), integer(new Uint8Array(40).fill(1)))],
    ['another order', 'badDataFormat', sequence(integer(1), messageImprint(), boolean(true), integer(1))],
    ['garbage', 'badDataFormat', Uint8Array.of(1, 2, 3)],
    ['5 KB', 'badDataFormat', octetString(new Uint8Array(5000))],
    ['another policy', 'unacceptedPolicy', buildTimestampRequest({ imprint, nonce, policy: '1.2.3' })],
  ])('with %s is answered with %s', async (_, failInfo, bad) => {
    const response = await respondTo(bad, authority())
    const refused = await refusal(() => readTimestampResponse(response, request))
    expect(refused).toMatchObject({ code: 'TIMESTAMP_REFUSED', details: { status: 2, failure: failInfo } })
  })
})

describe('a reply is refused', () => {
  const granted = (token: Der) => sequence(sequence(integer(0)), token)

  it('when it is to another request', async () => {
    const otherNonce = buildTimestampRequest({ imprint, nonce: new Uint8Array(8).fill(5) })
    const other = buildTimestampRequest({ imprint: sha256(imprint), nonce })
    const policy = buildTimestampRequest({ imprint, nonce, policy: '1.2.3' })
    const response = await respondTo(request, authority())
    expect((await refusal(() => readTimestampResponse(response, otherNonce))).code).toBe('TIMESTAMP_NONCE_MISMATCH')
    expect((await refusal(() => readTimestampResponse(response, other))).code).toBe('TIMESTAMP_IMPRINT_MISMATCH')
    expect((await refusal(() => readTimestampResponse(response, policy))).code).toBe('TIMESTAMP_POLICY_MISMATCH')
    const without = granted(await tokenOver(infoOf({})))
    expect((await refusal(() => readTimestampResponse(without, request))).code).toBe('TIMESTAMP_NONCE_MISMATCH')
  })

  it.each<[string, Der]>([
    ['without a token', sequence(sequence(integer(0)))],
    ['with a token that is none', sequence(sequence(integer(0)), sequence())],
    ['without a status', sequence()],
    ['that is not DER', Uint8Array.of(0x30, 0x80, 0, 0)],
  ])('%s', async (_, response) => {
    expect((await refusal(() => readTimestampResponse(response, request))).code).toBe('TIMESTAMP_INVALID')
  })

  it('when granted with modifications it is read all the same', async () => {
    const token = await tokenOver(infoOf({ tail: [tlv(0x02, parseTimestampRequest(request).nonce ?? nonce)] }))
    expect(readTimestampResponse(sequence(sequence(integer(1)), token), request)).toEqual(token)
  })

  it('with the reason that the authority gives, known or not', async () => {
    for (const word of Object.keys(FAILURE_BITS) as (keyof typeof FAILURE_BITS)[]) {
      const refused = await refusal(() => readTimestampResponse(rejectTimestamp(word, 'no'), request))
      expect(refused).toMatchObject({ code: 'TIMESTAMP_REFUSED', details: { failure: word } })
    }
    const strange = sequence(sequence(integer(5), namedBits([9])))
    expect(await refusal(() => readTimestampResponse(strange, request))).toMatchObject({
      code: 'TIMESTAMP_REFUSED',
      details: { status: 5, failure: '' },
    })
  })

  it('when the request itself is none of ours', async () => {
    const response = await respondTo(request, authority())
    expect((await refusal(() => readTimestampResponse(response, new Uint8Array()))).code).toBe(
      'TIMESTAMP_REQUEST_INVALID',
    )
  })
})
