import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildCertificateRequest,
  digestOf,
  distinguishedName,
  fromBase64,
  type InstitutionId,
  parseCertificate,
  toBase64,
  toHex,
} from '@cinnabar/core'
import { type Holder, newKey, randomBytes, type TestKey } from '@cinnabar/core/testing'
import { type EnrolledCaller, enrol, register } from '../../src/authority/fabric-ca-client'
import { readFabricSealCas } from '../../src/authority/fabric-ca-config'
import type { FabricIdentity } from '../../src/ledger/fabric-config'
import { fabricSigner } from '../../src/ledger/fabric-signer'
import { networkFolder, realConnection } from './real-network'

const sealCas = () => readFabricSealCas(join(networkFolder, 'connection.json'))

/** A client of the connection. */
export function clientOf(institution: InstitutionId, role: 'registrar' | 'sealer'): FabricIdentity {
  const found = realConnection().identities.find((one) => one.institution === institution && one.role === role)
  if (found === undefined) throw new Error(`the connection has no ${role} of ${institution}`)
  return found
}

/** The organisation's administrator for the channel and its peers. The role is what is claimed: its certificate has none. */
export function administratorOf(institution: InstitutionId): FabricIdentity {
  const folder = join(networkFolder, 'organisations', institution, 'identities', 'admin')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { institution, role: 'sealer', certificate: read('cert.pem'), key: read('key.pem') }
}

/**
 * A new client that the organisation's CA of ledger identities enrols over this key, as sealer or without a role; its id, which is
 * its common name too, is the caller's choice.
 */
export async function newClient(
  institution: InstitutionId,
  key: TestKey,
  { role, commonName }: { readonly role?: 'sealer'; readonly commonName?: string } = {},
): Promise<FabricIdentity> {
  const { url, tlsRoot } = sealCaOf(institution)
  const registrar = clientOf(institution, 'registrar')
  const caller = { certificate: derOf(registrar.certificate), signer: signerOf(registrar) }
  const certificate = await certified({ url, tlsRoot, name: 'msp' }, caller, { key, role, commonName })
  return { institution, role: 'sealer', certificate: pemOf('CERTIFICATE', certificate), key: keyPem(key) }
}

/** The root and a fresh seal certificate of the organisation's Fabric CA for seals. */
export async function sealOfFabricCa(institution: InstitutionId): Promise<{ root: Uint8Array; holder: Holder }> {
  const ca = sealCaOf(institution)
  const registrarKey = await newKey()
  const request = await requestOf(ca.registrar.id, registrarKey)
  const caller = { certificate: await enrol(ca, { ...ca.registrar, request }), signer: registrarKey.signer }
  const key = await newKey()
  const certificate = await certified(ca, caller, { key, profile: ca.profile })
  return { root: ca.certificate, holder: { key, certificate, digest: digestOf(certificate) } }
}

/** Whoever holds a seal's key, calling the ledger by it and its seal certificate. */
export function identityOfSeal(institution: InstitutionId, { certificate, key }: Holder): FabricIdentity {
  return { institution, role: 'sealer', certificate: pemOf('CERTIFICATE', certificate), key: keyPem(key) }
}

function sealCaOf(institution: InstitutionId) {
  const found = sealCas().find((ca) => ca.institution === institution)
  if (found === undefined) throw new Error(`the connection names no CA of ${institution}`)
  return found
}

interface Certified {
  readonly key: TestKey
  readonly profile?: string
  readonly role?: string
  readonly commonName?: string
}

async function certified(
  server: Parameters<typeof enrol>[0],
  caller: EnrolledCaller,
  { key, profile, role, commonName }: Certified,
): Promise<Uint8Array> {
  const id = commonName ?? `test-${toHex(randomBytes(8))}`
  const secret = toHex(randomBytes(16))
  await register(server, caller, { id, secret, attributes: role === undefined ? {} : { role } })
  return enrol(server, { id, secret, request: await requestOf(id, key), profile })
}

function requestOf(commonName: string, key: TestKey): Promise<Uint8Array> {
  return buildCertificateRequest(distinguishedName([{ type: 'CN', value: commonName }]), key.signer)
}

function signerOf({ certificate, key }: FabricIdentity): EnrolledCaller['signer'] {
  const { spki } = parseCertificate(derOf(certificate))
  return { algorithm: 'ecdsa-p256-sha256', spki, sign: fabricSigner(key) }
}

function derOf(pem: string): Uint8Array {
  return fromBase64(pem.replaceAll(/-----[^-]+-----|\s/g, ''))
}

function keyPem({ pkcs8 }: TestKey): string {
  return pemOf('PRIVATE KEY', pkcs8)
}

function pemOf(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
