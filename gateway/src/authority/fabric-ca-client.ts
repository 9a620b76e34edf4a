import { X509Certificate } from 'node:crypto'
import { request as httpsRequest } from 'node:https'
import { fromBase64, type RevocationReason, type Signer, toBase64, utf8 } from '@cinnabar/core'
import { z } from 'zod'
import { AuthorityError } from './authority-error'
import type { FabricSealCa } from './fabric-ca-config'

/** An identity that the CA has enrolled: what its calls are signed by. */
export interface EnrolledCaller {
  /** DER. */
  readonly certificate: Uint8Array
  readonly signer: Signer
}

/** Whom to enrol, over which key. */
export interface Enrolment {
  readonly id: string
  readonly secret: string
  /** DER CertificationRequest; its common name is the id. */
  readonly request: Uint8Array
  /** The CA's default unless given. */
  readonly profile?: string
}

type Server = Pick<FabricSealCa, 'url' | 'tlsRoot' | 'name'>

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 16 << 20

const answerSchema = z.object({
  success: z.boolean(),
  result: z.unknown(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).nullish(),
})
const enrolled = z.object({ Cert: z.string() })
const listed = z.object({ CRL: z.string() })

/**
 * Has a certificate issued.
 * @returns DER.
 * @throws {@link AuthorityError} `CA_UNAVAILABLE`, `CA_REFUSED`, `CA_INVALID`.
 */
export async function enrol(server: Server, { id, secret, request, profile }: Enrolment): Promise<Uint8Array> {
  const basic = `Basic ${toBase64(utf8(`${id}:${secret}`))}`
  const certificate_request = pemOf('CERTIFICATE REQUEST', request)
  const body = JSON.stringify({ certificate_request, caname: server.name, profile: profile ?? '' })
  const { Cert } = readAs(enrolled, await post(server, 'enroll', body, () => Promise.resolve(basic)))
  return derIn(Cert)
}

/** An identity to be made. */
export interface Registration {
  readonly id: string
  readonly secret: string
  /** Attributes that its certificate will carry. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** Makes an identity that can enrol once. @throws as {@link enrol} does. */
export async function register(server: Server, caller: EnrolledCaller, registration: Registration): Promise<void> {
  const { id, secret, attributes = {} } = registration
  const attrs = Object.entries(attributes).map(([name, value]) => ({ name, value, ecert: true }))
  await call(server, caller, 'register', { id, secret, type: 'client', affiliation: '', max_enrollments: 1, attrs })
}

/** A certificate of the CA, by what its database is keyed with: lower-case hexadecimal. */
export interface Revoked {
  readonly serial: string
  /** Authority key identifier. */
  readonly aki: string
  readonly reason: RevocationReason
}

/** Fabric CA's code for a certificate that is revoked already. */
const ALREADY_REVOKED = 66

/** Revokes a certificate; one that is revoked stays so. @throws as {@link enrol} does. */
export async function revoke(server: Server, caller: EnrolledCaller, { serial, aki, reason }: Revoked): Promise<void> {
  try {
    await call(server, caller, 'revoke', { serial, aki, reason: reason.toLowerCase() })
  } catch (refusal) {
    const again = refusal instanceof AuthorityError && refusal.details.caCode === ALREADY_REVOKED
    if (!again) throw refusal
  }
}

/** The CA's complete CRL of this moment, DER. @throws as {@link enrol} does. */
export async function generateCrl(server: Server, caller: EnrolledCaller): Promise<Uint8Array> {
  return derIn(readAs(listed, await call(server, caller, 'gencrl', {})).CRL)
}

/**
 * Fabric CA's token: the caller's certificate, and its key's signature over method, path, body and certificate, all in
 * base64 and joined by dots (fabric-ca util.GenECDSAToken).
 */
function call(server: Server, { certificate, signer }: EnrolledCaller, path: string, members: object) {
  const body = JSON.stringify({ ...members, caname: server.name })
  const text = (value: string) => toBase64(utf8(value))
  return post(server, path, body, async (uri) => {
    const own = text(new X509Certificate(certificate).toString())
    const signature = await signer.sign(utf8(`POST.${text(uri)}.${text(body)}.${own}`))
    return `${own}.${toBase64(signature)}`
  })
}

async function post(
  { url, tlsRoot }: Server,
  path: string,
  body: string,
  authorization: (uri: string) => Promise<string>,
): Promise<unknown> {
  const address = new URL(`/api/v1/${path}`, url)
  const headers = {
    authorization: await authorization(address.pathname),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  }
  const { status, text } = await exchange(address, { tlsRoot, headers, body })
  const answer = answerSchema.safeParse(jsonOf(text))
  if (!answer.success) {
    throw new AuthorityError('CA_INVALID', `the CA at ${url} answered ${status} in an unknown form`, { status })
  }
  if (answer.data.success) return answer.data.result
  const [first] = answer.data.errors ?? []
  const caCode = first?.code ?? 0
  const why = `the CA at ${url} refused to ${path}: ${first?.message ?? 'no reason given'}`
  throw new AuthorityError('CA_REFUSED', why, { status, caCode })
}

interface Exchange {
  readonly tlsRoot: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

function exchange(address: URL, { tlsRoot, headers, body }: Exchange) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(new AuthorityError('CA_UNAVAILABLE', `the CA at ${address.origin} does not answer`, {}, cause))
    const options = { method: 'POST', ca: tlsRoot, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }
    const sent = httpsRequest(address, options, (answer) => {
      const parts: Buffer[] = []
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
        parts.push(part)
        if (bytes > MAX_ANSWER_BYTES) sent.destroy(new RangeError('the answer is too large'))
      })
      answer.once('error', failed)
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }))
    })
    sent.once('error', failed)
    sent.end(body)
  })
}

function readAs<T>(schema: z.ZodType<T>, result: unknown): T {
  const parsed = schema.safeParse(result)
  if (parsed.success) return parsed.data
  throw new AuthorityError('CA_INVALID', `an answer of the CA: ${z.prettifyError(parsed.error)}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is not JSON is no answer in the known form either.
    return undefined
  }
}

const PEM = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----\s*$/

/** The DER in a base64 of PEM, as Fabric CA sends certificates and lists. */
function derIn(text: string): Uint8Array {
  const [, , body] = PEM.exec(Buffer.from(text, 'base64').toString('latin1')) ?? []
  if (body === undefined) throw new AuthorityError('CA_INVALID', 'the CA sent no PEM')
  return fromBase64(body.replaceAll(/[\r\n]/g, ''))
}

function pemOf(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
