import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf, isLowS, signatureAlgorithmIdentifier, utf8, verifySignature } from '@cinnabar/core'
import { openEmbeddedStore } from '../store/embedded'
import type { Store } from '../store/store'
import { openKeyKeeper } from './file-keeper'
import { makeKek, readKek } from './kek'

const KEK = new Uint8Array(32).fill(7)
const MESSAGE = utf8('to be signed')
const NONE: ReadonlySet<string> = new Set()

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-keys-'))
  store = await openEmbeddedStore(folder)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const keeperWith = (kek: Uint8Array, published = NONE) => openKeyKeeper({ store, kek, published })

describe('the key keeper', () => {
  it('signs with low s by a key that another keeper over the same store has too', async () => {
    const id = await keeperWith(KEK).create('agency/seal/official')
    for (const keeper of [keeperWith(KEK), keeperWith(KEK)]) {
      const signer = await keeper.signer(id)
      for (let i = 0; i < 16; i++) {
        const signature = await signer.sign(MESSAGE)
        const algorithm = signatureAlgorithmIdentifier(signer.algorithm)
        expect(isLowS(signature)).toBe(true)
        expect(await verifySignature(algorithm, signer.spki, MESSAGE, signature)).toBe(true)
      }
    }
  })
  it('signs with an imported RSA key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keeper = keeperWith(KEK)
    const signer = await keeper.signer(await keeper.import('a/seal/x', pkcs8(privateKey)))
    const algorithm = signatureAlgorithmIdentifier(signer.algorithm)
    expect(await verifySignature(algorithm, signer.spki, MESSAGE, await signer.sign(MESSAGE))).toBe(true)
  })
  it('keeps no private key in clear', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = await keeperWith(KEK).import('a/b', pkcs8(privateKey))
    const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
    const { sealed } = (await store.get<{ sealed: string }>('keys', id))?.value ?? { sealed: '' }
    expect(Buffer.from(sealed, 'base64').length).toBeGreaterThan(100)
    expect(Buffer.from(sealed, 'base64').includes(secret)).toBe(false)
  })
  it('knows no key that it did not make', async () => {
    await expect(keeperWith(KEK).signer('00')).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
  })
  it('cannot read a key under another key-encryption key', async () => {
    const id = await keeperWith(KEK).create('a/b')
    await expect(keeperWith(new Uint8Array(32)).signer(id)).rejects.toMatchObject({ code: 'KEY_UNREADABLE' })
  })
  it('refuses a key put in the place of another, or under another purpose', async () => {
    const keeper = keeperWith(KEK)
    const id = await keeper.create('a/seal/official')
    const record = (await store.get<object>('keys', id))?.value ?? {}
    await store.insert('keys', 'other', record)
    await expect(keeper.signer('other')).rejects.toMatchObject({ code: 'KEY_UNREADABLE' })
    await store.replace('keys', id, 1, { ...record, purpose: 'b/seal/official' })
    await expect(keeper.signer(id)).rejects.toMatchObject({ code: 'KEY_UNREADABLE' })
  })
  it.each([
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['RSA of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
  ])('refuses to import %s', async (_, make) => {
    await expect(keeperWith(KEK).import('a/b', pkcs8(make()))).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED' })
  })
  it('refuses to import what is no key', async () => {
    await expect(keeperWith(KEK).import('a/b', MESSAGE)).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED' })
  })
  it('refuses a key that is published, at import and at use', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const published = new Set<string>([digestOf(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })))])
    await expect(keeperWith(KEK, published).import('a/b', pkcs8(privateKey))).rejects.toMatchObject({
      code: 'KEY_PUBLISHED',
    })
    const id = await keeperWith(KEK).import('a/b', pkcs8(privateKey))
    await expect(keeperWith(KEK, published).signer(id)).rejects.toMatchObject({ code: 'KEY_PUBLISHED' })
  })
})

describe('the key-encryption key', () => {
  it('is made once, for its owner alone, and read again', async () => {
    const path = join(folder, 'kek')
    expect(await makeKek(path)).toBe(true)
    const kek = await readKek(path)
    expect(kek.length).toBe(32)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await makeKek(path)).toBe(false)
    expect(await readKek(path)).toEqual(kek)
  })
  it('is one and whole for all who start at once, also after a start that could not write it', async () => {
    const path = join(folder, 'kek')
    const fs = jest.requireActual<typeof import('node:fs/promises')>('node:fs/promises')
    const { open } = fs
    jest.spyOn(fs, 'open').mockImplementationOnce(async (...args) => {
      const handle = await open(...args)
      jest.spyOn(handle, 'writeFile').mockRejectedValueOnce(new Error('no space left'))
      return handle
    })
    await expect(makeKek(path)).rejects.toMatchObject({ code: 'KEK_INVALID' })
    const made = await Promise.all(
      Array.from({ length: 20 }, async () => [await makeKek(path), await readKek(path)] as const),
    )
    expect(made.filter(([now]) => now)).toHaveLength(1)
    expect(new Set(made.map(([, kek]) => Buffer.from(kek).toString('hex'))).size).toBe(1)
  })
  it('is refused when others can read it, when it is malformed and when it is missing', async () => {
    const path = join(folder, 'kek')
    await makeKek(path)
    await chmod(path, 0o640)
    await expect(readKek(path)).rejects.toMatchObject({ code: 'KEK_INVALID' })
    await writeFile(join(folder, 'short'), 'abcd', { mode: 0o600 })
    await expect(readKek(join(folder, 'short'))).rejects.toMatchObject({ code: 'KEK_INVALID' })
    await expect(readKek(join(folder, 'none'))).rejects.toMatchObject({ code: 'KEK_INVALID' })
    await expect(makeKek(join(folder, 'none', 'kek'))).rejects.toMatchObject({ code: 'KEK_INVALID' })
  })
})

function pkcs8(key: import('node:crypto').KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))
}
