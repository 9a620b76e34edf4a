import { createHash } from 'node:crypto'
import {
  addSignatureField,
  CMS_OID,
  type Digest,
  digestFromBytes,
  digestOf,
  embedContents,
  encodeSealUse,
  encodeSignedData,
  fromHex,
  type Placeholder,
  pageAt,
  printedCodeOf,
  qrTextOf,
  readPdf,
  rectOnPage,
  type Salt,
  SEAL_USE_OID,
  type SealSignatureOpening,
  type SealUse,
  type SignerDraft,
  signAttributes,
  signatureFields,
  toBase64,
  toHex,
} from '@cinnabar/core'
import { usableSeal } from './admit'
import { appearanceOf, entriesOf, sizeOnPage } from './appearance'
import type { SealKey, Surroundings } from './ports'
import { documentOf, fileOf, type Identified } from './receive'
import type { JobRecord, SealSignatureRecord } from './records'
import { timestamp } from './timestamp'

/**
 * Seals the document by an incremental update: picture and QR code on the page, a CMS signature with its RFC 3161 token
 * inside. The file is stored first, then the use with all that proves it; a step done before is not done again.
 * @throws as {@link usableSeal}, {@link timestamp} and `addSignatureField` do.
 */
export async function seal(env: Surroundings, { id, value: job }: Identified<JobRecord>): Promise<SealSignatureRecord> {
  const done = await env.store.get<SealSignatureRecord>('sealSignatures', job.sealSignature)
  if (done !== undefined) return done.value
  const file = await fileOf(env, await documentOf(env, job.institution, job.document))
  const { seal: record, key } = await usableSeal(env, job.institution, job.seal)
  const document = readPdf(file, { objects: 'asNeeded' })
  const placeholder = addSignatureField(document, {
    page: job.page - 1,
    rect: rectOnPage(pageAt(document, job.page - 1), { xMm: job.xMm, yMm: job.yMm, ...sizeOnPage(record, job.scale) }),
    fieldName: `Seal${signatureFields(document).length + 1}`,
    appearance: await appearanceOf(env, record, job.sealSignature),
    entries: entriesOf(record, {
      reason: job.reason,
      now: env.clock.now(),
      qrText: qrTextOf(env.publicUrl, job.sealSignature),
    }),
    contentsBytes: roomFor(key),
  })
  const messageDigest = hashOf(...placeholder.digestRanges)
  const draft = await sign(job, key, messageDigest)
  const token = await timestamp(env, job.institution, draft.signature)
  const fileSha256 = await env.files.put(embed(placeholder, { draft, key, token }))
  const digest = `sha256:${fileSha256}` as Digest
  const salt = toHex(env.randomBytes(32)) as Salt
  const opening = openingOf(job, { draft, token, messageDigest, digest, salt })
  const signed: SealSignatureRecord = {
    job: id,
    printedCode: printedCodeOf(job.sealSignature),
    institution: job.institution,
    seal: job.seal,
    use: useOf(opening, draft, token),
    certificates: key.certificates.map(toBase64),
    fileSha256,
    digest,
    receipts: [],
  }
  if (await env.store.insert('sealSignatures', job.sealSignature, signed)) return signed
  // Another gateway resumed the same job and was first: its use is the one.
  return seal(env, { id, value: job })
}

/** A CMS with one certificate and a token takes 3 to 6 KB, on top of the issuers' certificates. */
function roomFor({ certificates }: SealKey): number {
  return 8192 + certificates.slice(1).reduce((sum, der) => sum + der.length, 0)
}

function hashOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

function sign(job: JobRecord, key: SealKey, messageDigest: Uint8Array): Promise<SignerDraft> {
  const use = { id: fromHex(job.sealSignature), institution: job.institution, seal: job.seal }
  const [certificate] = key.certificates
  const extra = [{ oid: SEAL_USE_OID, value: encodeSealUse(use) }]
  return signAttributes({ certificate, contentType: CMS_OID.data, messageDigest, extra }, key.signer)
}

interface Signed {
  readonly draft: SignerDraft
  readonly key: SealKey
  readonly token: Uint8Array
}

function embed(placeholder: Placeholder, { draft, key, token }: Signed): Uint8Array {
  return embedContents(placeholder, encodeSignedData(draft, { certificates: key.certificates, timestampToken: token }))
}

interface Opened extends Omit<Signed, 'key'> {
  readonly messageDigest: Uint8Array
  /** Of the whole sealed file. */
  readonly digest: Digest
  readonly salt: Salt
}

function openingOf(job: JobRecord, { draft, token, messageDigest, digest, salt }: Opened): SealSignatureOpening {
  return {
    certificate: digestOf(draft.certificate),
    id: job.sealSignature,
    institution: job.institution,
    messageDigest: digestFromBytes(messageDigest),
    revisionDigest: digest,
    salt,
    seal: job.seal,
    signature: digestOf(draft.signature),
    signedAttributes: digestOf(draft.signedAttributes),
    token: digestOf(token),
    type: 'cinnabar.opening.v1',
  }
}

function useOf(opening: SealSignatureOpening, draft: SignerDraft, token: Uint8Array): SealUse {
  return {
    opening,
    signature: toBase64(draft.signature),
    signedAttributes: toBase64(draft.signedAttributes),
    token: toBase64(token),
    type: 'cinnabar.sealUse.v1',
  }
}
