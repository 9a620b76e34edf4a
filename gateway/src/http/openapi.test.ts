import { Validator } from '@seriousme/openapi-schema-validator'
import { contractOf } from '../../test/contract'
import { BUREAU, type HttpGateway, startHttpGateway } from '../../test/http-gateway'
import { sampleRequests } from '../../test/sample-requests'
import { ROLES } from '../people/users'
import { routesOf } from './app'
import type { OpenApi, Operation } from './openapi'

let http: HttpGateway
let document: OpenApi

beforeAll(async () => {
  http = await startHttpGateway()
  await http.enter('sealer', BUREAU, ROLES)
  document = await (await http.call('GET', '/openapi.json')).json()
}, 120_000)
afterAll(() => http.close())

function operations(): readonly Operation[] {
  return Object.values(document.paths).flatMap((methods) => Object.values(methods))
}

describe('the document', () => {
  it('is valid OpenAPI 3.1, with references that lead somewhere', async () => {
    const validator = new Validator()
    expect(await validator.validate({ ...document })).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(() => validator.resolveRefs()).not.toThrow()
  }, 60_000)

  it('is refused by that check once a part is missing', async () => {
    const { info: _, ...broken } = document
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  it('has every route, each with its own name, and says who may call', () => {
    const routes = routesOf(http.deps)
    expect(operations().map(({ operationId }) => operationId)).toEqual(routes.map(({ operation }) => operation))
    expect(new Set(routes.map(({ operation }) => operation)).size).toBe(routes.length)
    expect(document.paths['/v1/documents'].post.security).toEqual([{ session: ['sealer'] }])
    expect(document.paths['/v1/documents/{id}'].get.security).toEqual([{ session: [] }])
    expect(document.paths['/v1/trust'].get.security).toEqual([])
  })

  it('names each parameter of an address, and no other', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const { parameters } of Object.values(methods)) {
        expect([path, parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([path, named])
      }
    }
  })

  it('tells what may be left out, within which bounds', () => {
    const { parameters } = document.paths['/v1/institutions/{id}/log'].get
    const limit = { name: 'limit', in: 'query', required: false }
    expect(parameters).toContainEqual({
      ...limit,
      schema: { default: 100, type: 'integer', minimum: 1, maximum: 1000 },
    })
  })

  it('lists each refusal under its status', () => {
    const { responses } = document.paths['/v1/documents/{id}'].get
    const codes = (status: number) => JSON.stringify(responses[status].content['application/problem+json'])
    expect(codes(404)).toContain('DOCUMENT_UNKNOWN')
    expect(codes(401)).toContain('SESSION_EXPIRED')
  })
})

describe('answers', () => {
  it('of every route are as the document says', async () => {
    const samples = await sampleRequests(http)
    for (const sample of samples.values()) {
      const given = (await sample.fresh?.()) ?? sample.given
      await http.call(sample.method, sample.path, { as: 'sealer', ...given })
    }
    const good = new Set([...http.answered].filter((one) => / 2\d\d$/.test(one)).map((one) => one.split(' ')[0]))
    expect(operations().flatMap(({ operationId }) => (good.has(operationId) ? [] : [operationId]))).toEqual([])
    expect(http.breaches).toEqual([])
  }, 60_000)

  it('with a member too many, or of another shape, are told apart', () => {
    const contract = contractOf(document)
    const answer = { method: 'GET', path: '/healthz', status: 200, type: 'application/json; charset=utf-8' }
    expect(contract.faults({ ...answer, text: '{"status":"ok"}' })).toEqual([])
    expect(contract.faults({ ...answer, text: '{"status":"ok","host":"a"}' })).toHaveLength(1)
    expect(contract.faults({ ...answer, text: '{}' })).toHaveLength(1)
    expect(contract.faults({ ...answer, status: 418, text: '{"status":"ok"}' })).toHaveLength(1)
    expect(contract.faults({ ...answer, type: 'text/html', text: '' })).toHaveLength(1)
    expect(contract.faults({ ...answer, path: '/v1/none', text: '{}' })).toHaveLength(1)
  })
})
