import { createHash, randomBytes } from 'node:crypto'
import {
  addSignatureField,
  buildTimestampRequest,
  CMS_OID,
  composeAppearance,
  drawQr,
  drawSealPicture,
  embedContents,
  encodeSealUse,
  encodeSignedData,
  pageAt,
  pdfObjects,
  QR_SIZE_MM,
  qrTextOf,
  readPdf,
  readTimestampResponse,
  rectOnPage,
  respondTo,
  SEAL_USE_OID,
  type SealPicture,
  type SealSignatureId,
  sha256,
  signAttributes,
  toHex,
} from '@cinnabar/core'
import { type FixtureInstitution, fixturePki } from '@cinnabar/fixtures'
import { notoGlyphs } from '@cinnabar/gateway'

/** All that one seal needs, made beforehand, as the gateway has it. */
export interface SealingKit {
  readonly sealer: FixtureInstitution
  readonly authority: FixtureInstitution
  readonly picture: SealPicture
}

/** The fixtures' agency seals, its court stamps the time: P-256 keys both. */
export async function sealingKit(): Promise<SealingKit> {
  const pki = await fixturePki()
  const [sealer, authority] = ['agency', 'court'].map((kind) => {
    const found = pki.find((one) => one.kind === kind)
    if (found === undefined) throw new Error(`fixtures have no ${kind}`)
    return found
  })
  const design = { kind: 'official', institutionName: sealer.names.zh, diameterMm: 42 } as const
  return { sealer, authority, picture: drawSealPicture(design, notoGlyphs()) }
}

/**
 * Seals one page to PAdES-BASELINE-T in memory, by core's calls in the gateway's order, a fresh RFC 3161 request and its
 * answer included; pyHanko's counterpart is `PdfSigner.sign_pdf` with its in-process authority.
 */
export async function sealInMemory(pdf: Uint8Array, { sealer, authority, picture }: SealingKit): Promise<Uint8Array> {
  const id = new Uint8Array(randomBytes(16))
  const [seal] = sealer.seals
  const qr = drawQr(qrTextOf('http://127.0.0.1:8080', toHex(id) as SealSignatureId), QR_SIZE_MM)
  const { widthMm, heightMm, widthPt, heightPt, content } = composeAppearance(picture, qr)
  const document = readPdf(pdf, { objects: 'asNeeded' })
  const { dict, array, number, name, stream } = pdfObjects
  const form = (width: number, height: number, bytes: Uint8Array) =>
    stream(
      dict({
        Type: name('XObject'),
        Subtype: name('Form'),
        FormType: number(1),
        BBox: array([0, 0, width, height].map(number)),
        Resources: dict({}),
      }),
      bytes,
    )
  const xobjects = {
    Seal: form(picture.widthPt, picture.heightPt, picture.content),
    QR: form(qr.sizePt, qr.sizePt, qr.content),
  }
  const placeholder = addSignatureField(document, {
    page: 0,
    rect: rectOnPage(pageAt(document, 0), { xMm: 20, yMm: 220, widthMm, heightMm }),
    fieldName: 'Seal1',
    appearance: { content, bbox: [0, 0, widthPt, heightPt], resources: dict({ XObject: dict(xobjects) }) },
  })
  const hash = createHash('sha256')
  for (const range of placeholder.digestRanges) hash.update(range)
  const use = encodeSealUse({ id, institution: sealer.id, seal: seal.id })
  const draft = await signAttributes(
    {
      certificate: seal.certificate,
      contentType: CMS_OID.data,
      messageDigest: new Uint8Array(hash.digest()),
      extra: [{ oid: SEAL_USE_OID, value: use }],
    },
    seal.key,
  )
  const request = buildTimestampRequest({ imprint: sha256(draft.signature), nonce: new Uint8Array(randomBytes(16)) })
  const answer = await respondTo(request, {
    signer: authority.tsa.key,
    certificate: authority.tsa.certificate,
    chain: [authority.tsaCa.certificate],
    policy: '2.25.1',
    at: new Date(),
    serial: new Uint8Array(randomBytes(15)),
    accuracyMs: 1000,
  })
  const certificates = [seal.certificate, sealer.sealCa.certificate]
  const timestampToken = readTimestampResponse(answer, request)
  return embedContents(placeholder, encodeSignedData(draft, { certificates, timestampToken }))
}
