import { concat } from '../encode/bytes'
import { readDer } from '../encode/der'
import { context, integer, retag, sequence, setOf } from '../encode/der-write'
import { sha256 } from '../encode/sha256'
import { type Holder, newHolder, tokenOf } from '../testing/pki'
import { parseToken } from './token'
import { tokenFormFault } from './token-form'

const VALIDITY = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }
let tsa: Holder
let root: Holder
let token: Uint8Array
beforeAll(async () => {
  root = await newHolder({ profile: 'ca', commonName: 'root', ...VALIDITY })
  tsa = await newHolder({ profile: 'tsa', commonName: 'tsa', ...VALIDITY, issuer: root })
  token = await tokenOf(tsa, sha256(new Uint8Array(3)), new Date('2026-11-22T00:00:00Z'), [root.certificate])
})

/** The token with other parts of its SignedData. */
function changed(change: (parts: Uint8Array[]) => readonly Uint8Array[]) {
  const [type, content] = readDer(token).children
  const parts = content.children[0].children.map(({ der }) => der)
  return tokenFormFault(parseToken(sequence(type.der, context(0, sequence(...change(parts))))))
}

/** The token with another version of its one SignerInfo. */
const ofSignerVersion = (version: number) =>
  changed(([signedVersion, digests, content, certificates, signers]) => {
    const [, ...rest] = readDer(signers).children[0].children.map(({ der }) => der)
    return [signedVersion, digests, content, certificates, setOf(sequence(integer(version), ...rest))]
  })

const bag = (...certificates: readonly Uint8Array[]) => retag(0xa0, setOf(...certificates))

describe('the form of a token where no signature covers it', () => {
  it('is right as it was issued, with the chain or without any certificate', async () => {
    expect(await tokenFormFault(parseToken(token))).toBeUndefined()
    expect(
      await changed(([version, digests, content, , signers]) => [version, digests, content, signers]),
    ).toBeUndefined()
  })

  it('is wrong where other certificates came along and not its signer’s (RFC 3161 2.4.1)', async () => {
    const spoilt = concat(
      tsa.certificate.subarray(0, -1),
      new Uint8Array([tsa.certificate[tsa.certificate.length - 1] ^ 1]),
    )
    for (const others of [[root.certificate], [spoilt], [spoilt, root.certificate]]) {
      const fault = await changed(([version, digests, content, , signers]) => [
        ...[version, digests, content, bag(...others), signers],
      ])
      expect(fault).toContain('certificates')
    }
  })

  it('is wrong where certificates stand for CRLs', async () => {
    const fault = changed(([version, digests, content, certificates, signers]) => [
      ...[version, digests, content, retag(0xa1, certificates), signers],
    ])
    expect(await fault).toContain('CRL')
  })

  it('is wrong by another version (RFC 5652 5.1, 5.3)', async () => {
    for (const version of [0, 1, 2, 4, 5]) {
      expect(await changed(([, ...rest]) => [integer(version), ...rest])).toContain('version')
    }
    expect(await ofSignerVersion(3)).toContain('SignerInfo')
    expect(await ofSignerVersion(1)).toBeUndefined()
  })

  it('is wrong where its digest algorithm is not listed (RFC 5652 5.1)', async () => {
    expect(await changed(([version, , ...rest]) => [version, setOf(), ...rest])).toContain('digest')
  })
})
