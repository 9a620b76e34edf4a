import {
  CMS_OID,
  concat,
  type Digest,
  digestFromBytes,
  digestOf,
  embedContents,
  encodeSealUse,
  encodeSignedData,
  fromHex,
  printedCodeOf,
  qrTextOf,
  type Salt,
  SEAL_USE_OID,
  type SealSignatureOpening,
  type SealUse,
  type SignerDraft,
  signAttributes,
  toBase64,
  toHex,
} from '@cinnabar/core'
import type { PreparedSeal } from '../checks/prepare-seal'
import { usableSeal } from './admit'
import { appearanceOf, entriesOf, sizeOnPage } from './appearance'
import type { SealKey, Surroundings } from './ports'
import { documentOf, type Identified, type Reading, readingOf } from './receive'
import type { JobRecord, SealSignatureRecord } from './records'
import { timestamp } from './timestamp'

/**
 * Seals the document by an incremental update: picture and QR code on the page, a CMS signature with its RFC 3161 token
 * inside. The file is stored first, then the use with all that proves it; a step done before is not done again.
 * @throws as {@link usableSeal}, {@link timestamp} and {@link Reading}'s `prepare` do.
 */
export async function seal(env: Surroundings, { id, value: job }: Identified<JobRecord>): Promise<SealSignatureRecord> {
  const done = await env.store.get<SealSignatureRecord>('sealSignatures', job.sealSignature)
  if (done !== undefined) return done.value
  const file = await readingOf(env, await documentOf(env, job.institution, job.document))
  const { seal: record, key } = await usableSeal(env, job.institution, job.seal)
  const prepared = await file.checks.prepare({
    pdf: file.pdf,
    page: job.page,
    placement: { xMm: job.xMm, yMm: job.yMm, ...sizeOnPage(record, job.scale) },
    appearance: await appearanceOf(env, record, job.sealSignature),
    entries: entriesOf(record, {
      reason: job.reason,
      now: env.clock.now(),
      qrText: qrTextOf(env.publicUrl, job.sealSignature),
    }),
    contentsBytes: roomFor(key),
  })
  const { messageDigest } = prepared
  const draft = await sign(job, key, messageDigest)
  const token = await timestamp(env, job.institution, draft.signature)
  const fileSha256 = await storeSealed(env, file, embed(prepared, { draft, key, token }))
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

/** @param update - what comes after the file as it is stored. @returns the SHA-256 of both. */
function storeSealed({ files }: Surroundings, { pdf, sha256 }: Reading, update: Uint8Array): Promise<string> {
  return pdf instanceof Uint8Array ? files.put(concat(pdf, update)) : files.extend(sha256, update)
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

function embed({ update, gapStart, gapEnd }: PreparedSeal, { draft, key, token }: Signed): Uint8Array {
  const cms = encodeSignedData(draft, { certificates: key.certificates, timestampToken: token })
  return embedContents({ bytes: update, gapStart, gapEnd }, cms)
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
