import { fromBase64, toBase64, toHex } from '../encode/bytes'
import { type Digest, digestOf } from '../model/digest'
import type { InstitutionId } from '../model/identifiers'
import { buildTimestampRequest } from '../timestamp/request'
import { respondTo } from '../timestamp/respond'
import { readTimestampResponse } from '../timestamp/response'
import { buildCertificate, type CertificateProfile, keyIdentifier } from '../x509/build'
import { parseCertificate } from '../x509/certificate'
import { distinguishedName } from '../x509/name'
import { newKey, randomBytes, savedKey, type TestKey } from './keys'

/** A certificate with its private key. */
export interface Holder {
  readonly key: TestKey
  readonly certificate: Uint8Array
  readonly digest: Digest
}

/** One institution's real authorities: a seal CA and a timestamp authority. */
export interface Pki {
  readonly institution: InstitutionId
  readonly sealCa: Holder
  readonly tsa: Holder
}

/** What a certificate of the tests is for and how long it is valid. */
export interface HolderRequest {
  readonly profile: CertificateProfile
  readonly commonName: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Who signs; itself unless given. */
  readonly issuer?: Holder
  /** A fresh ECDSA P-256 key unless given. */
  readonly key?: TestKey
  readonly policies?: readonly string[]
  /** Where the issuer's CRL is fetched. */
  readonly crlUrl?: string
}

/** Makes a key and a certificate over it. */
export async function newHolder(request: HolderRequest): Promise<Holder> {
  const key = request.key ?? (await newKey())
  const subject = nameOf(request.commonName)
  const issuer = request.issuer
  const serial = randomBytes(16)
  serial[0] = 1 + (serial[0] & 0x3f)
  const certificate = await buildCertificate(
    {
      serial,
      issuer: issuer === undefined ? subject : parseCertificate(issuer.certificate).subject,
      subject,
      spki: key.spki,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      profile: request.profile,
      issuerKeyId: keyIdentifier(issuer?.key.spki ?? key.spki),
      ...(request.policies && { policies: request.policies }),
      crlUrl: request.crlUrl,
    },
    (issuer?.key ?? key).signer,
  )
  return { key, certificate, digest: digestOf(certificate) }
}

/** Fresh authorities of an institution, valid from 2020 to 2040. */
export async function newPki(institution: InstitutionId): Promise<Pki> {
  const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }
  const sealCa = await newHolder({ profile: 'ca', commonName: `${institution} seal CA`, ...validity })
  const tsa = await newHolder({ profile: 'tsa', commonName: `${institution} TSA`, ...validity })
  return { institution, sealCa, tsa }
}

/** A seal certificate by the institution's seal CA, valid from 2021 to 2039 unless said otherwise. */
export function sealCertificate(
  pki: Pki,
  changes: Partial<Pick<HolderRequest, 'notBefore' | 'notAfter' | 'key' | 'policies' | 'crlUrl'>> = {},
) {
  return newHolder({
    profile: 'seal',
    commonName: `${pki.institution} seal`,
    notBefore: new Date('2021-01-01T00:00:00Z'),
    notAfter: new Date('2039-01-01T00:00:00Z'),
    issuer: pki.sealCa,
    ...changes,
  })
}

/** An RFC 3161 token over `imprint` (SHA-256) at `at`, with the certificates of `chain` besides the authority's own. */
export async function tokenOf(
  tsa: Holder,
  imprint: Uint8Array,
  at: Date,
  chain: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const request = buildTimestampRequest({ imprint, nonce: randomBytes(8) })
  const response = await respondTo(request, {
    signer: tsa.key.signer,
    certificate: tsa.certificate,
    chain,
    policy: '2.25.1',
    at,
    serial: randomBytes(8),
  })
  return readTimestampResponse(response, request)
}

/** The authorities as text, to be kept with a network's keys. */
export function savePki(pki: Pki): string {
  const save = ({ key, certificate }: Holder) => [key.spki, key.pkcs8, certificate].map(toBase64)
  return JSON.stringify({ institution: pki.institution, sealCa: save(pki.sealCa), tsa: save(pki.tsa) })
}

/** Reads {@link savePki}'s text. */
export async function readPki(text: string): Promise<Pki> {
  const { institution, sealCa, tsa } = JSON.parse(text)
  const read = async (parts: readonly string[]): Promise<Holder> => {
    const [spki, pkcs8, certificate] = parts.map(fromBase64)
    return { key: await savedKey(spki, pkcs8), certificate, digest: digestOf(certificate) }
  }
  return { institution, sealCa: await read(sealCa), tsa: await read(tsa) }
}

function nameOf(commonName: string): Uint8Array {
  return distinguishedName([
    { type: 'C', value: 'CN' },
    { type: 'CN', value: `${commonName} ${toHex(randomBytes(4))}` },
  ])
}
