import { namesCertificate } from '../cms/verify-signer'
import { concat, fromLatin1, toHex } from '../encode/bytes'
import { type Der, readDer } from '../encode/der'
import { context, retag, sequence, setOf } from '../encode/der-write'
import type { Report } from '../model/report'
import { readPdf } from '../pdf/document'
import { type DocumentStamp, documentStamps } from '../verify/document-stamps'
import { subjectsOf } from '../verify/subject'
import { type VerifyRequest, verify } from '../verify/verify'
import { parseCertificate } from '../x509/certificate'
import { nameText } from '../x509/name'

/** Why a byte of a file may be another one: it lies outside everything that is shown or signed. */
export interface Unread {
  readonly place: string
  readonly reason: string
}

/** A report but for what names the very bytes. */
function reportText({ file, ...report }: Report): string {
  return JSON.stringify({ ...report, bytes: file.bytes, revisions: file.revisions })
}

interface Bag {
  readonly stamp: DocumentStamp
  /** Of the token's DER. */
  readonly certificates: readonly { readonly start: number; readonly end: number; readonly der: Der }[]
}

/**
 * Which bytes of a file may be others without anybody's being told, and why. Each answer is a proof done here and now: the changed
 * file gives the same report, word for word; and the byte lies in the token of a document timestamp, where it is either the
 * same digit in another spelling, or in a certificate that is not the signer's, over which nothing is signed (RFC 5652 5.4)
 * and without which altogether the report is the same, too.
 */
export function unreadBytes(request: VerifyRequest): (position: number, flip: number) => Promise<Unread | undefined> {
  const bags = documentStamps(subjectsOf(readPdf(request.pdf))).map(bagOf)
  const original = verify(request).then(reportText)
  const isSame = async (pdf: Uint8Array) => reportText(await verify({ ...request, pdf })) === (await original)
  const without = new Map<string, Promise<boolean>>()
  return async (position, flip) => {
    const changed = request.pdf.slice()
    changed[position] ^= flip
    const bag = bags.find(({ stamp: { range } }) => position > range.gapStart && position < range.gapEnd - 1)
    if (bag === undefined || !(await isSame(changed))) return undefined
    if (isSameDigit(request.pdf[position], changed[position])) return spelling(bag)
    const index = certificateAt(bag, position)
    if (index < 0 || isSigners(bag, index)) return undefined
    const key = `${bag.stamp.field} ${index}`
    const proof = without.get(key) ?? isSame(withoutCertificate(request.pdf, bag, index))
    without.set(key, proof)
    return (await proof) ? unsigned(bag, index) : undefined
  }
}

function spelling({ stamp }: Bag): Unread {
  const reason =
    'the same hexadecimal digit, a capital letter or not (ISO 32000-2 7.3.4.3): the token is the same bytes'
  return { place: `Contents of ${stamp.field}`, reason }
}

function unsigned({ stamp, certificates }: Bag, index: number): Unread {
  const subject = nameText(parseCertificate(certificates[index].der).subject)
  const reason =
    'not the signer’s, and nothing is signed over it (RFC 5652 5.4); without it altogether the report is the same'
  return { place: `token of ${stamp.field}, certificate ${index + 1} (${subject})`, reason }
}

function certificateAt({ stamp, certificates }: Bag, position: number): number {
  const at = (position - stamp.range.gapStart - 1) >> 1
  return certificates.findIndex(({ start, end }) => at >= start && at < end)
}

function isSameDigit(before: number, after: number): boolean {
  return /^[0-9a-f]{2}$/i.test(String.fromCharCode(before, after)) && (before | 0x20) === (after | 0x20)
}

/** Where in the token its certificates lie. RFC 5652 5.1: SignedData's [0]. */
function bagOf(stamp: DocumentStamp): Bag {
  const { der } = stamp.token
  const set = signedDataOf(der).find(({ tag }) => tag === 0xa0)
  const certificates = (set?.children ?? []).map((one) => {
    const start = one.der.byteOffset - der.byteOffset
    return { start, end: start + one.der.length, der: one.der }
  })
  return { stamp, certificates }
}

const signedDataOf = (token: Der) => readDer(token).children[1].children[0].children

function isSigners({ stamp: { token }, certificates }: Bag, index: number): boolean {
  return namesCertificate(token.signer, parseCertificate(certificates[index].der))
}

function withoutCertificate(pdf: Uint8Array, { stamp, certificates }: Bag, index: number): Uint8Array {
  const kept = certificates.filter((_, i) => i !== index).map(({ der }) => der)
  const parts = signedDataOf(stamp.token.der).map((part) =>
    part.tag === 0xa0 ? retag(0xa0, setOf(...kept)) : part.der,
  )
  const [type] = readDer(stamp.token.der).children
  const token = sequence(type.der, context(0, sequence(...parts)))
  const { gapStart, gapEnd } = stamp.range
  const hex = toHex(token).padEnd(gapEnd - gapStart - 2, '0')
  return concat(pdf.subarray(0, gapStart + 1), fromLatin1(hex), pdf.subarray(gapEnd - 1))
}
