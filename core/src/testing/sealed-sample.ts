import { CMS_OID } from '../cms/cms-oids'
import { encodeSealUse, SEAL_USE_OID } from '../cms/seal-use'
import { encodeSignedData, type SignerDraft, signAttributes } from '../cms/sign'
import { concat, fromHex, fromLatin1, toHex, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { digestFromBytes, digestOf } from '../model/digest'
import type { Salt, SealSignatureId } from '../model/identifiers'
import type { SealSignatureOpening } from '../model/opening'
import { readPdf } from '../pdf/document'
import { array, dict, name, number, type PdfObject, stream, string } from '../pdf/objects'
import { type Placement, rectOnPage } from '../pdf/page-geometry'
import { type Box, pageAt } from '../pdf/pages'
import { type Appearance, addSignatureField, embedContents } from '../pdf/sign-placeholder'
import { buildPdf, ONE_PAGE, streamText } from '../pdf/testing'
import { composeAppearance } from '../seal/appearance'
import type { SealPicture } from '../seal/picture'
import { drawQr, qrTextOf } from '../seal/qr'
import { randomBytes } from './keys'
import { type Holder, tokenOf } from './pki'
import type { Party, World } from './sealed-world'

/** When the samples' tokens were made, unless a test says otherwise. */
export const SEALED_AT = new Date('2026-11-22T03:04:05Z')

/** What of a sealing is to be otherwise, so that a test can make one thing wrong. */
export interface SealChanges {
  readonly at?: Date
  readonly holder?: Holder
  readonly tsa?: Holder
  /** The token over this signature; `undefined` leaves it out. */
  readonly token?: (signature: Uint8Array) => Promise<Uint8Array | undefined>
  /** What the signed attribute says; `null` leaves it out. */
  readonly use?: { readonly id?: string; readonly institution?: string; readonly seal?: string } | null
  readonly picture?: SealPicture
  readonly qrText?: (text: string) => string
  readonly contact?: (text: string) => string
  readonly appearance?: (drawn: Appearance) => Appearance
  readonly place?: Partial<Placement>
  readonly rect?: (rect: Box) => Box
  /** Rewrites the file, at the same length, before its digest is taken. */
  readonly beforeSigning?: (pdf: Uint8Array) => Uint8Array
  /** Another signature in place of the right one. */
  readonly draft?: (draft: SignerDraft, by: Holder) => Promise<SignerDraft>
  readonly cms?: (cms: Uint8Array) => Uint8Array
  readonly subFilter?: string
  /** More entries of the signature dictionary. */
  readonly entries?: Readonly<Record<string, PdfObject>>
  readonly contentsBytes?: number
}

/** One sealing, done: the file and all that the ledger would be told. */
export interface Sealed {
  readonly pdf: Uint8Array
  readonly party: Party
  readonly holder: Holder
  readonly opening: SealSignatureOpening
  readonly token: Uint8Array | undefined
  readonly rect: Box
}

const CONTENT = `BT /F1 12 Tf 72 760 Td 15 TL ${'(The parties agree as follows, in two copies.) Tj T* '.repeat(30)}ET\n`

/** A contract of one page, and a font of its own description. */
export function contractPdf(page = ''): Uint8Array {
  return buildPdf({
    objects: {
      ...ONE_PAGE,
      3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> ${page}>>`,
      4: streamText('', CONTENT),
      5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>',
      6: '<</Title (Contract) /Producer (Cinnabar tests)>>',
    },
    trailer: '/Info 6 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]',
  })
}

/** Seals the file as the service does, but for the changes. */
export async function sealPdf(world: World, pdf: Uint8Array, party: Party, changes: SealChanges = {}): Promise<Sealed> {
  const id = toHex(randomBytes(16)) as SealSignatureId
  const holder = changes.holder ?? party.holder
  const { placeholder, rect } = placed(pdf, party, id, changes)
  if (changes.beforeSigning !== undefined) placeholder.bytes.set(changes.beforeSigning(placeholder.bytes.slice()))
  const messageDigest = sha256(concat(...placeholder.digestRanges))
  const draft = await signed(messageDigest, { id, party, holder, changes })
  const token =
    changes.token === undefined
      ? await tokenOf(changes.tsa ?? world.court.pki.tsa, sha256(draft.signature), changes.at ?? SEALED_AT)
      : await changes.token(draft.signature)
  const cms = encodeSignedData(draft, { certificates: [holder.certificate], timestampToken: token })
  const sealed = embedContents(placeholder, changes.cms?.(cms) ?? cms)
  const opening: SealSignatureOpening = {
    certificate: holder.digest,
    id,
    institution: party.id,
    messageDigest: digestFromBytes(messageDigest),
    revisionDigest: digestOf(sealed),
    salt: toHex(randomBytes(32)) as Salt,
    seal: party.seal.id,
    signature: digestOf(draft.signature),
    signedAttributes: digestOf(draft.signedAttributes),
    token: digestOf(token ?? new Uint8Array(0)),
    type: 'cinnabar.opening.v1',
  }
  return { pdf: sealed, party, holder, opening, token, rect }
}

function placed(pdf: Uint8Array, party: Party, id: string, changes: SealChanges) {
  const document = readPdf(pdf, { objects: 'asNeeded' })
  const text = qrTextOf('http://127.0.0.1:8080', id as SealSignatureId)
  const drawn = composeAppearance(changes.picture ?? party.picture, drawQr(changes.qrText?.(text) ?? text, 16))
  const { widthMm, heightMm } = drawn
  const rect = rectOnPage(pageAt(document, 0), { xMm: 20, yMm: 200, widthMm, heightMm, ...changes.place })
  const appearance: Appearance = {
    content: drawn.content,
    bbox: [0, 0, drawn.widthPt, drawn.heightPt],
    resources: dict({
      XObject: dict({
        Seal: form(drawn.xobjects.Seal.widthPt, drawn.xobjects.Seal.heightPt, drawn.xobjects.Seal.content),
        QR: form(drawn.xobjects.QR.sizePt, drawn.xobjects.QR.sizePt, drawn.xobjects.QR.content),
      }),
    }),
  }
  const contact = string(utf8(changes.contact?.(text) ?? text))
  const placeholder = addSignatureField(document, {
    page: 0,
    rect: changes.rect?.(rect) ?? rect,
    fieldName: 'Seal',
    appearance: changes.appearance?.(appearance) ?? appearance,
    entries: { M: string(fromLatin1('D:20261122030405Z')), ContactInfo: contact, ...changes.entries },
    subFilter: changes.subFilter,
    contentsBytes: changes.contentsBytes,
  })
  return { placeholder, rect }
}

/** A form without resources, as FORMAT.md has them. */
export function form(width: number, height: number, content: Uint8Array): PdfObject {
  const entries = {
    Type: name('XObject'),
    Subtype: name('Form'),
    FormType: number(1),
    BBox: array([0, 0, width, height].map(number)),
    Resources: dict({}),
  }
  return stream(dict(entries), content)
}

interface Signing {
  readonly id: string
  readonly party: Party
  readonly holder: Holder
  readonly changes: SealChanges
}

async function signed(messageDigest: Uint8Array, { id, party, holder, changes }: Signing): Promise<SignerDraft> {
  const use = { id, institution: party.id, seal: party.seal.id, ...changes.use }
  const value = encodeSealUse({ ...use, id: fromHex(use.id) })
  const extra = changes.use === null ? [] : [{ oid: SEAL_USE_OID, value }]
  const request = { certificate: holder.certificate, contentType: CMS_OID.data, messageDigest, extra }
  const draft = await signAttributes(request, holder.key.signer)
  return changes.draft === undefined ? draft : changes.draft(draft, holder)
}
