import { createHash } from 'node:crypto'
import { sha256 } from '../src/encode/sha256'
import type { CheckName } from '../src/model/report'
import { handmadeToken } from '../src/testing/handmade-token'
import { contractPdf, SEALED_AT, sealPdf } from '../src/testing/sealed-sample'
import { newWorld, type World } from '../src/testing/sealed-world'
import { verify } from '../src/verify/verify'
import { oldSignature } from './old-signature'
import { issue } from './pki'

const AT = new Date('2026-12-01T00:00:00Z')
const VALID = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') }
const sha1 = (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest())

let world: World
beforeAll(async () => {
  world = await newWorld()
})

const old = async (subFilter?: 'adbe.pkcs7.sha1') =>
  oldSignature(contractPdf(), await issue('Old CA', 'ca'), { ...VALID, subFilter })

/** What the facts asked for say of the file's only signature. */
async function said(pdf: Uint8Array, ...names: readonly CheckName[]): Promise<readonly string[]> {
  const { signatures, outcome } = await verify({ pdf, at: AT, trust: world.trust })
  expect(outcome).not.toBe('passed')
  return names.map((name) => {
    const check = signatures[0].checks.find((one) => one.check === name)
    return `${check?.outcome} ${check?.code}`
  })
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] ^= 1
  return copy
}

/** A byte of the contract's text, which every signature covers. */
const inText = (pdf: Uint8Array) => flipped(pdf, pdf.indexOf(0x28, 200) + 1)
/** A hexadecimal digit near the CMS's end: of its last value, the signature. */
function inSignature(pdf: Uint8Array): Uint8Array {
  const copy = pdf.slice()
  const at =
    Buffer.from(pdf)
      .toString('latin1')
      .search(/0{200,}>/) - 10
  copy[at] = copy[at] === 0x30 ? 0x31 : 0x30
  return copy
}

describe('a signature by SHA-1 and RSA-1024', () => {
  it('is not judged while it is intact', async () => {
    expect(await said(await old(), 'integrity', 'signature')).toEqual([
      'indeterminate ALGORITHM_WEAK',
      'indeterminate ALGORITHM_WEAK',
    ])
  })

  it('fails when the bytes under it are others', async () => {
    expect(await said(inText(await old()), 'integrity', 'signature')).toEqual([
      'failed DIGEST_MISMATCH',
      'indeterminate ALGORITHM_WEAK',
    ])
  })

  it('fails when its own value is another', async () => {
    expect(await said(inSignature(await old()), 'integrity', 'signature')).toEqual([
      'indeterminate ALGORITHM_WEAK',
      'failed SIGNATURE_INVALID',
    ])
  })

  it('of the kind adbe.pkcs7.sha1 is not judged while its digest is that of the file, and fails when it is not', async () => {
    const pdf = await old('adbe.pkcs7.sha1')
    expect(await said(pdf, 'integrity', 'signature')).toEqual([
      'indeterminate SUBFILTER_UNSUPPORTED',
      'indeterminate SUBFILTER_UNSUPPORTED',
    ])
    expect(await said(inText(pdf), 'integrity')).toEqual(['failed DIGEST_MISMATCH'])
  })
})

describe('a timestamp by SHA-1', () => {
  type Made = (signature: Uint8Array) => Promise<Uint8Array>
  const tsa = () => world.court.pki.tsa
  const sealed = async (token: Made, use?: null) =>
    (await sealPdf(world, contractPdf(), world.bureau, { token, ...(use === null && { use }) })).pdf
  const signedBySha1: Made = (signature) =>
    handmadeToken(tsa(), { imprint: sha256(signature), at: SEALED_AT, digest: 'SHA-1' })
  const overSha1: Made = (signature) =>
    handmadeToken(tsa(), { imprint: sha1(signature), at: SEALED_AT, imprintDigest: 'SHA-1' })

  it.each([
    ['in its signature', signedBySha1],
    ['in its imprint', overSha1],
  ])('%s proves no time and is no failure', async (_, token) => {
    expect(await said(await sealed(token), 'integrity', 'signature', 'timestamp')).toEqual([
      'passed OK',
      'passed OK',
      'indeterminate ALGORITHM_WEAK',
    ])
  })

  it('fails when its signature is broken', async () => {
    const token: Made = async (signature) => {
      const der = await signedBySha1(signature)
      return flipped(der, der.length - 1)
    }
    expect(await said(await sealed(token), 'timestamp')).toEqual(['failed TIMESTAMP_SIGNATURE_INVALID'])
  })

  it('fails when it is over something else', async () => {
    const token: Made = (signature) => overSha1(flipped(signature, 9))
    expect(await said(await sealed(token), 'timestamp')).toEqual(['failed TIMESTAMP_IMPRINT_MISMATCH'])
  })
})

describe('a timestamp whose signed attributes are not in DER order', () => {
  const token = (signature: Uint8Array) =>
    handmadeToken(world.court.pki.tsa, { imprint: sha256(signature), at: SEALED_AT, unordered: true })

  it('is judged as it stands beside a signature that is no seal', async () => {
    const { pdf } = await sealPdf(world, contractPdf(), world.bureau, { token, use: null })
    expect(await said(pdf, 'timestamp')).toEqual(['passed OK'])
  })

  it('is refused in a seal', async () => {
    const { pdf } = await sealPdf(world, contractPdf(), world.bureau, { token })
    expect(await said(pdf, 'timestamp')).toEqual(['failed TIMESTAMP_INVALID'])
  })
})
