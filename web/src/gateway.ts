import {
  CodedError,
  INSTITUTION_KINDS,
  type InstitutionKind,
  type Names,
  SEAL_KINDS,
  type SealKind,
} from '@cinnabar/core'

/** A service that does not answer as it should. */
export class GatewayError extends CodedError<'GATEWAY_UNREACHABLE' | 'GATEWAY_REFUSED' | 'GATEWAY_ANSWER_INVALID'> {}

/** What the service states under the number of a QR code; shown, never judged by. */
export interface SealFacts {
  readonly sealKind?: SealKind
  readonly sealName?: string
  readonly institution?: string
  readonly institutionNames?: Names
  readonly institutionKind?: InstitutionKind
  readonly provenTime?: string
  readonly recordedAt?: string
  readonly useNumber?: number
  readonly status?: string
}

/** What the page asks of the service. Each answers undefined when the service knows nothing under that number. */
export interface Gateway {
  readonly host: string
  /** Each request made so far, as method and path. */
  readonly requests: readonly string[]
  trust(): Promise<Uint8Array | undefined>
  evidence(id: string): Promise<Uint8Array | undefined>
  facts(id: string): Promise<SealFacts | undefined>
}

const TIMEOUT_MS = 30_000
const MAX_EVIDENCE_BYTES = 64 << 20
const MAX_TRUST_BYTES = 4 << 20
const MAX_FACTS_BYTES = 64 << 10

/** The service that served this page, over HTTP. */
export function httpGateway(location: Location): Gateway {
  const requests: string[] = []
  const get = (path: string, maxBytes: number) => {
    requests.push(`GET ${path}`)
    return fetchBytes(path, maxBytes)
  }
  return {
    host: location.host,
    requests,
    trust: () => get('/v1/trust', MAX_TRUST_BYTES),
    evidence: (id) => get(`/v1/evidence/${id}`, MAX_EVIDENCE_BYTES),
    facts: async (id) => {
      const bytes = await get(`/v1/printed-codes/${id}`, MAX_FACTS_BYTES)
      return bytes === undefined ? undefined : readFacts(bytes)
    },
  }
}

async function fetchBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const response = await ask(path)
  if (response.status === 404) return undefined
  if (!response.ok) throw new GatewayError('GATEWAY_REFUSED', `${path} answered ${response.status}`)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    length += read.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw new GatewayError('GATEWAY_ANSWER_INVALID', `${path} answered more than ${maxBytes} bytes`)
    }
    parts.push(read.value)
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

async function ask(path: string): Promise<Response> {
  try {
    return await fetch(path, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (cause) {
    throw new GatewayError('GATEWAY_UNREACHABLE', `${path} did not answer`, {}, cause)
  }
}

/** Takes the members it knows if they are of the right type; a stranger's words become text, never markup. */
export function readFacts(bytes: Uint8Array): SealFacts {
  const facts = parseObject(bytes)
  const seal = asObject(facts.seal)
  const institution = asObject(facts.institution)
  const names = asObject(institution.names)
  const { en, zh } = names
  return {
    sealKind: word(seal.kind, SEAL_KINDS),
    sealName: text(seal.displayName),
    institution: text(institution.id),
    institutionNames: typeof en === 'string' && typeof zh === 'string' ? { en, zh } : undefined,
    institutionKind: word(institution.kind, INSTITUTION_KINDS),
    provenTime: text(facts.provenTime),
    recordedAt: text(facts.recordedAt),
    useNumber: Number.isSafeInteger(facts.useNumber) ? (facts.useNumber as number) : undefined,
    status: text(facts.status),
  }
}

type Members = Readonly<Record<string, unknown>>

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const word = <T extends string>(value: unknown, words: readonly T[]) => words.find((one) => one === value)
const asObject = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {})

function parseObject(bytes: Uint8Array): Members {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null) return value as Members
  } catch (cause) {
    throw new GatewayError('GATEWAY_ANSWER_INVALID', 'the facts are not JSON', {}, cause)
  }
  throw new GatewayError('GATEWAY_ANSWER_INVALID', 'the facts are not an object')
}
