import { equal } from '../encode/bytes'
import type { Claim } from '../model/claims'
import { digestOf } from '../model/digest'
import type { FileRole } from '../model/evidence'
import type { SealSignatureId } from '../model/identifiers'
import { type Receipt, ReceiptFormat } from '../model/receipt'
import { compareTimes, type Time } from '../model/time'
import type { Trust } from '../model/trust'
import type { Assertion } from './asic'

/** What proves one seal signature. */
export interface EvidenceSignature {
  readonly id: SealSignatureId
  /** Of this one use, at one or more sizes of the log: a later one says more of what became of the seal. */
  readonly receipts: readonly Receipt[]
  /** X.509 DER, the seal certificate first, then its issuers. */
  readonly certificates: readonly Uint8Array[]
  /** X.509 CRL DER. */
  readonly crls: readonly Uint8Array[]
}

/** What proves one deposit. */
export interface EvidenceDeposit {
  readonly id: SealSignatureId
  readonly receipts: readonly Receipt[]
  /** RFC 3161 TimeStampToken, DER. */
  readonly token: Uint8Array
}

/** A member of a role that this version does not read: kept and reported, never relied on. */
export interface OtherMember {
  readonly path: string
  readonly role: FileRole
  readonly bytes: Uint8Array
}

/** What a container holds, as {@link readEvidence} gives it. Certificates and CRLs are not read yet: they may be anything. */
export interface Evidence {
  readonly created: Time
  readonly signatures: readonly EvidenceSignature[]
  readonly deposits: readonly EvidenceDeposit[]
  /** The issuer's trust file: to be shown, never to judge by. */
  readonly trust?: Trust
  /** The sealed file itself, if it was asked for. */
  readonly document?: Uint8Array
  /** The report for people, PDF. */
  readonly report?: Uint8Array
  /** Which member proves what, as the container says: to be shown; the verifier finds what it needs by itself. */
  readonly claims: readonly Claim[]
  /** Of a container that is an ASiC-E: when it was closed, by whose clock. Its signature is not judged yet. */
  readonly assertion?: Assertion
  readonly others: readonly OtherMember[]
}

/** Where a member of each kind lies. */
export const PLACES = {
  index: 'evidence.json',
  claims: 'claims.json',
  trust: 'trust.json',
  document: 'document.pdf',
  report: 'report.pdf',
  /** The first receipt of a use, then the others, numbered from 1. */
  receipt: (id: string, position: number) => `receipts/${id}${position === 0 ? '' : `-${position}`}.json`,
  certificate: (hex: string) => `certificates/${hex}.der`,
  crl: (hex: string) => `crls/${hex}.crl`,
  token: (id: string) => `tokens/${id}.tst`,
} as const

const EPOCH = '1970-01-01T00:00:00Z' as Time

/**
 * One container's worth of several: what is in any of them, each thing once. All different receipts of one use stay:
 * two that disagree are a finding, which merging must not hide. A time assertion is over one container as it was: none stays.
 */
export function mergeEvidence(list: readonly Evidence[]): Evidence {
  const created = list.map((one) => one.created).reduce((a, b) => (compareTimes(a, b) < 0 ? b : a), EPOCH)
  const find = <K extends 'trust' | 'document' | 'report'>(key: K) => list.find((one) => one[key] !== undefined)?.[key]
  const [trust, document, report] = [find('trust'), find('document'), find('report')]
  const signatures = groups(list.flatMap((one) => one.signatures))
  const deposits = groups(list.flatMap((one) => one.deposits))
  return {
    created,
    signatures: signatures.map((same) => ({
      id: same[0].id,
      receipts: distinct(same.flatMap(receiptsOf), ReceiptFormat.digest),
      certificates: distinct(
        same.flatMap((one) => one.certificates),
        digestOf,
      ),
      crls: distinct(
        same.flatMap((one) => one.crls),
        digestOf,
      ),
    })),
    deposits: deposits.map((same) => ({
      ...same[0],
      receipts: distinct(same.flatMap(receiptsOf), ReceiptFormat.digest),
    })),
    ...(trust && { trust }),
    ...(document && { document }),
    ...(report && { report }),
    claims: distinct(
      list.flatMap((one) => one.claims),
      ({ claim, of }) => `${of} ${claim}`,
    ),
    others: keptApart(list.flatMap((one) => one.others)),
  }
}

/** FORMAT.md 9, newer parts: nobody here knows which of two under one path is right, so that both stay. */
function keptApart(all: readonly OtherMember[]): readonly OtherMember[] {
  const known = new Map<string, Uint8Array>()
  const renamed = all.map((one) => {
    const first = known.get(one.path) ?? one.bytes
    known.set(one.path, first)
    if (equal(first, one.bytes)) return one
    return { ...one, path: `${one.path}.${digestOf(one.bytes).slice('sha256:'.length).slice(0, 16)}` }
  })
  return distinct(renamed, ({ path }) => path)
}

const receiptsOf = (one: { readonly receipts: readonly Receipt[] }) => one.receipts

function distinct<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()]
}

function groups<T extends { readonly id: string }>(all: readonly T[]): readonly (readonly [T, ...T[]])[] {
  const byId = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const same = byId.get(one.id)
    if (same === undefined) byId.set(one.id, [one])
    else same.push(one)
  }
  return [...byId.values()]
}
