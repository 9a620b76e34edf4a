import { connect } from './connect'
import { Refusal } from './refusal'

interface Seen {
  readonly url: string
  readonly init: RequestInit
}

/** A client whose requests are seen, and all answered alike. */
function seeing(answer: () => Response, token?: string) {
  const seen: Seen[] = []
  const fake: typeof fetch = async (url, init = {}) => {
    seen.push({ url: String(url), init })
    return answer()
  }
  return { seen, client: connect({ url: 'http://host/', fetch: fake, ...(token !== undefined && { token }) }) }
}

const json = (value: unknown, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(value), { status, headers: { 'Content-Type': type } })

describe('the client', () => {
  it('puts what it is given where the operation reads it', async () => {
    const { seen, client } = seeing(() => json({ id: 'j' }), 't')
    await client.sealDocument({ id: 'a/b', wait: 'anchored', idempotencyKey: 'k', body: { seal: 'official' } })
    const [{ url, init }] = seen
    expect(url).toBe('http://host/v1/documents/a%2Fb/seal-signatures?wait=anchored')
    expect(init).toMatchObject({ method: 'POST', body: '{"seal":"official"}', redirect: 'error' })
    expect(init.headers).toEqual({
      Authorization: 'Bearer t',
      'Content-Type': 'application/json',
      'Idempotency-Key': 'k',
    })
  })

  it('leaves out what it is not given', async () => {
    const { seen, client } = seeing(() => json({ seals: [] }))
    await client.listSeals()
    await client.listSeals({ limit: undefined, kind: 'contract' })
    expect(seen.map(({ url }) => url)).toEqual(['http://host/v1/seals', 'http://host/v1/seals?kind=contract'])
    expect(seen[0].init.headers).toEqual({})
  })

  it('gives bytes as they are', async () => {
    const { client } = seeing(() => new Response(new Uint8Array([1, 2])))
    expect(await client.getEvidence({ id: '0' })).toEqual(new Uint8Array([1, 2]))
  })

  it('refuses with the service’s code and advice', async () => {
    const problem = {
      code: 'SEAL_RETIRED',
      detail: 'it is retired',
      advice: 'Use another.',
      requestId: 'r',
      facts: { a: 1 },
    }
    const { client } = seeing(() => json(problem, 409, 'application/problem+json'))
    const refusal = await client.listSeals().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({
      status: 409,
      code: 'SEAL_RETIRED',
      advice: 'Use another.',
      requestId: 'r',
      facts: { a: 1 },
    })
  })

  it('refuses with the status alone what something in between answers', async () => {
    const { client } = seeing(() => new Response('<html>', { status: 502 }))
    await expect(client.listSeals()).rejects.toMatchObject({ status: 502, code: 'HTTP_502' })
  })

  it('gives up when there is no answer in time', async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const client = connect({ url: 'http://host', fetch: never, timeoutMs: 20 })
    await expect(client.health()).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})
