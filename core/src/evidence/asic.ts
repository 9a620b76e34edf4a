import { equal, toBase64, utf8 } from '../encode/bytes'
import { sha256 } from '../encode/sha256'
import { type Digest, digestBytes } from '../model/digest'
import { TimestampError } from '../timestamp/timestamp-error'
import { parseToken, type TimestampToken } from '../timestamp/token'
import { invalidMember } from './evidence-error'
import type { Member } from './zip-write'

/** ETSI EN 319 162-1 A.1: the first member, stored, says what the container is. */
export const ASIC_MIME_TYPE = 'application/vnd.etsi.asic-e+zip'

/** EN 319 162-1 4.4: where the parts of the container's own lie. */
export const ASIC_PLACES = {
  mimetype: 'mimetype',
  folder: 'META-INF/',
  manifest: 'META-INF/ASiCManifest001.xml',
  token: 'META-INF/timestamp001.tst',
} as const

/** EN 319 162-1 A.2: `http://uri.etsi.org/02918/v1.2.1#`, the namespace of the manifest. */
const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
  <asic:SigReference URI="${ASIC_PLACES.token}" MimeType="application/vnd.etsi.timestamp-token"/>
`
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const MIME_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  pdf: 'application/pdf',
  der: 'application/pkix-cert',
  crl: 'application/pkix-crl',
  tst: 'application/vnd.etsi.timestamp-token',
}

/**
 * The manifest over which the time assertion is made: every data object with its digest, in the container's order.
 * Paths hold no character that XML would escape (FORMAT.md 9), so that the same members give the same bytes.
 */
export function asicManifest(files: readonly { readonly path: string; readonly digest: Digest }[]): Uint8Array {
  const references = files.map(({ path, digest }) => {
    const type = MIME_TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    return `  <asic:DataObjectReference URI="${path}" MimeType="${type}">
    <ds:DigestMethod Algorithm="${SHA256}"/>
    <ds:DigestValue>${toBase64(digestBytes(digest))}</ds:DigestValue>
  </asic:DataObjectReference>
`
  })
  return utf8(`${HEAD}${references.join('')}</asic:ASiCManifest>\n`)
}

/** The time assertion of a container, as it stands: its signature is not judged here. */
export interface Assertion {
  readonly manifest: Uint8Array
  /** RFC 3161, over the SHA-256 of the manifest. */
  readonly token: TimestampToken
}

/** A container taken apart: what evidence is made of, and what ASiC adds. */
export interface Parts {
  readonly members: readonly Member[]
  /** Absent in a container that is no ASiC-E. */
  readonly asic?: {
    readonly manifest: Uint8Array
    readonly token: Uint8Array
    /** Members of META-INF that this version does not read, such as others' manifests. */
    readonly others: readonly Member[]
  }
}

/**
 * Tells the members of ASiC-E from those of the evidence.
 * @throws EvidenceError `EVIDENCE_INVALID` when it is half of one and half of the other.
 */
export function partsOf(all: readonly Member[]): Parts {
  const [first, ...rest] = all
  const isOwn = ({ path }: Member) => /^(?:mimetype$|meta-inf(?:\/|$))/i.test(path)
  if (first?.path !== ASIC_PLACES.mimetype) {
    const stray = all.find(isOwn)
    if (stray !== undefined) throw invalidMember(stray.path, 'stands in a container that is no ASiC-E')
    return { members: all }
  }
  if (!equal(first.bytes, utf8(ASIC_MIME_TYPE))) throw invalidMember(first.path, `is not ${ASIC_MIME_TYPE}`)
  const own = rest.filter(isOwn)
  const stray = own.find(({ path }) => !path.startsWith(ASIC_PLACES.folder))
  if (stray !== undefined) throw invalidMember(stray.path, 'is no name that ASiC-E has')
  const named = (path: string) => {
    const found = own.find((one) => one.path === path)
    if (found === undefined) throw invalidMember(path, 'is missing')
    return found.bytes
  }
  const known: readonly string[] = [ASIC_PLACES.manifest, ASIC_PLACES.token]
  return {
    members: rest.filter((one) => !isOwn(one)),
    asic: {
      manifest: named(ASIC_PLACES.manifest),
      token: named(ASIC_PLACES.token),
      others: own.filter(({ path }) => !known.includes(path)),
    },
  }
}

/**
 * The time assertion, once the manifest is known to be that of exactly these data objects and the token to be over it.
 * @throws EvidenceError `EVIDENCE_INVALID` otherwise.
 */
export function assertionOf(
  { manifest, token }: NonNullable<Parts['asic']>,
  files: readonly { readonly path: string; readonly digest: Digest }[],
): Assertion {
  if (!equal(manifest, asicManifest(files))) {
    throw invalidMember(ASIC_PLACES.manifest, 'does not list exactly the members that there are')
  }
  const read = readToken(token)
  if (!equal(read.imprint.digest, sha256(manifest))) throw invalidMember(ASIC_PLACES.token, 'is over something else')
  return { manifest, token: read }
}

function readToken(bytes: Uint8Array): TimestampToken {
  try {
    return parseToken(bytes)
  } catch (cause) {
    if (cause instanceof TimestampError) throw invalidMember(ASIC_PLACES.token, cause.message, cause)
    throw cause
  }
}
