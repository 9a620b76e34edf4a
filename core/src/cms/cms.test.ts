import { execFileSync } from 'node:child_process'
import { issue, p256Key, refusal, rsaKey, type TestCertificate } from '../../test/pki'
import { compareBytes, concat } from '../encode/bytes'
import { type Der, readDer } from '../encode/der'
import {
  context,
  integer,
  nullValue,
  octetString,
  oid,
  retag,
  sequence,
  setOf,
  tlv,
  utf8String,
} from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import { signatureAlgorithmIdentifier } from '../x509/signer'
import { CMS_OID } from './cms-oids'
import { signingCertificateV2 } from './ess'
import { encodeSealUse, parseSealUse, SEAL_USE_OID } from './seal-use'
import { encodeSignedData, type SignerDraft, signAttributes } from './sign'
import { parseSignedAttributes, parseSignedData } from './signed-data'
import { verifySigner } from './verify-signer'

const content = new TextEncoder().encode('revision')
const digest = sha256(content)
const use = { id: new Uint8Array(16).fill(7), institution: 'court-1', seal: '公章-1' }
const sealUse = { oid: SEAL_USE_OID, value: encodeSealUse(use) }
const draftBy = (by: TestCertificate, extra = [sealUse]) =>
  signAttributes({ certificate: by.der, contentType: CMS_OID.data, messageDigest: digest, extra }, by.key)

/** pkijs ships ES modules only, so it runs in a process of its own. */
const PKIJS = `
  import { ContentInfo, SignedData } from 'pkijs'
  const bytes = Uint8Array.from(Buffer.from(process.argv[1], 'base64'))
  const data = new SignedData({ schema: ContentInfo.fromBER(bytes.buffer).content })
  const verified = await data.verify({ signer: 0, checkChain: false })
  process.stdout.write(verified + ' ' + data.certificates.length)
`

let ca: TestCertificate
let seal: TestCertificate
beforeAll(async () => {
  ca = await issue('CA', 'ca')
  seal = await issue('Seal', 'seal', { issuer: ca })
})

describe('a signature that we make', () => {
  it.each([
    ['P-256', p256Key],
    ['RSA', rsaKey],
  ])('by a %s key is read back and verified', async (_, makeKey) => {
    const by = await issue('Seal', 'seal', { issuer: ca, key: makeKey() })
    const token = sequence(utf8String('token'))
    const draft = await draftBy(by)
    const der = encodeSignedData(draft, { certificates: [by.der, ca.der, by.der], timestampToken: token })
    const { signers, ...data } = parseSignedData(der)
    expect(data).toEqual({ contentType: CMS_OID.data, certificates: [by.der, ca.der].sort(compareBytes), crls: [] })
    expect(signers).toHaveLength(1)
    const [signer] = signers
    expect(signer).toMatchObject({ issuer: ca.certificate.subject, serial: by.certificate.serial })
    expect(signer.signedAttributes).toEqual(draft.signedAttributes)
    expect(signer.unsigned.get(CMS_OID.signatureTimestamp)).toEqual([token])
    expect(signer.attributes.has('1.2.840.113549.1.9.5')).toBe(false)
    expect(parseSealUse(signer)).toEqual(use)
    expect(await verifySigner(signer, by.certificate, { contentDigest: digest })).toEqual({
      supported: true,
      signatureValid: true,
      signerMatches: true,
      contentTypeMatches: true,
      messageDigest: digest,
      messageDigestMatches: true,
      essMatches: true,
      code: undefined,
    })
  })

  it('is verified by pkijs', async () => {
    const der = encodeSignedData(await draftBy(seal), { certificates: [seal.der, ca.der], content })
    const input = Buffer.from(der).toString('base64')
    const run = ['--input-type=module', '--eval', PKIJS, input]
    expect(execFileSync(process.execPath, run, { cwd: __dirname, stdio: 'pipe' }).toString()).toBe('true 2')
  })

  it('carries its content when given', async () => {
    expect(parseSignedData(encodeSignedData(await draftBy(seal), { certificates: [], content })).content).toEqual(
      content,
    )
  })

  it('is not valid after any flipped byte of attributes, signature or identity', async () => {
    const der = encodeSignedData(await draftBy(seal), { certificates: [] })
    // Version and digest list stand before the content type; nothing signs them and they mean nothing to us.
    const [, , contentInfo] = readDer(der).children[1].children[0].children
    const meaningful = contentInfo.der.byteOffset
    const accepted: number[] = []
    for (let i = 0; i < der.length; i++) {
      const damaged = der.slice()
      damaged[i] ^= 0x01
      try {
        const { signers, contentType } = parseSignedData(damaged)
        const check = await verifySigner(signers[0], seal.certificate, { contentType, contentDigest: digest })
        if (check.code === undefined) accepted.push(i)
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^(CMS_|SIGNED_ATTRIBUTES_NOT_DER)/)
      }
    }
    expect(accepted.filter((i) => i >= meaningful)).toEqual([])
  })
})

/** A SignedData around these signer fields. */
function wrapped(signer: Der, version = integer(1)): Der {
  const data = sequence(version, setOf(), sequence(oid(CMS_OID.data)), tlv(0x31, signer))
  return sequence(oid(CMS_OID.signedData), context(0, data))
}

interface SignerParts {
  readonly id?: Der
  readonly version?: Der
  readonly digest?: string
  readonly algorithm?: Der
  readonly attributes?: Der
  readonly signature?: Uint8Array
  readonly without?: 'attributes'
}

function signerOf(draft: SignerDraft, parts: SignerParts = {}): Der {
  const { issuer, serial } = seal.certificate
  const signed = parts.without === undefined ? [retag(0xa0, parts.attributes ?? draft.signedAttributes)] : []
  return sequence(
    parts.version ?? integer(1),
    parts.id ?? sequence(issuer, tlv(0x02, serial)),
    sequence(oid(parts.digest ?? '2.16.840.1.101.3.4.2.1')),
    ...signed,
    parts.algorithm ?? signatureAlgorithmIdentifier('ecdsa-p256-sha256'),
    octetString(parts.signature ?? draft.signature),
  )
}

const attribute = (type: string, ...values: readonly Der[]) => sequence(oid(type), setOf(...values))
const type = (name: string = CMS_OID.data) => attribute(CMS_OID.contentType, oid(name))
const messageDigest = () => attribute(CMS_OID.messageDigest, octetString(digest))
const ess = (of: TestCertificate) => attribute(CMS_OID.signingCertificateV2, signingCertificateV2(of.certificate))

async function checkOf(attributes: readonly Der[], contentDigest: Uint8Array = digest) {
  const set = setOf(...attributes)
  const draft = { ...(await draftBy(seal)), signedAttributes: set, signature: await seal.key.sign(set) }
  const [signer] = parseSignedData(wrapped(signerOf(draft))).signers
  return verifySigner(signer, seal.certificate, { contentDigest })
}

describe('verifySigner tells each fault apart', () => {
  it('another message digest', async () => {
    const check = await checkOf([type(), messageDigest(), ess(seal)], sha256(digest))
    expect(check).toMatchObject({ code: 'MESSAGE_DIGEST_MISMATCH', signatureValid: true, essMatches: true })
  })

  it.each<[string, () => readonly Der[]]>([
    ['MESSAGE_DIGEST_MISSING', () => [type(), ess(seal)]],
    [
      'MESSAGE_DIGEST_MISSING',
      () => [type(), attribute(CMS_OID.messageDigest, octetString(digest), octetString(content)), ess(seal)],
    ],
    ['MESSAGE_DIGEST_MISSING', () => [type(), attribute(CMS_OID.messageDigest, integer(1)), ess(seal)]],
    ['CONTENT_TYPE_MISMATCH', () => [messageDigest(), ess(seal)]],
    ['CONTENT_TYPE_MISMATCH', () => [type(CMS_OID.timestampInfo), messageDigest(), ess(seal)]],
    ['ESS_CERTIFICATE_ABSENT', () => [type(), messageDigest()]],
    ['ESS_CERTIFICATE_MISMATCH', () => [type(), messageDigest(), ess(ca)]],
    [
      'ESS_CERTIFICATE_MISMATCH',
      () => [type(), messageDigest(), attribute(CMS_OID.signingCertificateV2, sequence(sequence()))],
    ],
    ['ESS_CERTIFICATE_MISMATCH', () => [type(), messageDigest(), attribute(CMS_OID.signingCertificateV2, integer(1))]],
    [
      'ESS_CERTIFICATE_MISMATCH',
      () => [
        type(),
        messageDigest(),
        ess(seal),
        attribute(CMS_OID.signingCertificate, signingCertificateV2(seal.certificate)),
      ],
    ],
  ])('%s', async (code, attributes) => {
    expect(await checkOf(attributes())).toMatchObject({ code, signatureValid: true, supported: true })
  })

  it('an ESS id with the right hash but another issuer or serial number', async () => {
    const { der, issuer } = seal.certificate
    for (const id of [
      { der, issuer, serial: Uint8Array.of(9) },
      { der, issuer: seal.certificate.subject, serial: seal.certificate.serial },
    ]) {
      const value = attribute(CMS_OID.signingCertificateV2, signingCertificateV2(id))
      expect(await checkOf([type(), messageDigest(), value])).toMatchObject({ code: 'ESS_CERTIFICATE_MISMATCH' })
    }
  })

  it.each<[string, SignerParts]>([
    ['SIGNATURE_INVALID', { signature: new Uint8Array(70) }],
    ['SIGNATURE_INVALID', { attributes: setOf(attribute('1.2.3', nullValue())) }],
    ['SIGNER_MISMATCH', { id: sequence(sequence(), integer(1)) }],
    ['SIGNER_MISMATCH', { id: tlv(0x80, new Uint8Array(20)), version: integer(3) }],
    ['ALGORITHM_UNSUPPORTED', { digest: '1.3.14.3.2.26' }],
    ['ALGORITHM_UNSUPPORTED', { algorithm: sequence(oid('1.2.840.10045.4.1')) }],
    ['ALGORITHM_MISMATCH', { digest: '2.16.840.1.101.3.4.2.3' }],
    ['ALGORITHM_MISMATCH', { algorithm: signatureAlgorithmIdentifier('rsa-pkcs1-sha256') }],
  ])('%s', async (code, parts) => {
    const [signer] = parseSignedData(wrapped(signerOf(await draftBy(seal), parts))).signers
    const check = await verifySigner(signer, seal.certificate)
    expect(check.code).toBe(code)
    expect(check.supported).toBe(!code.startsWith('ALGORITHM'))
  })

  it('takes a signer named by its key identifier', async () => {
    const id = tlv(0x80, seal.certificate.subjectKeyId ?? new Uint8Array())
    const [signer] = parseSignedData(wrapped(signerOf(await draftBy(seal), { id, version: integer(3) }))).signers
    expect(await verifySigner(signer, seal.certificate)).toMatchObject({ code: undefined, signerMatches: true })
  })

  it('missing signed attributes, never accepted though the bare signature may be valid', async () => {
    const draft = { ...(await draftBy(seal)), signature: await seal.key.sign(content) }
    const [signer] = parseSignedData(wrapped(signerOf(draft, { without: 'attributes' }))).signers
    const facts = { supported: false, code: 'SIGNED_ATTRIBUTES_MISSING' }
    expect(await verifySigner(signer, seal.certificate)).toMatchObject({ ...facts, signatureValid: false })
    expect(await verifySigner(signer, seal.certificate, { content })).toMatchObject({ ...facts, signatureValid: true })
    expect(await verifySigner(signer, seal.certificate, { content: digest })).toMatchObject({
      ...facts,
      signatureValid: false,
    })
  })

  it('signed attributes passed off as content, as a signature without attributes', async () => {
    const draft = await draftBy(seal)
    const [signer] = parseSignedData(wrapped(signerOf(draft, { without: 'attributes' }))).signers
    const check = await verifySigner(signer, seal.certificate, { content: draft.signedAttributes })
    expect(check).toMatchObject({ supported: false, code: 'SIGNED_ATTRIBUTES_MISSING' })
  })
})

describe('parseSignedData refuses', () => {
  it.each<[string, string, () => Promise<Uint8Array>]>([
    ['nothing', 'CMS_INVALID', async () => new Uint8Array()],
    [
      'BER of indefinite length',
      'CMS_INVALID',
      async () => concat(Uint8Array.of(0x30, 0x80), oid(CMS_OID.signedData), new Uint8Array(2)),
    ],
    [
      'padding behind it',
      'CMS_INVALID',
      async () => concat(encodeSignedData(await draftBy(seal), { certificates: [] }), new Uint8Array(1)),
    ],
    ['more than 4 MiB', 'CMS_INVALID', async () => new Uint8Array((4 << 20) + 1)],
    ['other content', 'CMS_UNSUPPORTED', async () => sequence(oid(CMS_OID.data), context(0, octetString(content)))],
    [
      'a signer of version 2',
      'CMS_UNSUPPORTED',
      async () => wrapped(signerOf(await draftBy(seal), { version: integer(2) })),
    ],
    ['17 signers', 'CMS_UNSUPPORTED', async () => wrapped(concat(...Array(17).fill(signerOf(await draftBy(seal)))))],
    [
      'a duplicate attribute',
      'CMS_ATTRIBUTE_DUPLICATE',
      async () =>
        wrapped(
          signerOf(await draftBy(seal), {
            attributes: setOf(messageDigest(), attribute(CMS_OID.messageDigest, octetString(content))),
          }),
        ),
    ],
    [
      'attributes out of order',
      'SIGNED_ATTRIBUTES_NOT_DER',
      async () => wrapped(signerOf(await draftBy(seal), { attributes: tlv(0x31, messageDigest(), type()) })),
    ],
    [
      'values out of order',
      'SIGNED_ATTRIBUTES_NOT_DER',
      async () =>
        wrapped(
          signerOf(await draftBy(seal), {
            attributes: setOf(sequence(oid('1.2.3'), tlv(0x31, integer(2), integer(1)))),
          }),
        ),
    ],
  ])('%s: %s', async (_, code, make) => {
    const bytes = await make()
    expect((await refusal(() => parseSignedData(bytes))).code).toBe(code)
  })

  it('signed attributes alone, when they are none', async () => {
    expect((await refusal(() => parseSignedAttributes(sequence()))).code).toBe('CMS_INVALID')
    expect(parseSignedAttributes((await draftBy(seal)).signedAttributes).size).toBe(4)
  })
})

describe('sealUse', () => {
  const parse = (...values: readonly Der[]) => parseSealUse({ attributes: new Map([[SEAL_USE_OID, values]]) })

  it('has the object identifier of its UUID', () => {
    expect(SEAL_USE_OID).toBe(`2.25.${BigInt('0x6f1c2a4e93b74d58a1e0c17ab5a25ea1')}`)
  })

  it('is read as written, and may be absent', () => {
    expect(parse(encodeSealUse(use))).toEqual(use)
    expect(parseSealUse({ attributes: new Map() })).toBeUndefined()
  })

  it.each<[string, () => unknown]>([
    ['an id of 15 bytes', () => encodeSealUse({ ...use, id: new Uint8Array(15) })],
    ['an empty institution', () => encodeSealUse({ ...use, institution: '' })],
    ['a seal name of 256 bytes', () => encodeSealUse({ ...use, seal: 'x'.repeat(256) })],
    ['no value', () => parse()],
    ['two values', () => parse(encodeSealUse(use), encodeSealUse(use))],
    ['version 2', () => parse(sequence(integer(2), octetString(use.id), utf8String('a'), utf8String('b')))],
    ['a short id', () => parse(sequence(integer(1), octetString(new Uint8Array(4)), utf8String('a'), utf8String('b')))],
    [
      'a fifth component',
      () => parse(sequence(integer(1), octetString(use.id), utf8String('a'), utf8String('b'), nullValue())),
    ],
    [
      'a name of another string type',
      () => parse(sequence(integer(1), octetString(use.id), tlv(0x13, content), utf8String('b'))),
    ],
    ['something else', () => parse(integer(1))],
  ])('refuses %s', async (_, act) => {
    expect((await refusal(act)).code).toBe('SEAL_USE_INVALID')
  })
})
