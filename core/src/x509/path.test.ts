import { certificateWith, FROM, issue, NOW, type TestCertificate, UNTIL } from '../../test/pki'
import { boolean, integer, namedBits, nullValue, oid, sequence } from '../encode/der-write'
import { extension } from './build'
import { type PathRequest, validatePath } from './path'

let root: TestCertificate
let seal: TestCertificate
let tsa: TestCertificate
beforeAll(async () => {
  root = await issue('Root', 'ca')
  seal = await issue('Seal', 'seal', { issuer: root })
  tsa = await issue('TSA', 'tsa', { issuer: root })
})

const judge = (leaf: TestCertificate, changes: Partial<PathRequest> = {}) =>
  validatePath({
    leaf: leaf.certificate,
    others: [],
    anchors: [root.certificate],
    at: NOW,
    purpose: 'seal',
    ...changes,
  })

const code = async (leaf: TestCertificate, changes: Partial<PathRequest> = {}) => {
  const result = await judge(leaf, changes)
  return result.ok ? 'OK' : `${result.code} ${result.subIndication}`
}

const BASIC = '2.5.29.19'
const USAGE = '2.5.29.15'
const PURPOSES = '2.5.29.37'
const caExtensions = (pathLength?: number) => [
  extension(BASIC, 'critical', sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)]))),
  extension(USAGE, 'critical', namedBits([5, 6])),
]
const leafExtensions = [extension(USAGE, 'critical', namedBits([0]))]

describe('a path', () => {
  it('leads from a seal to its CA, and from a TSA to its own', async () => {
    expect(await judge(seal)).toEqual({ ok: true, chain: [seal.certificate, root.certificate] })
    expect(await code(tsa, { purpose: 'tsa' })).toBe('OK')
  })

  it('may be the leaf alone where that is trusted', async () => {
    expect(await judge(tsa, { purpose: 'tsa', anchors: [tsa.certificate] })).toEqual({
      ok: true,
      chain: [tsa.certificate],
    })
    expect(await code(tsa, { anchors: [tsa.certificate] })).toBe('LEAF_EXTENDED_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
  })

  it('has eight certificates at most', async () => {
    const long = [await certificateWith('R', caExtensions())]
    for (const name of ['1', '2', '3', '4', '5', '6', '7'])
      long.push(await certificateWith(name, caExtensions(), { issuer: long[long.length - 1] }))
    const under = async (issuer: TestCertificate) => certificateWith('leaf', leafExtensions, { issuer })
    const changes = { anchors: [long[0].certificate], others: long.map(({ certificate }) => certificate) }
    expect(await code(await under(long[6]), changes)).toBe('OK')
    expect(await code(await under(long[7]), changes)).toBe('PATH_NOT_FOUND NO_CERTIFICATE_CHAIN_FOUND')
  })

  it('is found among issuers of one name, whichever comes first', async () => {
    const twin = await certificateWith('Root', caExtensions())
    expect(await code(seal, { anchors: [twin.certificate, root.certificate] })).toBe('OK')
    expect(await code(seal, { anchors: [root.certificate, twin.certificate] })).toBe('OK')
  })

  it('holds to the last second of validity and from the first', async () => {
    expect(await code(seal, { at: new Date(UNTIL.getTime() + 999) })).toBe('OK')
    expect(await code(seal, { at: FROM })).toBe('OK')
  })

  it('takes a leaf for other extended uses than TLS and timestamping', async () => {
    const uses = (...oids: string[]) => [
      ...leafExtensions,
      extension(PURPOSES, 'non-critical', sequence(...oids.map(oid))),
    ]
    expect(await code(await certificateWith('x', uses('1.3.6.1.5.5.7.3.36'), { issuer: root }))).toBe('OK')
    expect(
      await code(await certificateWith('x', uses('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4'), { issuer: root })),
    ).toBe('OK')
    expect(
      await code(await certificateWith('x', uses('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'), { issuer: root })),
    ).toBe('LEAF_EXTENDED_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
  })
})

describe('there is no path', () => {
  it('to anchors that did not issue the leaf', async () => {
    const other = await issue('Other', 'ca')
    expect(await code(seal, { anchors: [other.certificate] })).toBe('PATH_NOT_FOUND NO_CERTIFICATE_CHAIN_FOUND')
    expect(await code(seal, { anchors: [] })).toBe('PATH_NOT_FOUND NO_CERTIFICATE_CHAIN_FOUND')
  })

  it('to a root that only came along', async () => {
    expect(await code(seal, { anchors: [], others: [root.certificate] })).toBe(
      'PATH_NOT_FOUND NO_CERTIFICATE_CHAIN_FOUND',
    )
  })

  it('to an anchor of the same name with another key', async () => {
    const twin = await issue('Root', 'ca')
    expect(await code(seal, { anchors: [twin.certificate] })).toBe('PATH_SIGNATURE_INVALID NO_CERTIFICATE_CHAIN_FOUND')
  })

  it('before and after validity, of the leaf or of its CA', async () => {
    expect(await code(seal, { at: new Date(UNTIL.getTime() + 1000) })).toBe('CERTIFICATE_EXPIRED OUT_OF_BOUNDS_NO_POE')
    expect(await code(seal, { at: new Date(FROM.getTime() - 1) })).toBe('CERTIFICATE_NOT_YET_VALID NOT_YET_VALID')
    const short = await issue('Root', 'ca', { key: root.key, notAfter: new Date('2026-06-01T00:00:00Z') })
    expect(await code(seal, { anchors: [short.certificate] })).toBe('CERTIFICATE_EXPIRED OUT_OF_BOUNDS_NO_POE')
  })

  it('through an issuer that is not a CA', async () => {
    const open = await certificateWith('Open', caExtensions())
    const leafOfOpen = await issue('Seal', 'seal', { issuer: open })
    const below = await issue('Forged', 'seal', { issuer: leafOfOpen })
    const changes = { others: [leafOfOpen.certificate], anchors: [open.certificate] }
    expect(await code(below, changes)).toBe('ISSUER_NOT_CA CHAIN_CONSTRAINTS_FAILURE')
    const without = await certificateWith('NoBasic', [extension(USAGE, 'critical', namedBits([5]))], { issuer: root })
    const leaf = await issue('x', 'seal', { issuer: without })
    expect(await code(leaf, { anchors: [without.certificate] })).toBe('ISSUER_NOT_CA CHAIN_CONSTRAINTS_FAILURE')
  })

  it('longer than a CA allows', async () => {
    const middle = await issue('Middle', 'ca', { issuer: root })
    const leaf = await issue('x', 'seal', { issuer: middle })
    expect(await code(leaf, { others: [middle.certificate] })).toBe('PATH_TOO_LONG CHAIN_CONSTRAINTS_FAILURE')
  })

  it('through a CA whose key is not for signing certificates', async () => {
    const ca = await certificateWith('CA', [caExtensions()[0], extension(USAGE, 'critical', namedBits([6]))])
    const leaf = await issue('x', 'seal', { issuer: ca })
    expect(await code(leaf, { anchors: [ca.certificate] })).toBe('ISSUER_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
  })

  it('with a critical extension that is not understood, in CA or leaf', async () => {
    const odd = extension('2.5.29.99', 'critical', sequence())
    const leaf = await certificateWith('x', [...leafExtensions, odd], { issuer: root })
    expect(await code(leaf)).toBe('EXTENSION_UNKNOWN CHAIN_CONSTRAINTS_FAILURE')
    const ca = await certificateWith('CA', [...caExtensions(), odd])
    const under = await issue('x', 'seal', { issuer: ca })
    expect(await code(under, { anchors: [ca.certificate] })).toBe('EXTENSION_UNKNOWN CHAIN_CONSTRAINTS_FAILURE')
  })

  it('with a signature by an algorithm that is not accepted', async () => {
    const algorithm = sequence(oid('1.2.840.113549.1.1.5'), nullValue())
    const leaf = await certificateWith('x', leafExtensions, { issuer: root, algorithm })
    expect(await code(leaf)).toBe('ALGORITHM_UNSUPPORTED CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
  })

  it('for a TSA used as a seal, a seal used as a TSA, or a CA used as either', async () => {
    expect(await code(tsa)).toBe('LEAF_EXTENDED_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
    expect(await code(seal, { purpose: 'tsa' })).toBe('LEAF_EXTENDED_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
    const ca = await certificateWith('CA', [...caExtensions()], { issuer: root })
    expect(await code(ca)).toBe('LEAF_IS_CA CHAIN_CONSTRAINTS_FAILURE')
    expect(await code(root)).toBe('LEAF_IS_CA CHAIN_CONSTRAINTS_FAILURE')
    expect(await code(ca, { purpose: 'tsa' })).toBe('LEAF_IS_CA CHAIN_CONSTRAINTS_FAILURE')
  })

  it('for a seal without key usage, or with one for other things', async () => {
    expect(await code(await certificateWith('x', [], { issuer: root }))).toBe(
      'LEAF_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE',
    )
    const encipher = await certificateWith('x', [extension(USAGE, 'critical', namedBits([2]))], { issuer: root })
    expect(await code(encipher)).toBe('LEAF_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
    expect(await code(encipher, { purpose: 'tsa' })).toBe('LEAF_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
  })

  it.each([
    ['not critical', 'non-critical', ['1.3.6.1.5.5.7.3.8']],
    ['not alone', 'critical', ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.4']],
    ['twice', 'critical', ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.8']],
    ['any use instead', 'critical', ['2.5.29.37.0']],
  ] as const)('for a TSA whose timeStamping use is %s', async (_, critical, oids) => {
    const leaf = await certificateWith(
      'T',
      [...leafExtensions, extension(PURPOSES, critical, sequence(...oids.map(oid)))],
      {
        issuer: root,
      },
    )
    expect(await code(leaf, { purpose: 'tsa' })).toBe('LEAF_EXTENDED_KEY_USAGE CHAIN_CONSTRAINTS_FAILURE')
  })

  it('among many certificates of one name, found out in bounded time', async () => {
    const others = await Promise.all(Array.from({ length: 40 }, () => certificateWith('Loop', caExtensions())))
    const leaf = await certificateWith('x', leafExtensions, { issuer: others[0] })
    const looping = await Promise.all(others.map((issuer) => certificateWith('Loop', caExtensions(), { issuer })))
    const changes = { others: looping.map(({ certificate }) => certificate), anchors: [root.certificate] }
    expect(await code(leaf, changes)).toContain('NO_CERTIFICATE_CHAIN_FOUND')
  })
})
