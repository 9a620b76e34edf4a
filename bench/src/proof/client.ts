import { mergeEvidence, readEvidence, sealSignatureIds, writeEvidence } from '@cinnabar/core'
import { demoLogins, type Service } from './service'

/** A refusal in RFC 9457's form. */
export class Refused extends Error {
  readonly code: string
  readonly status: number

  constructor(status: number, problem: { readonly code?: string; readonly detail?: string }) {
    super(`${status} ${problem.code}: ${problem.detail}`)
    this.code = problem.code ?? 'NO_CODE'
    this.status = status
  }
}

export interface Job {
  readonly id: string
  readonly state: string
  readonly code?: string
  readonly detail?: string
}

/** Where to seal: as the API takes it. */
export interface SealWish {
  readonly seal: string
  readonly page?: number
  readonly xMm?: number
  readonly yMm?: number
}

/** One user of the running service, by its HTTP API. */
export interface Client {
  /** Of the session, for requests that this does not know. */
  readonly token: string
  upload(pdf: Uint8Array, name: string): Promise<string>
  /** Seals and waits until it is anchored. */
  seal(document: string, wish: SealWish): Promise<Job>
  file(document: string): Promise<Uint8Array>
}

/** Logs in as one of the demonstration's users. */
export async function logIn(service: Pick<Service, 'url' | 'data'>, user: string): Promise<Client> {
  const login = (await demoLogins(service.data)).find((one) => one.user === user)
  if (login === undefined) throw new Error(`demo.json has no user ${user}`)
  const body = JSON.stringify({ user, password: login.password })
  const session = await ask(`${service.url}/v1/sessions`, { method: 'POST', headers: JSON_BODY, body })
  const { token } = (await session.json()) as { readonly token: string }
  const authorization = `Bearer ${token}`
  return {
    token,
    async upload(pdf, name) {
      const headers = { authorization, 'content-type': 'application/pdf' }
      const url = `${service.url}/v1/documents?name=${encodeURIComponent(name)}`
      const answer = await ask(url, { method: 'POST', headers, body: new Uint8Array(pdf) })
      return ((await answer.json()) as { readonly id: string }).id
    },
    async seal(document, wish) {
      const url = `${service.url}/v1/documents/${document}/seal-signatures?wait=anchored`
      const headers = { authorization, ...JSON_BODY }
      const answer = await ask(url, { method: 'POST', headers, body: JSON.stringify(wish) })
      return (await answer.json()) as Job
    },
    async file(document) {
      const answer = await ask(`${service.url}/v1/documents/${document}/file`, { headers: { authorization } })
      return new Uint8Array(await answer.arrayBuffer())
    },
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

async function ask(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init)
  if (answer.ok) return answer
  throw new Refused(answer.status, (await answer.json()) as { readonly code?: string; readonly detail?: string })
}

/** The evidence of every seal in the file, in one container, as a stranger fetches it. */
export async function fetchEvidence({ url }: Pick<Service, 'url'>, pdf: Uint8Array): Promise<Uint8Array> {
  const containers = await Promise.all(
    sealSignatureIds(pdf).map(async (id) => {
      const answer = await ask(`${url}/v1/evidence/${id}`, {})
      return readEvidence(new Uint8Array(await answer.arrayBuffer()))
    }),
  )
  return writeEvidence(mergeEvidence(containers))
}
