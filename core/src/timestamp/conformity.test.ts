import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issue, NOW, p256Key, pem, rsaKey, type TestCertificate } from '../../test/pki'
import { sha256 } from '../encode/sha256'
import { buildTimestampRequest } from './request'
import { respondTo } from './respond'
import { readTimestampResponse } from './response'
import { parseToken } from './token'
import { verifyToken } from './verify-token'

const POLICY = '2.25.1.2.3'
const content = new TextEncoder().encode('sealed')

describe('openssl ts', () => {
  let folder = ''
  let ca: TestCertificate
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cinnabar-ts-'))
    ca = await issue('Test CA', 'ca')
    writeFileSync(at('ca.pem'), pem('CERTIFICATE', ca.der))
    writeFileSync(at('content'), content)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['P-256', p256Key],
    ['RSA', rsaKey],
  ])('accepts our token by a %s key for its own request', async (_, makeKey) => {
    const tsa = await issue('Test TSA', 'tsa', { issuer: ca, key: makeKey() })
    openssl('ts', '-query', '-data', 'content', '-sha256', '-cert', '-out', 'query.tsq')
    const authority = { signer: tsa.key, certificate: tsa.der, chain: [ca.der], policy: POLICY, at: NOW }
    const response = await respondTo(new Uint8Array(readFileSync(at('query.tsq'))), {
      ...authority,
      serial: Uint8Array.of(0x80, 1),
      accuracyMs: 1500,
    })
    writeFileSync(at('reply.tsr'), response)
    expect(openssl('ts', '-verify', '-queryfile', 'query.tsq', '-in', 'reply.tsr', '-CAfile', 'ca.pem')).toMatch(/OK/)
    const text = openssl('ts', '-reply', '-in', 'reply.tsr', '-text')
    expect(text).toMatch(/Status: Granted/)
    expect(text).toMatch(/Time stamp: Nov 22 03:04:05 2026 GMT/)
    expect(text).toMatch(/Accuracy: 0x01 seconds, 0x01F4 millis/)
  })

  it('reads our rejection', async () => {
    const tsa = await issue('Test TSA', 'tsa', { issuer: ca })
    openssl('ts', '-query', '-data', 'content', '-sha1', '-out', 'sha1.tsq')
    const response = await respondTo(new Uint8Array(readFileSync(at('sha1.tsq'))), {
      signer: tsa.key,
      certificate: tsa.der,
      chain: [],
      policy: POLICY,
      at: NOW,
      serial: Uint8Array.of(1),
    })
    writeFileSync(at('rejected.tsr'), response)
    const text = openssl('ts', '-reply', '-in', 'rejected.tsr', '-text')
    expect(text).toMatch(/Status: Rejected/)
    expect(text).toMatch(/unrecognized or unsupported algorithm identifier/)
  })

  it.each([
    ['P-256', p256Key],
    ['RSA', rsaKey],
  ])('issues a token by a %s key that we accept', async (_, makeKey) => {
    const tsa = await issue('Openssl TSA', 'tsa', { issuer: ca, key: makeKey() })
    writeFileSync(at('tsa.pem'), pem('CERTIFICATE', tsa.der))
    writeFileSync(at('tsa.key'), tsa.key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(at('serial'), '01\n')
    const settings = ['serial = serial', 'default_policy = 1.2.3.4', 'digests = sha256', 'signer_digest = sha256']
    const more = [
      'accuracy = secs:1, millisecs:500, microsecs:100',
      'ess_cert_id_alg = sha256',
      'ess_cert_id_chain = yes',
    ]
    writeFileSync(at('ts.cnf'), ['[tsa]', 'default_tsa = t', '[t]', ...settings, ...more, ''].join('\n'))
    const request = buildTimestampRequest({ imprint: sha256(content), nonce: new Uint8Array(8).fill(0x9a) })
    writeFileSync(at('ours.tsq'), request)
    const files = ['-queryfile', 'ours.tsq', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-chain', 'ca.pem']
    openssl('ts', '-reply', '-config', 'ts.cnf', '-section', 't', ...files, '-out', 'theirs.tsr')
    const token = parseToken(readTimestampResponse(new Uint8Array(readFileSync(at('theirs.tsr'))), request))
    expect(token.policy).toBe('1.2.3.4')
    expect(token.accuracyMs).toBe(1501)
    const check = await verifyToken(token, { imprint: sha256(content), certificates: [ca.certificate] })
    expect(check).toMatchObject({ ok: true, genTime: token.genTime })
  })
})
