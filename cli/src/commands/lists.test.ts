import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { parseTrustList, TrustFormat, type TrustList } from '@cinnabar/core'
import { newWorld, type World } from '../../../core/src/testing/sealed-world'
import { newPlace, type Place, type RunOptions, runCli } from '../../test/run-cli'

const POLICY = '2.16.344.8.2.2008.810.2.2012.1.0'
const SECRET = 'correct horse battery'
const EXPIRES = ['--expires', '2027-05-22T00:00:00Z']
const NAMES = ['--name', 'Recognised', '--name-zh', '互认名单', '--operator', 'Office', '--operator-zh', '办公室']

let hongKong: World
let guangdong: World
let place: Place
let key: string
beforeAll(async () => {
  ;[hongKong, guangdong] = await Promise.all([newWorld(), newWorld()])
})
beforeEach(async () => {
  place = await newPlace()
  await place.put('hk.json', TrustFormat.encode(hongKong.trust))
  await place.put('gd.json', TrustFormat.encode(guangdong.trust))
  const made = await runCli(place, ['lists', 'key', '-o', 'op.pem', '--passphrase-stdin', '--json'], { stdin: SECRET })
  key = JSON.parse(made.out).key
})
afterEach(() => place.remove())

const publish = (more: readonly string[], options: RunOptions = {}) =>
  runCli(place, ['lists', 'publish', '--key', 'op.pem', '--passphrase-stdin', ...EXPIRES, ...more], {
    stdin: SECRET,
    ...options,
  })
const first = (...more: readonly string[]) => publish(['-o', 'one.json', ...NAMES, '--add', 'HK=hk.json', ...more])
const second = (...more: readonly string[]) => publish(['-o', 'two.json', '--previous', 'one.json', ...more])
const listIn = async (name: string): Promise<TrustList> => parseTrustList(await readFile(place.path(name))).list
const codeIn = ({ err }: { readonly err: string }) => /\[([A-Z_]+)\]/.exec(err)?.[1]

describe('cinnabar lists key', () => {
  it('writes a key that only its owner reads, and only by the passphrase', async () => {
    const pem = await readFile(place.path('op.pem'), 'utf8')
    expect((await stat(place.path('op.pem'))).mode & 0o777).toBe(0o600)
    expect(() => createPrivateKey({ key: pem, passphrase: 'another' })).toThrow()
    expect(createPrivateKey({ key: pem, passphrase: SECRET }).asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(key).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it('replaces no file, and takes no empty passphrase', async () => {
    const again = await runCli(place, ['lists', 'key', '-o', 'op.pem', '--passphrase-stdin'], { stdin: SECRET })
    const empty = await runCli(place, ['lists', 'key', '-o', 'b.pem', '--passphrase-stdin'], { stdin: '' })
    expect([again.exit, codeIn(again)]).toEqual([73, 'OUTPUT_EXISTS'])
    expect(codeIn(empty)).toBe('PASSWORD_EMPTY')
  })
})

describe('cinnabar lists publish', () => {
  it('writes a list that verifiers take, and shows neither key nor passphrase', async () => {
    const { exit, out, err } = await first('--policy', `${hongKong.company.id}=${POLICY}`)
    expect([exit, err]).toEqual([0, ''])
    expect(out).toContain(key)
    expect(out).not.toMatch(/PRIVATE|correct horse/)
    const list = await listIn('one.json')
    expect(list).toMatchObject({
      sequence: 1,
      expires: '2027-05-22T00:00:00Z',
      consortia: [{ region: 'HK', policies: [{ institution: hongKong.company.id, oids: [POLICY] }] }],
    })
    const shown = await runCli(place, ['lists', 'show', 'one.json', '--list-key', key])
    expect(shown).toMatchObject({ exit: 0, out: expect.stringContaining('you pinned the key') })
    expect(shown.out).toContain(TrustFormat.digest(hongKong.trust))
  })

  it('adds, withdraws and removes in the next version, and keeps the rest', async () => {
    await first('--policy', `${hongKong.company.id}=${POLICY}`)
    const hk = TrustFormat.digest(hongKong.trust)
    const from = ['--from', '2027-01-01T00:00:00Z']
    expect((await second('--add', 'CN-GD=gd.json', '--withdraw', hk.slice(0, 15), ...from)).exit).toBe(0)
    const two = await listIn('two.json')
    expect(two.sequence).toBe(2)
    expect(two.consortia.map(({ region, withdrawnAt }) => [region, withdrawnAt])).toEqual([
      ['HK', '2027-01-01T00:00:00Z'],
      ['CN-GD', undefined],
    ])
    expect(two.consortia[0].policies).toHaveLength(1)
    expect((await publish(['-o', 'three.json', '--previous', 'two.json', '--remove', hk])).exit).toBe(0)
    expect((await listIn('three.json')).consortia.map(({ region }) => region)).toEqual(['CN-GD'])
  })

  it('never uses a version twice, even where nobody names the one before', async () => {
    await first()
    const again = await publish(['-o', 'other.json', ...NAMES, '--number', '1'])
    expect([again.exit, codeIn(again)]).toEqual([64, 'LIST_VERSION_NOT_HIGHER'])
    expect((await publish(['-o', 'other.json', ...NAMES])).exit).toBe(0)
    expect((await listIn('other.json')).sequence).toBe(2)
    expect((await second('--number', '9')).exit).toBe(0)
    expect((await listIn('two.json')).sequence).toBe(9)
  })

  it.each([
    ['a first version without names', ['-o', 'x.json'], 64, 'LIST_CHANGE_INVALID'],
    ['what is no region', ['-o', 'x.json', ...NAMES, '--add', 'hongkong=hk.json'], 64, 'LIST_CHANGE_INVALID'],
    ['a consortium without a region', ['-o', 'x.json', ...NAMES, '--add', 'hk.json'], 64, 'LIST_CHANGE_INVALID'],
    ['what is no trust file', ['-o', 'x.json', ...NAMES, '--add', 'HK=op.pem'], 66, 'TRUST_INVALID'],
    ['a policy of nobody', ['-o', 'x.json', ...NAMES, '--policy', `Nobody=${POLICY}`], 64, 'LIST_CHANGE_INVALID'],
    ['what is no policy', ['-o', 'x.json', ...NAMES, '--policy', 'Nobody'], 64, 'LIST_CHANGE_INVALID'],
    ['a withdrawal of nobody', ['-o', 'x.json', ...NAMES, '--withdraw', 'sha256:00000000'], 64, 'CONSORTIUM_UNKNOWN'],
    [
      'the expiry before the issue',
      ['-o', 'x.json', ...NAMES, '--issued', '2028-01-01T00:00:00Z'],
      64,
      'LIST_CHANGE_INVALID',
    ],
    ['another previous than a list', ['-o', 'x.json', '--previous', 'hk.json'], 66, 'TRUST_LIST_REFUSED'],
    ['a wrong key', ['-o', 'x.json', '--key', 'hk.json'], 66, 'LIST_KEY_INVALID'],
  ])('refuses %s', async (_, more, exit, code) => {
    const refused = await publish(more)
    expect([refused.exit, codeIn(refused)]).toEqual([exit, code])
  })

  it('refuses a wrong passphrase, and a key that is not encrypted', async () => {
    const wrong = await publish(['-o', 'x.json', ...NAMES], { stdin: 'guess' })
    expect([wrong.exit, codeIn(wrong)]).toEqual([77, 'PASSPHRASE_WRONG'])
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await place.put('open.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const open = await publish(['-o', 'x.json', ...NAMES, '--key', 'open.pem'])
    expect([open.exit, codeIn(open)]).toEqual([66, 'LIST_KEY_NOT_ENCRYPTED'])
    expect(open.err).not.toContain(String(privateKey.export({ type: 'pkcs8', format: 'pem' })).split('\n')[1])
  })

  it('signs with a key that openssl would take, on P-256 alone', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: SECRET } as const
    await place.put('p384.pem', privateKey.export(options))
    expect(codeIn(await publish(['-o', 'x.json', ...NAMES, '--key', 'p384.pem']))).toBe('LIST_KEY_INVALID')
  })

  it('takes no previous list of another operator, nor a forged one', async () => {
    await first()
    await runCli(place, ['lists', 'key', '-o', 'other.pem', '--passphrase-stdin'], { stdin: SECRET })
    const other = await second('--key', 'other.pem')
    expect([other.exit, other.err.includes('TRUST_LIST_SIGNER_UNKNOWN')]).toEqual([66, true])
    const text = await readFile(place.path('one.json'), 'utf8')
    await place.put('one.json', text.replace('"region":"HK"', '"region":"MO"'))
    expect((await second()).err).toContain('TRUST_LIST_SIGNATURE_INVALID')
  })
})

describe('cinnabar lists show', () => {
  it.each([
    ['forged', '2026-12-01T00:00:00Z', 'TRUST_LIST_SIGNATURE_INVALID'],
    ['expired', '2027-06-01T00:00:00Z', 'TRUST_LIST_EXPIRED'],
    ['from the future', '2026-11-01T00:00:00Z', 'TRUST_LIST_IN_FUTURE'],
  ])('says of a %s list that it is not to be judged by', async (kind, at, code) => {
    await first()
    const text = await readFile(place.path('one.json'), 'utf8')
    if (kind === 'forged') await place.put('one.json', text.replace('"region":"HK"', '"region":"MO"'))
    const { exit, out } = await runCli(place, ['lists', 'show', 'one.json', '--json'], { at })
    expect([exit, JSON.parse(out).code]).toEqual([1, code])
  })

  it('says that a key is nobody’s until it is pinned, and refuses what is no list', async () => {
    await first()
    expect((await runCli(place, ['--lang', 'zh', 'lists', 'show', 'one.json'])).out).toContain('公钥属于谁只能由您核对')
    expect((await runCli(place, ['lists', 'show', 'hk.json'])).exit).toBe(66)
  })
})
