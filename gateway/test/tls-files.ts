import { webcrypto } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Integer, OctetString, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  GeneralName,
  GeneralNames,
  type RelativeDistinguishedNames,
} from 'pkijs'

/** A certificate for localhost under a CA of its own, as a real one is. */
export interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
  /** PEM of the CA: what a client trusts. */
  readonly ca: string
}

const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as unknown as Crypto })
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

/** Writes certificate chain and key into the folder. */
export async function makeTlsFiles(folder: string): Promise<TlsFiles> {
  const [root, leaf] = await Promise.all([newKeys(), newKeys()])
  const ca = await certificate({
    subject: 'Test CA',
    issuer: 'Test CA',
    keys: root,
    signer: root,
    extensions: [caOnly()],
  })
  const names = new GeneralNames({
    names: [
      new GeneralName({ type: 2, value: 'localhost' }),
      new GeneralName({ type: 7, value: new OctetString({ valueHex: Uint8Array.of(127, 0, 0, 1).buffer }) }),
    ],
  })
  const san = new Extension({ extnID: '2.5.29.17', extnValue: names.toSchema().toBER() })
  const own = await certificate({
    subject: 'localhost',
    issuer: 'Test CA',
    keys: leaf,
    signer: root,
    extensions: [san],
  })
  const pkcs8 = new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey))
  const files = { certificateFile: join(folder, 'tls.pem'), keyFile: join(folder, 'tls.key') }
  await writeFile(files.certificateFile, pem('CERTIFICATE', own) + pem('CERTIFICATE', ca))
  await writeFile(files.keyFile, pem('PRIVATE KEY', pkcs8))
  return { ...files, ca: pem('CERTIFICATE', ca) }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>
}

interface Wanted {
  readonly subject: string
  readonly issuer: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly signer: webcrypto.CryptoKeyPair
  readonly extensions: Extension[]
}

let serial = 1

async function certificate({ subject, issuer, keys, signer, extensions }: Wanted): Promise<Uint8Array> {
  const made = new Certificate()
  made.version = 2
  made.serialNumber = new Integer({ value: serial++ })
  addName(made.subject, subject)
  addName(made.issuer, issuer)
  made.notBefore.value = new Date('2026-01-01T00:00:00Z')
  made.notAfter.value = new Date('2046-01-01T00:00:00Z')
  made.extensions = extensions
  await made.subjectPublicKeyInfo.importKey(keys.publicKey as CryptoKey, engine)
  await made.sign(signer.privateKey as CryptoKey, 'SHA-256', engine)
  return new Uint8Array(made.toSchema(true).toBER())
}

function addName(names: RelativeDistinguishedNames, value: string): void {
  names.typesAndValues.push(new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value }) }))
}

function caOnly(): Extension {
  const value = new BasicConstraints({ cA: true }).toSchema().toBER()
  return new Extension({ extnID: '2.5.29.19', critical: true, extnValue: value })
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
