import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex } from '../encode/bytes'
import { verifySignaturesAtOnce } from '../encode/subtle'
import { ecdsaSignatureFromRaw } from './ecdsa'
import { verifySignature } from './signature'
import { signatureAlgorithmIdentifier } from './signer'
import { X509Error } from './x509-error'

const folder = join(__dirname, '../../../../shared/corpus/wycheproof')
const present = existsSync(folder)
const algorithm = signatureAlgorithmIdentifier('ecdsa-p256-sha256')

interface Group {
  readonly publicKeyDer: string
  readonly tests: readonly { tcId: number; comment: string; msg: string; sig: string; result: string }[]
}

function groupsOf(file: string): readonly Group[] {
  return present ? JSON.parse(readFileSync(join(folder, file), 'utf8')).testGroups : []
}

/** 'valid' or 'invalid', in Wycheproof's words. */
async function outcome(spki: Uint8Array, message: Uint8Array, encode: () => Uint8Array): Promise<string> {
  try {
    return (await verifySignature(algorithm, spki, message, encode())) ? 'valid' : 'invalid'
  } catch (refusal) {
    if (refusal instanceof X509Error && refusal.code === 'SIGNATURE_INVALID') return 'invalid'
    throw refusal
  }
}

const FILES = [
  ['ecdsa_secp256r1_sha256_test.json', 484, (bytes: Uint8Array) => bytes],
  ['ecdsa_secp256r1_sha256_p1363_test.json', 262, (bytes: Uint8Array) => ecdsaSignatureFromRaw(bytes)],
] as const

/** In this order: the second is for the rest of the process. */
const WAYS = [
  ['by WebCrypto', undefined],
  ['at once', verifySignaturesAtOnce],
] as const

if (present || process.env.CI === 'true') {
  describe.each(WAYS)('Wycheproof, verified %s', (_way, choose) => {
    beforeAll(() => choose?.())
    it.each(FILES)('%s: the expected outcome for each of %i vectors', async (file, count, encode) => {
      const wrong: string[] = []
      let seen = 0
      for (const group of groupsOf(file)) {
        const spki = fromHex(group.publicKeyDer)
        for (const test of group.tests) {
          seen++
          const got = await outcome(spki, fromHex(test.msg), () => encode(fromHex(test.sig)))
          if (got !== test.result) wrong.push(`${test.tcId} ${test.comment}: ${got}`)
        }
      }
      expect(wrong).toEqual([])
      expect(seen).toBe(count)
    })
  })
} else {
  describe.skip(`Wycheproof: ${folder} is missing`, () => {
    it('needs the corpus', () => expect(present).toBe(true))
  })
}
