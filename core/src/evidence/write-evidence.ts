import { toHex } from '../encode/bytes'
import { FormatError } from '../encode/canonical'
import { sha256 } from '../encode/sha256'
import { digestFromBytes } from '../model/digest'
import { EvidenceFormat, type EvidenceIndex, type FileRole } from '../model/evidence'
import { ReceiptFormat } from '../model/receipt'
import { TrustFormat } from '../model/trust'
import { type Evidence, PLACES } from './evidence'
import { EvidenceError } from './evidence-error'
import { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_MEMBERS } from './zip-read'
import { type Member, writeZip } from './zip-write'

/** What goes into a container; lists that may be left out are empty. */
export type EvidenceContents = Omit<Evidence, 'deposits' | 'others'> & Partial<Pick<Evidence, 'deposits' | 'others'>>

type Listed = Member & { readonly role: FileRole; readonly hash: Uint8Array }

/**
 * Evidence as FORMAT.md section 9 has it: `evidence.json` first, then the members by path. The same contents give the
 * same bytes; what two signatures share is there once.
 * @throws {@link EvidenceError} `EVIDENCE_INVALID` when a receipt or the trust is not such a record; `EVIDENCE_TOO_LARGE`.
 */
export function writeEvidence(contents: EvidenceContents): Uint8Array {
  const files = new Map<string, Listed>()
  const index = writing(() => listAll(contents, files))
  const members = [
    { path: PLACES.index as string, bytes: writing(() => EvidenceFormat.encode(index)) },
    ...inOrder(files),
  ]
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
  for (const { role, bytes, path } of contents.others ?? []) add(role, bytes, () => path)
  const listed = inOrder(files).map(({ hash, path, role }) => ({ digest: digestFromBytes(hash), path, role }))
  return { created: contents.created, deposits, files: listed, signatures, ...(trust && { trust }), type: TYPE }
}

const TYPE = 'cinnabar.evidence.v1'

function byId<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
}
