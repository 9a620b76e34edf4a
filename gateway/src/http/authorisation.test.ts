import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InstitutionId } from '@cinnabar/core'
import { BUREAU, COURT, type HttpGateway, startHttpGateway, tokenFor } from '../../test/http-gateway'
import { type Sample, sampleRequests } from '../../test/sample-requests'
import { ROLES } from '../people/users'
import { routesOf } from './app'
import { authorisationPage, type Caller, refusalOf } from './authorisation'
import { kindOf } from './problem'
import { isOpen, type Route } from './route'

const CALLERS: readonly Caller[] = [
  'none',
  ...(['own', 'other'] as const).flatMap((institution) => ROLES.map((role) => ({ role, institution }))),
]
/** What says that a caller is not to do this. */
const REFUSALS = ['LOGIN_REQUIRED', 'SESSION_INVALID', 'SESSION_EXPIRED', 'ROLE_REQUIRED', 'INSTITUTION_NOT_YOURS']

let http: HttpGateway
let routes: readonly Route[]
let samples: ReadonlyMap<string, Sample>

beforeAll(async () => {
  http = await startHttpGateway()
  routes = routesOf(http.deps)
  await http.enter('sealer', BUREAU, ['sealer'])
  samples = await sampleRequests(http)
}, 120_000)
afterAll(() => http.close())

async function asOf(caller: Caller): Promise<{ readonly as?: string }> {
  if (caller === 'none') return {}
  const institution: InstitutionId = caller.institution === 'other' ? COURT : BUREAU
  return { as: await tokenFor(http, { institution, roles: [caller.role] }) }
}

async function answered(route: Route, caller: Caller) {
  const sample = samples.get(route.operation)
  if (sample === undefined) throw new Error(`test/sample-requests.ts has no request for ${route.operation}`)
  const given = (await sample.fresh?.()) ?? sample.given
  const as = await asOf(caller)
  // What it takes to ask is no change by the answer.
  const before = await stateOf()
  const answer = await http.call(sample.method, sample.path, { ...given, ...as })
  // Whoever changes the password is logged out.
  if (route.operation === 'changePassword') http.tokens.clear()
  const isProblem = answer.headers.get('Content-Type')?.startsWith('application/problem+json')
  const code: string | undefined = isProblem ? (await answer.json()).code : undefined
  return { status: answer.status, code, isUnchanged: (await stateOf()) === before }
}

const COUNTED = [
  'documents',
  'jobs',
  'sealSignatures',
  'bulkJobs',
  'bulkDocuments',
  'users',
  'apiKeys',
  'peopleEvents',
] as const

/** All that a request could have changed: how far each log has come, and how much is stored. */
async function stateOf() {
  const { ledger, store } = http.gateway.env
  const institutions = await ledger.institutions()
  const heads = await Promise.all(institutions.map(({ id }) => ledger.head(id)))
  const counts = await Promise.all(
    COUNTED.flatMap((collection) => institutions.map(({ id }) => store.count(collection, 'institution', id))),
  )
  return JSON.stringify([heads, counts])
}

describe('who may call what', () => {
  it('is on docs/authorisation.md as it is here: run npm run docs', () => {
    expect(readFileSync(join(__dirname, '../../../docs/authorisation.md'), 'utf8')).toBe(authorisationPage(routes))
  })

  it('is known for every route', () => {
    expect(routes.map(({ operation }) => operation).filter((one) => !samples.has(one))).toEqual([])
  })

  it('holds for every route and every caller, and a refusal changes nothing', async () => {
    const wrong: unknown[] = []
    for (const route of routes) {
      for (const caller of CALLERS) {
        const wanted = refusalOf(route, caller)
        const { status, code, ...state } = await answered(route, caller)
        const isRefused = wanted !== undefined
        const fits = isRefused
          ? code === wanted && status === kindOf(wanted)?.status
          : code === undefined || !REFUSALS.includes(code)
        const isUnchanged = !isRefused || state.isUnchanged
        if (!fits || !isUnchanged) wrong.push({ route: route.path, caller, wanted, status, code, isUnchanged })
      }
    }
    expect(wrong).toEqual([])
    expect(http.breaches).toEqual([])
  }, 120_000)

  it('gives everybody who may call it a good answer', async () => {
    for (const route of routes) {
      // A seal is on its way to the document already.
      if (route.operation === 'sealDocument') continue
      const role = Array.isArray(route.access) ? route.access[0] : 'auditor'
      const { status, code } = await answered(route, { role, institution: 'own' })
      expect([route.operation, status < 300, code]).toEqual([route.operation, true, undefined])
    }
  }, 60_000)

  it('is nobody’s with a token of another making', async () => {
    for (const route of routes.filter((one) => !isOpen(one))) {
      const sample = samples.get(route.operation)
      const answer = await http.call(sample?.method ?? '', sample?.path ?? '', { ...sample?.given, as: 'not.a.token' })
      expect([route.operation, answer.status, (await answer.json()).code]).toEqual([
        route.operation,
        401,
        'SESSION_INVALID',
      ])
    }
  })
})
