import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InstitutionId, toBase64 } from '@cinnabar/core'
import { newPki } from '@cinnabar/core/testing'
import { enrol } from './fabric-ca-client'
import { type FabricSealCa, readFabricSealCas } from './fabric-ca-config'

let folder: string
let ca: Uint8Array
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-ca-config-'))
  ca = (await newPki('Bureau' as InstitutionId)).sealCa.certificate
  await writeFile(at('ca.pem'), `-----BEGIN CERTIFICATE-----\n${toBase64(ca)}\n-----END CERTIFICATE-----\n`)
  await writeFile(at('secret'), 'hush\n')
})
afterAll(() => rm(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const seal = () => ({
  name: 'seal',
  profile: 'seal',
  certificate: at('ca.pem'),
  registrar: { id: 'registrar', secretFile: at('secret') },
  crlUrl: 'https://seals.example/crl/Bureau-seal.crl',
})
const read = async (parts: object, url = 'https://localhost:1'): Promise<readonly FabricSealCa[]> => {
  const one = { mspId: 'Bureau', ca: { url, tlsRoot: at('ca.pem'), seal: { ...seal(), ...parts } } }
  await writeFile(at('connection.json'), JSON.stringify({ institutions: [one, { mspId: 'Others' }] }))
  return readFabricSealCas(at('connection.json'))
}

describe('the seal CAs of a connection file', () => {
  it("are one's own only, with certificate and secret read", async () => {
    const [own, ...others] = await read({})
    expect(others).toEqual([])
    expect(own).toMatchObject({ institution: 'Bureau', name: 'seal', profile: 'seal', crlName: 'Bureau-seal' })
    expect(own.registrar).toEqual({ id: 'registrar', secret: 'hush' })
    expect(own.certificate).toEqual(ca)
  })
  it.each([
    ['a file that is not there', { certificate: '/nowhere/ca.pem' }],
    ['a certificate that is none', { certificate: 'package.json' }],
    ['no registrar', { registrar: undefined }],
    ['no address for CRLs', { crlUrl: 'somewhere' }],
  ])('are refused with %s', async (_, parts) => {
    await expect(read(parts)).rejects.toMatchObject({ code: 'CA_CONFIG_INVALID' })
  })
  it('are refused without TLS: the registrar sends a secret', async () => {
    await expect(read({}, 'http://localhost:1')).rejects.toMatchObject({ code: 'CA_CONFIG_INVALID' })
  })
  it('are unavailable when nothing listens there', async () => {
    const [own] = await read({})
    const enrolment = { id: 'x', secret: 'y', request: new Uint8Array(1) }
    await expect(enrol(own, enrolment)).rejects.toMatchObject({ code: 'CA_UNAVAILABLE' })
  })
})
