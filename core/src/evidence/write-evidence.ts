import { toHex, utf8 } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { sha256 } from '../encode/sha256'
import { ClaimsFormat } from '../model/claims'
import { type Digest, digestFromBytes, digestOf } from '../model/digest'
import { EvidenceFormat, type EvidenceIndex, type FileRole } from '../model/evidence'
import { ReceiptFormat } from '../model/receipt'
import { TrustFormat } from '../model/trust'
import { ASIC_MIME_TYPE, ASIC_PLACES, asicManifest } from './asic'
import { claimsOf } from './claims'
import { type Evidence, PLACES } from './evidence'
import { EvidenceError } from './evidence-error'
import { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_MEMBERS } from './zip-read'
import { type Member, writeZip } from './zip-write'

/** What goes into a container; lists that may be left out are empty, and what it says of itself is made here. */
export type EvidenceContents = Omit<Evidence, 'deposits' | 'others' | 'claims' | 'assertion'> &
  Partial<Pick<Evidence, 'deposits' | 'others'>>

type Listed = Member & { readonly role: FileRole; readonly hash: Uint8Array }

/** A container that waits for its time assertion. */
export interface PreparedEvidence {
  /** What the RFC 3161 token is to be over: the bytes whose SHA-256 is its imprint. */
  readonly manifest: Uint8Array
  /**
   * The container, an ASiC-E (ETSI EN 319 162-1) with a time assertion.
   * @param token - TimeStampToken, DER, over {@link manifest}.
   * @throws {@link EvidenceError} `EVIDENCE_TOO_LARGE`.
   */
  close(token: Uint8Array): Uint8Array
}

/**
 * Evidence as FORMAT.md section 9 has it, without a time assertion: `evidence.json` first, then the members by path. The
 * same contents give the same bytes; what two signatures share is there once.
 * @throws {@link EvidenceError} `EVIDENCE_INVALID` when a receipt or the trust is not such a record; `EVIDENCE_TOO_LARGE`.
 */
export function writeEvidence(contents: EvidenceContents): Uint8Array {
  return zipped(membersOf(contents))
}

/**
 * The same evidence as an ASiC-E container, which other validators open, too: the caller has its manifest timestamped.
 * @throws as {@link writeEvidence} does.
 */
export function prepareEvidence(contents: EvidenceContents): PreparedEvidence {
  const members = membersOf(contents)
  const manifest = asicManifest(members)
  return {
    manifest,
    close: (token) =>
      zipped([
        { path: ASIC_PLACES.mimetype, bytes: utf8(ASIC_MIME_TYPE) },
        ...members,
        { path: ASIC_PLACES.manifest, bytes: manifest },
        { path: ASIC_PLACES.token, bytes: token },
      ]),
  }
}

/** `evidence.json`, then the others by path, each with its digest. */
function membersOf(contents: EvidenceContents): readonly (Member & { readonly digest: Digest })[] {
  const files = new Map<string, Listed>()
  const bytes = writing(() => EvidenceFormat.encode(listAll(contents, files)))
  return [
    { path: PLACES.index, bytes, digest: digestOf(bytes) },
    ...inOrder(files).map((file) => ({ ...file, digest: digestFromBytes(file.hash) })),
  ]
}

function zipped(members: readonly Member[]): Uint8Array {
  const bytes = members.reduce((sum, one) => sum + one.bytes.length + 2 * one.path.length + 76, 22)
  if (bytes > MAX_EVIDENCE_BYTES || members.length > MAX_EVIDENCE_MEMBERS) {
    const details = { bytes, members: members.length }
    throw new EvidenceError('EVIDENCE_TOO_LARGE', 'more than one container may hold', details)
  }
  return writeZip(members)
}

function writing<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof FormatError) throw new EvidenceError('EVIDENCE_INVALID', cause.message, {}, cause)
    throw cause
  }
}

function inOrder(files: ReadonlyMap<string, Listed>): readonly Listed[] {
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function listAll(contents: EvidenceContents, files: Map<string, Listed>): EvidenceIndex {
  const add = (role: FileRole, bytes: Uint8Array, place: (hex: string) => string): string => {
    const hash = sha256(bytes)
    const path = place(toHex(hash))
    files.set(path, { path, bytes, role, hash })
    return path
  }
  const signatures = byId(contents.signatures).map(({ id, receipts, certificates, crls }) => ({
    certificates: certificates.map((der) => add('certificate', der, PLACES.certificate)),
    crls: crls.map((der) => add('crl', der, PLACES.crl)),
    id,
    receipts: receipts.map((receipt, i) => add('receipt', ReceiptFormat.encode(receipt), () => PLACES.receipt(id, i))),
  }))
  const deposits = byId(contents.deposits ?? []).map(({ id, receipts, token }) => ({
    id,
    receipts: receipts.map((receipt, i) => add('receipt', ReceiptFormat.encode(receipt), () => PLACES.receipt(id, i))),
    token: add('token', token, () => PLACES.token(id)),
  }))
  const trust = contents.trust && add('trust', TrustFormat.encode(contents.trust), () => PLACES.trust)
  if (contents.document) add('document', contents.document, () => PLACES.document)
  if (contents.report) add('report', contents.report, () => PLACES.report)
  for (const { role, bytes, path } of contents.others ?? []) if (!isAsic(path)) add(role, bytes, () => path)
  const claims = claimsOf({ files: inOrder(files), signatures, deposits })
  add('claims' as FileRole, ClaimsFormat.encode(claims), () => PLACES.claims)
  const listed = inOrder(files).map(({ hash, path, role }) => ({ digest: digestFromBytes(hash), path, role }))
  return { created: contents.created, deposits, files: listed, signatures, ...(trust && { trust }), type: TYPE }
}

/** What others added to an ASiC-E is over that container as it was. */
const isAsic = (path: string) => path.startsWith(ASIC_PLACES.folder)

const TYPE = 'cinnabar.evidence.v1'

function byId<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
}
