import { equal, latin1 } from '../encode/bytes'
import type { Certificate } from './certificate'
import { GENERAL_NAME, type GeneralName } from './general-name'
import { readName } from './name'
import { isBelow } from './name-compare'
import type { NameConstraints } from './path-extensions'
import { isSelfIssued } from './path-policies'

/** PKCS #9: a mailbox in a subject's name. */
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'
/** Names times constraints; more are there to keep a verifier busy. */
const MAX_COMPARISONS = 100_000

/** RFC 5280 6.1.3 (b): all names of a certificate, those in its subject included. */
function namesOf({ subject, alternativeNames }: Certificate): readonly GeneralName[] {
  const attributes = readName(subject).flat()
  const directory = attributes.length === 0 ? [] : [{ tag: GENERAL_NAME.directory, content: subject, name: subject }]
  const hasEmail = alternativeNames.some(({ tag }) => tag === GENERAL_NAME.email)
  const mailboxes = hasEmail ? [] : attributes.filter(({ oid }) => oid === EMAIL_ADDRESS)
  const emails = mailboxes.map(({ text }) => ({ tag: GENERAL_NAME.email, content: bytesOf(text) }))
  return [...directory, ...alternativeNames, ...emails]
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)
}

const lower = (content: Uint8Array) => latin1(content).toLowerCase()

/** RFC 5280 4.2.1.10: labels may be added on the left; a leading dot asks for at least one. */
function dnsFits(name: string, base: string): boolean {
  return base === '' || name === base || name.endsWith(base.startsWith('.') ? base : `.${base}`)
}

/** A host exactly, or with a leading dot any host of that domain. */
function hostFits(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) : host === base
}

function emailFits(name: Uint8Array, base: Uint8Array): boolean {
  const [mailbox, wanted] = [latin1(name), latin1(base)]
  const at = mailbox.lastIndexOf('@')
  const host = mailbox.slice(at + 1).toLowerCase()
  const wantedAt = wanted.lastIndexOf('@')
  if (wantedAt < 0) return hostFits(host, wanted.toLowerCase())
  return mailbox.slice(0, at) === wanted.slice(0, wantedAt) && host === wanted.slice(wantedAt + 1).toLowerCase()
}

/** RFC 3986 3.2: what stands between `//` and the port, without user. */
const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)(?::\d*)?(?:[/?#]|$)/

/** `undefined` for a URI without a host's name: a constraint cannot be judged of it, so it is met by none. */
function hostOf(uri: string): string | undefined {
  const host = HOST.exec(uri.toLowerCase())?.[1]
  return host === undefined || /^[\d.]+$/.test(host) ? undefined : host
}

function ipFits(address: Uint8Array, base: Uint8Array): boolean {
  if (base.length !== address.length * 2) return false
  return address.every((byte, i) => (byte & base[address.length + i]) === (base[i] & base[address.length + i]))
}

/** Whether a name lies in the subtree of a base of its own kind. */
function fits(name: GeneralName, base: GeneralName): boolean {
  switch (name.tag) {
    case GENERAL_NAME.directory:
      return name.name !== undefined && base.name !== undefined && isBelow(name.name, base.name)
    case GENERAL_NAME.dns:
      return dnsFits(lower(name.content), lower(base.content))
    case GENERAL_NAME.email:
      return emailFits(name.content, base.content)
    case GENERAL_NAME.uri: {
      const host = hostOf(latin1(name.content))
      return host !== undefined && hostFits(host, lower(base.content))
    }
    case GENERAL_NAME.ip:
      return ipFits(name.content, base.content)
    default:
      return equal(name.content, base.content)
  }
}

/** Kinds whose subtrees are understood; of any other a constraint permits nothing of that kind. */
const UNDERSTOOD: ReadonlySet<number> = new Set(Object.values(GENERAL_NAME))

function refuses({ permitted, excluded }: NameConstraints, name: GeneralName): boolean {
  const [may, mayNot] = [permitted, excluded].map((bases) => bases.filter(({ tag }) => tag === name.tag))
  if (may.length + mayNot.length === 0) return false
  if (!UNDERSTOOD.has(name.tag)) return true
  if (name.tag === GENERAL_NAME.uri && hostOf(latin1(name.content)) === undefined) return true
  return mayNot.some((base) => fits(name, base)) || (may.length > 0 && !may.some((base) => fits(name, base)))
}

/**
 * RFC 5280 4.2.1.10 and 6.1.3 (b), (c): whether a name constraint of a CA forbids the names of a certificate below it.
 * Self-issued CA certificates are not judged.
 * @param path - from the anchor down to the leaf. The anchor's own constraints count (RFC 5937).
 * @returns what is wrong, or `undefined`.
 */
export function nameRefusal(
  path: readonly Certificate[],
): { readonly at: Certificate; readonly why: string } | undefined {
  const inForce: NameConstraints[] = []
  for (const [i, certificate] of path.entries()) {
    if (inForce.length > 0 && (i + 1 === path.length || !isSelfIssued(certificate))) {
      const names = namesOf(certificate)
      const bases = inForce.reduce((count, { permitted, excluded }) => count + permitted.length + excluded.length, 0)
      if (names.length * bases > MAX_COMPARISONS) return { at: certificate, why: 'more names than are compared' }
      const wrong = names.some((name) => inForce.some((constraints) => refuses(constraints, name)))
      if (wrong) return { at: certificate, why: 'a name that a CA above may not give' }
    }
    if (certificate.nameConstraints !== undefined) inForce.push(certificate.nameConstraints)
  }
  return undefined
}
