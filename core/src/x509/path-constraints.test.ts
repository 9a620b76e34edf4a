import { certificateWith, issue, NOW, nameOf, type TestCertificate } from '../../test/pki'
import { fromLatin1 } from '../encode/bytes'
import type { Der } from '../encode/der'
import { boolean, context, contextPrimitive, namedBits, oid, sequence } from '../encode/der-write'
import { extension } from './build'
import { EXTENSION } from './extensions'
import { validatePath } from './path'
import type { PolicyWishes } from './path-policies'

const ANY = '2.5.29.32.0'
const caExtensions = [
  extension(EXTENSION.basicConstraints, 'critical', sequence(boolean(true))),
  extension(EXTENSION.keyUsage, 'critical', namedBits([5, 6])),
]
const leafExtensions = [extension(EXTENSION.keyUsage, 'critical', namedBits([0]))]
const policies = (...oids: readonly string[]) =>
  extension(EXTENSION.certificatePolicies, 'non-critical', sequence(...oids.map((one) => sequence(oid(one)))))
const constraints = (permitted: readonly Der[], excluded: readonly Der[] = []) =>
  extension(
    EXTENSION.nameConstraints,
    'critical',
    sequence(
      ...(permitted.length > 0 ? [context(0, ...permitted.map((base) => sequence(base)))] : []),
      ...(excluded.length > 0 ? [context(1, ...excluded.map((base) => sequence(base)))] : []),
    ),
  )
const named = (...names: readonly Der[]) => extension(EXTENSION.subjectAltName, 'non-critical', sequence(...names))
const dns = (text: string) => contextPrimitive(2, fromLatin1(text))
const email = (text: string) => contextPrimitive(1, fromLatin1(text))
const uri = (text: string) => contextPrimitive(6, fromLatin1(text))
const ip = (...bytes: readonly number[]) => contextPrimitive(7, Uint8Array.from(bytes))
const registered = (text: string) => contextPrimitive(8, oid(text).subarray(2))

let root: TestCertificate
beforeAll(async () => {
  root = await certificateWith('Root', caExtensions)
})

/** The verdict on a leaf with these extensions below a CA with these. */
async function code(ca: readonly Der[], leaf: readonly Der[], wishes?: PolicyWishes): Promise<string> {
  const middle = await certificateWith('Middle', [...caExtensions, ...ca], { issuer: root })
  const end = await certificateWith('Leaf', [...leafExtensions, ...leaf], { issuer: middle })
  const others = [middle.certificate]
  const anchors = [root.certificate]
  const request = { leaf: end.certificate, others, anchors, at: NOW, purpose: 'seal', policies: wishes } as const
  const result = await validatePath(request)
  return result.ok ? 'OK' : `${result.code} ${result.subIndication}`
}

const NO_NAME = 'NAME_NOT_PERMITTED CHAIN_CONSTRAINTS_FAILURE'
const NO_POLICY = 'POLICY_NOT_ACCEPTED CHAIN_CONSTRAINTS_FAILURE'

describe('a name constraint', () => {
  it.each([
    ['a host below a domain', [dns('example.cn')], [named(dns('seal.EXAMPLE.cn'))]],
    ['a mailbox of a host', [email('example.cn')], [named(email('a@example.cn'))]],
    ['one mailbox', [email('a@example.cn')], [named(email('a@EXAMPLE.cn'))]],
    ['a URI of a domain', [uri('.example.cn')], [named(uri('https://u@seal.example.cn:8443/x'))]],
    ['an address of a network', [ip(10, 0, 0, 0, 255, 0, 0, 0)], [named(ip(10, 9, 8, 7))]],
    ['names of other kinds', [dns('example.cn')], [named(email('a@other.cn'))]],
    ['the subject itself', [context(4, nameOf('Leaf'))], []],
  ])('permits %s', async (_, permitted, leaf) => {
    expect(await code([constraints(permitted)], leaf)).toBe('OK')
  })

  it.each([
    ['a host of another domain', [dns('example.cn')], [named(dns('badexample.cn'))]],
    ['a second name that is another', [dns('example.cn')], [named(dns('a.example.cn'), dns('example.com'))]],
    ['a mailbox below the host', [email('example.cn')], [named(email('a@mail.example.cn'))]],
    ['another mailbox', [email('a@example.cn')], [named(email('A@example.cn'))]],
    ['a URI of the domain itself', [uri('.example.cn')], [named(uri('https://example.cn/'))]],
    ['a URI without a host', [uri('.example.cn')], [named(uri('urn:x'))]],
    ['an address of another network', [ip(10, 0, 0, 0, 255, 0, 0, 0)], [named(ip(11, 9, 8, 7))]],
    ['an address of another length', [ip(10, 0, 0, 0, 255, 0, 0, 0)], [named(ip(...new Array(16).fill(10)))]],
    ['another subject', [context(4, nameOf('Other'))], []],
    ['a kind that is not understood', [registered('1.2.3')], [named(registered('1.2.3'))]],
  ])('does not permit %s', async (_, permitted, leaf) => {
    expect(await code([constraints(permitted)], leaf)).toBe(NO_NAME)
  })

  it('excludes what it excludes, permitted or not', async () => {
    const both = constraints([dns('example.cn')], [dns('bad.example.cn')])
    expect(await code([both], [named(dns('good.example.cn'))])).toBe('OK')
    expect(await code([both], [named(dns('x.bad.example.cn'))])).toBe(NO_NAME)
  })

  it('of an anchor counts, too', async () => {
    const anchor = await certificateWith('Narrow', [...caExtensions, constraints([dns('example.cn')])])
    const leaf = await certificateWith('Leaf', [...leafExtensions, named(dns('other.cn'))], { issuer: anchor })
    const request = {
      leaf: leaf.certificate,
      others: [],
      anchors: [anchor.certificate],
      at: NOW,
      purpose: 'seal',
    } as const
    expect(await validatePath(request)).toMatchObject({ ok: false, code: 'NAME_NOT_PERMITTED' })
  })

  it('is not compared with more names than a verifier has time for', async () => {
    const many = Array.from({ length: 400 }, (_, i) => dns(`h${i}.example.cn`))
    expect(await code([constraints(many)], [named(...many)])).toBe(NO_NAME)
  })

  it('with a minimum or of no known form is no certificate', async () => {
    const minimum = extension(
      EXTENSION.nameConstraints,
      'critical',
      sequence(context(0, sequence(dns('x'), contextPrimitive(0, Uint8Array.of(1))))),
    )
    await expect(code([minimum], [])).rejects.toMatchObject({ code: 'CERTIFICATE_INVALID' })
  })
})

describe('policies', () => {
  it('are asked for only if wanted', async () => {
    expect(await code([], [])).toBe('OK')
    expect(await code([], [], { explicit: true })).toBe(NO_POLICY)
    expect(await code([policies('1.2.3')], [policies('1.2.3')], { explicit: true })).toBe('OK')
    expect(await code([policies('1.2.3')], [policies('1.2.4')], { explicit: true })).toBe(NO_POLICY)
  })

  it('must be accepted ones', async () => {
    const wishes = { explicit: true, accepted: ['1.2.3'] }
    expect(await code([policies('1.2.3', '1.2.4')], [policies('1.2.3')], wishes)).toBe('OK')
    expect(await code([policies('1.2.3', '1.2.4')], [policies('1.2.4')], wishes)).toBe(NO_POLICY)
    expect(await code([policies(ANY)], [policies('1.2.3')], wishes)).toBe('OK')
    expect(await code([policies(ANY)], [policies('1.2.3')], { ...wishes, inhibitAny: true })).toBe(NO_POLICY)
  })

  it('may be mapped unless that is inhibited, and anyPolicy never', async () => {
    const maps = (from: string, to: string) =>
      extension(EXTENSION.policyMappings, 'critical', sequence(sequence(oid(from), oid(to))))
    const ca = [policies('1.2.3'), maps('1.2.3', '1.2.9')]
    expect(await code(ca, [policies('1.2.9')], { explicit: true, accepted: ['1.2.3'] })).toBe('OK')
    expect(await code(ca, [policies('1.2.9')], { explicit: true, accepted: ['1.2.9'] })).toBe(NO_POLICY)
    expect(await code(ca, [policies('1.2.9')], { explicit: true, inhibitMapping: true })).toBe(NO_POLICY)
    expect(await code([policies('1.2.3'), maps('1.2.3', ANY)], [])).toBe(NO_POLICY)
  })

  it('are asked for where a CA demands it', async () => {
    const demand = extension(EXTENSION.policyConstraints, 'critical', sequence(contextPrimitive(0, Uint8Array.of(0))))
    expect(await code([policies('1.2.3'), demand], [policies('1.2.3')])).toBe('OK')
    expect(await code([policies('1.2.3'), demand], [policies('1.2.4')])).toBe(NO_POLICY)
  })

  it('in great number and mapped all to all take no time to speak of', async () => {
    const all = Array.from({ length: 40 }, (_, i) => `1.2.3.${i}`)
    const pairs = all.flatMap((from) => all.map((to) => sequence(oid(from), oid(to))))
    const ca = [policies(...all), extension(EXTENSION.policyMappings, 'critical', sequence(...pairs))]
    expect(await code(ca, [policies(...all)], { explicit: true, accepted: ['1.2.9'] })).toBe(NO_POLICY)
  })
})

it('an issuer is found by its name in another spelling', async () => {
  const ca = await issue('Some CA', 'ca')
  const loud = await issue('some  ca', 'ca', { key: ca.key })
  const leaf = await issue('Leaf', 'seal', { issuer: loud })
  const request = { leaf: leaf.certificate, others: [], anchors: [ca.certificate], at: NOW, purpose: 'seal' } as const
  expect((await validatePath(request)).ok).toBe(true)
})
