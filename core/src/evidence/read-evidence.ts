import { FormatError } from '../encode/canonical'
import { readOnce } from '../encode/read-once'
import { ClaimsFormat } from '../model/claims'
import { type Digest, digestOf } from '../model/digest'
import { EvidenceFormat, type EvidenceIndex, type FileRole, path as pathSchema } from '../model/evidence'
import { type Receipt, ReceiptFormat } from '../model/receipt'
import { TrustFormat } from '../model/trust'
import { assertionOf, type Parts, partsOf } from './asic'
import { type Evidence, type OtherMember, PLACES } from './evidence'
import { EvidenceError, invalidMember } from './evidence-error'
import { readZip } from './zip-read'
import type { Member } from './zip-write'

/** The roles that this version reads. */
const READ_ROLES = ['receipt', 'certificate', 'crl', 'token', 'trust', 'report', 'document', 'claims'] as FileRole[]
/** Of members of META-INF that are not ours: what others added to the container. */
const ASIC_ROLE = 'asic' as FileRole

/**
 * Reads a container whole or not at all: every member is listed, has the digest listed, lies where its role puts it and
 * is used; receipts and trust are canonical. It says nothing of whether the evidence proves anything: the verifier does.
 * @throws {@link EvidenceError} with its codes.
 */
export function readEvidence(zip: Uint8Array): Evidence {
  const { members: all, asic } = partsOf(readZip(zip))
  const [first, ...rest] = all
  if (first?.path !== PLACES.index) throw invalidMember(PLACES.index, 'must come first')
  const index = reading(PLACES.index, () => EvidenceFormat.parse(first.bytes))
  for (const { path } of rest) reading(path, () => pathSchema(path, 'the path'))
  const members = new Members(rest, index)
  const evidence = takeAll(index, members)
  members.requireAllUsed()
  if (asic === undefined) return evidence
  const files = [{ path: first.path, digest: digestOf(first.bytes) }, ...members.listed()]
  return { ...evidence, assertion: assertionOf(asic, files), others: [...evidence.others, ...added(asic)] }
}

function added({ others }: NonNullable<Parts['asic']>): readonly OtherMember[] {
  return others.map((member) => ({ ...member, role: ASIC_ROLE }))
}

function takeAll(index: EvidenceIndex, members: Members): Evidence {
  const [trust] = index.trust === undefined ? [] : [members.take(index.trust, 'trust', PLACES.trust)]
  const document = members.takeIfListed(PLACES.document, 'document')
  const report = members.takeIfListed(PLACES.report, 'report')
  return {
    created: index.created,
    signatures: unique(index.signatures).map(({ id, receipts, certificates, crls }) => ({
      id,
      receipts: receipts.map((path, i) => receiptOf(members, path, PLACES.receipt(id, i), id, 'cinnabar.opening.v1')),
      certificates: certificates.map((path) => members.takeByDigest(path, 'certificate', PLACES.certificate)),
      crls: crls.map((path) => members.takeByDigest(path, 'crl', PLACES.crl)),
    })),
    deposits: unique(index.deposits).map(({ id, receipts, token }) => ({
      id,
      receipts: receipts.map((path, i) =>
        receiptOf(members, path, PLACES.receipt(id, i), id, 'cinnabar.depositOpening.v1'),
      ),
      token: members.take(token, 'token', PLACES.token(id)),
    })),
    ...(trust && { trust: reading(PLACES.trust, () => readTrust(trust)) }),
    ...(document && { document }),
    ...(report && { report }),
    claims: claimsIn(members),
    others: members.takeOthers(),
  }
}

/** The trust file is the consortium's, the same in every container. */
const readTrust = readOnce(TrustFormat.parse, { values: 8, maxBytes: 65_536 })

/** What the container says of itself may be more than this version knows, but no member that is not there. */
function claimsIn(members: Members): Evidence['claims'] {
  const bytes = members.takeIfListed(PLACES.claims, 'claims' as FileRole)
  if (bytes === undefined) return []
  const { claims } = reading(PLACES.claims, () => ClaimsFormat.parse(bytes))
  const missing = claims.flatMap(({ proof }) => proof).find((path) => !members.has(path))
  if (missing !== undefined) throw invalidMember(PLACES.claims, `names ${missing}, which is not there`)
  return claims
}

/** A record of our formats inside the container; its own reason becomes the cause. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof FormatError) throw invalidMember(path, cause.message, cause)
    throw cause
  }
}

function receiptOf(
  members: Members,
  path: string,
  place: string,
  id: string,
  type: Receipt['opening']['type'],
): Receipt {
  const bytes = members.take(path, 'receipt', place)
  const receipt = reading(path, () => ReceiptFormat.parse(bytes))
  if (receipt.opening.type === type && receipt.opening.id === id) return receipt
  throw invalidMember(path, 'is the receipt of something else')
}

function unique<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  if (new Set(list.map(({ id }) => id)).size === list.length) return list
  throw invalidMember(PLACES.index, 'names one id twice')
}

/** The members by path, each compared with the list; remembers which were asked for. */
class Members {
  readonly #all = new Map<string, Member & { readonly role: FileRole; readonly digest: Digest }>()
  readonly #used = new Set<string>()

  constructor(members: readonly Member[], index: EvidenceIndex) {
    const listed = new Map(index.files.map((file) => [file.path, file]))
    if (listed.size !== index.files.length) throw invalidMember(PLACES.index, 'lists one path twice')
    for (const member of members) {
      const details = { path: member.path }
      const file = listed.get(member.path)
      if (file === undefined) throw new EvidenceError('EVIDENCE_NOT_LISTED', `${member.path} is not listed`, details)
      if (digestOf(member.bytes) !== file.digest) {
        throw new EvidenceError('EVIDENCE_DIGEST_MISMATCH', `${member.path} is not the file listed`, details)
      }
      this.#all.set(member.path, { ...member, role: file.role, digest: file.digest })
    }
    const missing = index.files.find(({ path }) => !this.#all.has(path))?.path
    if (missing !== undefined) {
      throw new EvidenceError('EVIDENCE_MEMBER_MISSING', `${missing} is listed but not there`, { path: missing })
    }
  }

  has(path: string): boolean {
    return this.#all.has(path)
  }

  /** In the container's order. */
  listed(): readonly { readonly path: string; readonly digest: Digest }[] {
    return [...this.#all.values()].map(({ path, digest }) => ({ path, digest }))
  }

  take(path: string, role: FileRole, place: string): Uint8Array {
    const member = this.#all.get(path)
    if (member?.role !== role || path !== place) throw invalidMember(path, `expected the ${role} at ${place}`)
    this.#used.add(path)
    return member.bytes
  }

  takeByDigest(path: string, role: FileRole, place: (hex: string) => string): Uint8Array {
    const digest = this.#all.get(path)?.digest ?? ''
    return this.take(path, role, place(digest.slice('sha256:'.length)))
  }

  takeIfListed(path: string, role: FileRole): Uint8Array | undefined {
    return this.#all.has(path) ? this.take(path, role, path) : undefined
  }

  takeOthers() {
    const found = [...this.#all.values()].flatMap(({ digest: _, ...member }) =>
      READ_ROLES.includes(member.role) ? [] : [member],
    )
    for (const { path } of found) this.#used.add(path)
    return found
  }

  requireAllUsed(): void {
    for (const path of this.#all.keys()) {
      if (!this.#used.has(path)) throw invalidMember(path, 'is listed but belongs to nothing')
    }
  }
}
