import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { isLowS } from '@cinnabar/core'
import { fabricSigner } from './fabric-signer'

const pem = (curve: string) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

describe("a ledger identity's signer", () => {
  it('gives DER signatures with low s that verify', async () => {
    const key = pem('prime256v1')
    const sign = fabricSigner(key)
    const message = Buffer.from('a proposal')
    for (let i = 0; i < 20; i++) {
      const signature = await sign(message)
      expect(isLowS(signature)).toBe(true)
      expect(verify('sha256', message, createPublicKey(key), signature)).toBe(true)
    }
  })

  it.each([
    ['of another curve', () => pem('secp384r1')],
    [
      'of another kind',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    ['that is none', () => 'no key'],
  ])('refuses a key %s', (_, key) => {
    expect(() => fabricSigner(key())).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID' }))
  })
})
