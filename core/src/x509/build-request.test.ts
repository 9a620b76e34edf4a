import { equal } from '../encode/bytes'
import { readDer } from '../encode/der'
import { fieldsOf } from '../encode/der-fields'
import { readBitStringBytes } from '../encode/der-values'
import { newKey } from '../testing/keys'
import { buildCertificateRequest } from './build-request'
import { distinguishedName } from './name'
import { verifySignature } from './signature'

describe('a certificate request', () => {
  it('names subject and key, and is signed by that key and no other', async () => {
    const { signer, spki } = await newKey()
    const subject = distinguishedName([{ type: 'CN', value: 'official-1' }])
    const der = await buildCertificateRequest(subject, signer)
    const fields = fieldsOf(readDer(der))
    const info = fields.take()
    const algorithm = fields.take().der
    const signature = readBitStringBytes(fields.take())
    fields.end()
    const [version, name, key, attributes] = info.children
    expect(Array.from(version.content)).toEqual([0])
    expect([equal(name.der, subject), equal(key.der, spki)]).toEqual([true, true])
    expect([attributes.tag, attributes.content.length]).toEqual([0xa0, 0])
    expect(await verifySignature(algorithm, spki, info.der, signature)).toBe(true)
    expect(await verifySignature(algorithm, (await newKey()).spki, info.der, signature)).toBe(false)
  })
})
