import {
  buildCrl,
  type CrlEntry,
  fromBase64,
  fromHex,
  isCompromise,
  keyIdentifier,
  parseCertificate,
  type RevocationReason,
  toBase64,
  toHex,
} from '@cinnabar/core'
import type { Store, Stored } from '../store/store'
import type { AuthorityParts, Root } from './root'

/** One revocation as it is kept: text for times (ISO 8601), hexadecimal for the serial number. */
export interface KeptRevocation {
  readonly serial: string
  readonly at: string
  readonly reason: RevocationReason
  readonly invalidityDate: string
}

/** A CA's revocations and the CRL last signed: one document, so that a revocation and the end of the old CRL are one write. */
interface CrlState {
  readonly institution: string
  /** Of the CRL last signed; 0 before the first. */
  readonly number: number
  readonly revoked: readonly KeptRevocation[]
  /** Absent until asked for, and after each revocation. */
  readonly current?: { readonly der: string; readonly thisUpdate: string }
}

const LIFE_MS = 7 * 24 * 3600 * 1000

/** Starts a CA's list; does nothing when it has one. */
export async function startCrl(store: Store, ca: string, institution: string): Promise<void> {
  const empty: CrlState = { institution, number: 0, revoked: [] }
  await store.insert('settings', idOf(ca), empty)
}

/** The institution whose CA this is. */
export async function ownerOf(store: Store, ca: string): Promise<string | undefined> {
  return (await stateOf(store, ca))?.value.institution
}

/**
 * The CA's CRL: the last one until half of its seven days have passed or a certificate was revoked, else a new one with
 * the next number.
 * @returns DER; undefined when there is no such CA.
 */
export async function currentCrl(parts: AuthorityParts, ca: string, root: Root): Promise<Uint8Array | undefined> {
  for (;;) {
    const state = await stateOf(parts.store, ca)
    if (state === undefined) return undefined
    const now = parts.clock.now()
    const { current } = state.value
    if (current !== undefined && now.getTime() < Date.parse(current.thisUpdate) + LIFE_MS / 2) {
      return fromBase64(current.der)
    }
    const next = await signCrl(parts, { root, state: state.value, now })
    // Another request may have signed or revoked meanwhile: then its list counts.
    if (await parts.store.replace('settings', idOf(ca), state.version, next.state)) return next.der
  }
}

async function signCrl(
  { keys }: AuthorityParts,
  { root, state, now }: { readonly root: Root; readonly state: CrlState; readonly now: Date },
): Promise<{ readonly der: Uint8Array; readonly state: CrlState }> {
  const signer = await keys.signer(root.keyId)
  const number = state.number + 1
  const request = {
    issuer: parseCertificate(root.certificate).subject,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + LIFE_MS),
    number,
    revoked: state.revoked.map(entryOf),
    issuerKeyId: keyIdentifier(signer.spki),
  }
  const der = await buildCrl(request, signer)
  return { der, state: { ...state, number, current: { der: toBase64(der), thisUpdate: now.toISOString() } } }
}

function entryOf({ serial, at, reason, invalidityDate }: KeptRevocation): CrlEntry {
  return { serial: fromHex(serial), at: new Date(at), reason, invalidityDate: new Date(invalidityDate) }
}

/** Adds a revocation durably; one of the same certificate may only make things worse: an earlier date, or compromise. */
export async function addRevocation(store: Store, ca: string, revocation: KeptRevocation): Promise<void> {
  for (;;) {
    const state = await stateOf(store, ca)
    if (state === undefined) return
    const { current: _, ...rest } = state.value
    const before = rest.revoked.find(({ serial }) => serial === revocation.serial)
    const now = before === undefined ? revocation : worseOf(before, revocation)
    if (before !== undefined && now.reason === before.reason && now.invalidityDate === before.invalidityDate) return
    const revoked = [...rest.revoked.filter(({ serial }) => serial !== revocation.serial), now]
    if (await store.replace('settings', idOf(ca), state.version, { ...rest, revoked })) return
  }
}

function worseOf(before: KeptRevocation, now: KeptRevocation): KeptRevocation {
  const reason = isCompromise(now.reason) && !isCompromise(before.reason) ? now.reason : before.reason
  const [invalidityDate] = [now.invalidityDate, before.invalidityDate].sort()
  return { ...before, reason, invalidityDate }
}

/** Hexadecimal of the serial number's content bytes, as CRL and certificate carry it. */
export function serialText(certificate: Uint8Array): string {
  return toHex(parseCertificate(certificate).serial)
}

function idOf(ca: string): string {
  return `crl/${ca}`
}

function stateOf(store: Store, ca: string): Promise<Stored<CrlState> | undefined> {
  return store.get<CrlState>('settings', idOf(ca))
}
