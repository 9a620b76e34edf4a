import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  buildOcspRequest,
  CodedError,
  equal,
  type MaterialGiven,
  parseCrl,
  parseOcspResponse,
  type RevocationPlace,
  readableCertificates,
  revocationPlaces,
  statusOf,
} from '@cinnabar/core'
import { AskError, askPublic, type PublicQuestion } from './ask-public'
import { CliError } from './cli-error'
import type { Context } from './context'
import { systemCode } from './input-file'
import { writeWhole } from './output-file'

/** How revocation is asked for. */
export interface FetchOptions {
  /** Nothing is asked unless it is set. */
  readonly fetchRevocation?: boolean
  /** Also at addresses of one's own machine and network. */
  readonly allowPrivateAddresses?: boolean
  /** A folder where what was fetched is kept. */
  readonly keep?: string
}

/** What was fetched, DER. */
export interface Fetched {
  readonly crls: readonly Uint8Array[]
  readonly answers: readonly Uint8Array[]
  /** By their own word, when the newest of them was made. */
  readonly newest?: Date
}

/** For what certificates: those of a file. */
export interface FetchSubject {
  readonly pdf: Uint8Array
  /** Certificates in DER that the user trusts. */
  readonly anchors: readonly Uint8Array[]
  readonly material?: MaterialGiven
}

const MAX_CRL_BYTES = 16 << 20
const MAX_OCSP_BYTES = 64 << 10
/** A certificate names a few; each costs a request. */
const MAX_URLS = 2

interface Fetching {
  readonly context: Context
  readonly options: FetchOptions
  /** What each address gave, so that none is asked twice for a CRL. */
  readonly crls: Map<string, Uint8Array | undefined>
  readonly answers: Uint8Array[]
}

/**
 * Asks where the certificates of a file say whether they were revoked: OCSP first, and CRLs where that gives no word. Only certificates that
 * lead to the anchors are followed, and what is fetched is as hostile as the file: whether it counts is for the verifier to say.
 * @throws {@link CliError} `OUTPUT_NOT_WRITABLE`, of the folder. An address that gives nothing is told and left out.
 */
export async function fetchRevocation(
  context: Context,
  subject: FetchSubject,
  options: FetchOptions,
): Promise<Fetched> {
  if (!options.fetchRevocation) return { crls: [], answers: [] }
  const fetching: Fetching = { context, options, crls: new Map(), answers: [] }
  const places = await revocationPlaces(subject)
  for (const place of places) await askFor(place, subject, fetching)
  // A responder that its issuer wants checked came only with its answer.
  const responders = fetching.answers.flatMap((der) => parseOcspResponse(der).certificates)
  const certificates = [...(subject.material?.certificates ?? []), ...responders]
  const more = await revocationPlaces({ ...subject, material: { ...subject.material, certificates } })
  const isNew = ({ certificate }: RevocationPlace) => !places.some((one) => equal(one.certificate.der, certificate.der))
  for (const { certificate, crlUrls } of more.filter(isNew)) {
    if (!certificate.ocspNoCheck) await askCrls(crlUrls, fetching)
  }
  const crls = [...fetching.crls.values()].filter((one) => one !== undefined)
  if (options.keep !== undefined) await keepAll(options.keep, { crls, answers: fetching.answers }, context)
  return { crls, answers: fetching.answers, newest: newestOf(crls, fetching.answers) }
}

/** LDAP and others are not asked. */
function overHttp(urls: readonly string[]): readonly string[] {
  return urls.filter((url) => /^https?:/i.test(url)).slice(0, MAX_URLS)
}

async function askFor(place: RevocationPlace, subject: FetchSubject, fetching: Fetching): Promise<void> {
  for (const url of overHttp(place.ocspUrls)) {
    const answer = await askOcsp(url, place, fetching)
    if (answer === undefined) continue
    fetching.answers.push(answer)
    if (await tellsOf(place, answer, subject, fetching)) return
  }
  await askCrls(place.crlUrls, fetching)
}

async function askCrls(urls: readonly string[], fetching: Fetching): Promise<void> {
  for (const url of overHttp(urls)) {
    if (fetching.crls.has(url)) continue
    fetching.crls.set(url, undefined)
    const question = { accept: 'application/pkix-crl, */*', maxBytes: MAX_CRL_BYTES }
    fetching.crls.set(url, await asked(url, question, (der) => parseCrl(der), fetching))
  }
}

async function askOcsp(url: string, place: RevocationPlace, fetching: Fetching): Promise<Uint8Array | undefined> {
  const nonce = new Uint8Array(randomBytes(32))
  const bytes = await buildOcspRequest({ ...place, nonce })
  const question = {
    body: { type: 'application/ocsp-request', bytes },
    accept: 'application/ocsp-response',
    maxBytes: MAX_OCSP_BYTES,
  }
  const read = (der: Uint8Array) => {
    const { nonce: repeated } = parseOcspResponse(der)
    if (repeated !== undefined && !equal(repeated, nonce)) throw new NonceError('NONCE_DIFFERS', 'NONCE_DIFFERS')
  }
  return asked(url, question, read, fetching)
}

/** The answer was made for somebody else's question, at whatever time. */
class NonceError extends CodedError<'NONCE_DIFFERS'> {}

async function asked(
  url: string,
  question: PublicQuestion,
  read: (der: Uint8Array) => unknown,
  { context: { voice, texts }, options }: Fetching,
): Promise<Uint8Array | undefined> {
  voice.note(texts.note.askingRevocation(url))
  try {
    const mayGo = options.allowPrivateAddresses ? { mayGo: () => true } : {}
    const der = await askPublic(url, { ...question, ...mayGo })
    read(der)
    return der
  } catch (refusal) {
    if (!(refusal instanceof CodedError)) throw refusal
    const known = refusal instanceof AskError || refusal instanceof NonceError
    voice.note(texts.note.revocationNotFetched(url, known ? refusal.code : 'UNREADABLE'))
    return undefined
  }
}

/** Whether the answer says anything of this certificate that counts now. */
async function tellsOf(
  { certificate, issuer }: RevocationPlace,
  der: Uint8Array,
  subject: FetchSubject,
  { context }: Fetching,
): Promise<boolean> {
  const now = clockWith(context.surroundings.now(), parseOcspResponse(der).producedAt)
  const anchors = readableCertificates(subject.anchors)
  const answers = [{ what: parseOcspResponse(der), knownAt: now }]
  const status = await statusOf(certificate, issuer, { crls: [], answers, others: [], anchors, at: now, now })
  return status.kind !== 'unknown'
}

/** Clocks are not all alike: what a responder just said may seem to be still to come. */
const MAX_AHEAD_MS = 60_000

/** Now, or a little later where what was just fetched says so. */
export function clockWith(now: Date, newest: Date | undefined): Date {
  const ahead = newest === undefined ? 0 : newest.getTime() - now.getTime()
  return newest !== undefined && ahead > 0 && ahead <= MAX_AHEAD_MS ? newest : now
}

function newestOf(crls: readonly Uint8Array[], answers: readonly Uint8Array[]): Date | undefined {
  const times = [
    ...crls.map((der) => parseCrl(der).thisUpdate),
    ...answers.map((der) => parseOcspResponse(der).producedAt),
  ]
  return times.sort((a, b) => b.getTime() - a.getTime())[0]
}

async function keepAll(folder: string, { crls, answers }: Fetched, { surroundings, voice, texts }: Context) {
  const target = resolve(surroundings.folder, folder)
  try {
    await mkdir(target, { recursive: true })
  } catch (cause) {
    throw new CliError('OUTPUT_NOT_WRITABLE', { path: folder, reason: systemCode(cause) }, cause)
  }
  const named = (kind: string) => (bytes: Uint8Array) => ({
    path: join(target, `${createHash('sha256').update(bytes).digest('hex')}.${kind}`),
    bytes,
  })
  const files = [...crls.map(named('crl')), ...answers.map(named('ocsp'))]
  for (const { path, bytes } of files) await writeWhole({ path, force: true }, bytes, surroundings)
  voice.note(texts.note.revocationKept(files.length, folder))
}
