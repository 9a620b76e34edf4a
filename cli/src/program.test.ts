import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { newPlace, type Place, runCli } from '../test/run-cli'

let place: Place
beforeAll(async () => {
  place = await newPlace()
})
afterAll(() => place.remove())

describe('the command line', () => {
  it.each([
    [[]],
    [['verfy', 'a.pdf']],
    [['verify']],
    [['verify', 'a.pdf', 'b.pdf']],
    [['verify', 'a.pdf', '--fast']],
    [['verify', 'a.pdf', '--trust']],
    [['verify', 'a.pdf', '--at', '2026-11-22']],
    [['verify', 'a.pdf', '--at', '2026-11-22T03:04:05']],
    [['verify', 'a.pdf', '--at', '2026-02-30T00:00:00Z']],
    [['verify', 'a.pdf', '--min-head', '-1']],
    [['verify', 'a.pdf', '--min-head', '1.5']],
    [['seal', 'a.pdf', '--seal', 'official']],
    [['seal', 'a.pdf', '-o', 'b.pdf']],
    [['seal', 'a.pdf', '--seal', 's', '-o', 'b.pdf', '--page', '0']],
    [['seal', 'a.pdf', '--seal', 's', '-o', 'b.pdf', '--x', 'left']],
    [['seal', 'a.pdf', '--seal', 's', '-o', 'b.pdf', '--wait', 'sealed']],
    [['evidence', 'a.pdf']],
    [['audit', 'a.pdf']],
    [['audit', '--trust', 'absent.json', '--restore=yes']],
    [['--lang', 'fr', 'verify', 'a.pdf']],
  ])('is wrong usage: %j', async (args) => {
    const { exit, out } = await runCli(place, args)
    expect(exit).toBe(64)
    expect(out).toBe('')
  })

  it('says what is wrong in a line, and what to do in the next', async () => {
    const { err } = await runCli(place, ['verify', 'a.pdf', '--quickly'])
    expect(err).toBe("error: unknown option '--quickly' [USAGE]\nhint: cinnabar verify --help\n")
  })

  it.each([['2026-11-22T03:04:05Z'], ['2026-11-22T11:04:05.5+08:00'], ['2024-02-29T00:00Z']])(
    'takes %s as a time',
    async (at) => {
      expect((await runCli(place, ['verify', 'absent.pdf', '--at', at])).exit).toBe(66)
    },
  )

  it.each([
    'login',
    'seal',
    'verify',
    'evidence',
    'report',
    'preserve',
    'deposit',
    'audit',
    'seals',
    'log',
    'book',
    'users',
    'webhooks',
    'lists',
    'completion',
  ])('helps with %s, with an example, in both languages', async (name) => {
    const english = await runCli(place, [name, '--help'])
    const chinese = await runCli(place, ['help', name], { env: { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' } })
    expect([english.exit, chinese.exit]).toEqual([0, 0])
    expect(english.out).toMatch(/Examples?:\n {2}cinnabar /)
    expect(chinese.out).toMatch(/示例：\n {2}cinnabar /)
  })

  it.each([
    [['login', '--url', 'ftp://seals.example'], 64, 'URL_INVALID'],
    [['seal', 'absent.pdf', '--seal', 's', '-o', 'b.pdf'], 66, 'FILE_NOT_FOUND'],
    [['verify', 'absent.pdf'], 66, 'FILE_NOT_FOUND'],
    [['evidence', 'absent.pdf', '-o', 'e.zip'], 66, 'FILE_NOT_FOUND'],
    [['preserve', 'absent.pdf', '-o', 'p.pdf'], 66, 'FILE_NOT_FOUND'],
    [['report', 'absent.pdf', '--seal', 's', '-o', 'r.pdf'], 66, 'FILE_NOT_FOUND'],
    [['deposit'], 64, 'NOTHING_TO_DEPOSIT'],
    [['audit', '--trust', 'absent.json'], 66, 'FILE_NOT_FOUND'],
    [['seals'], 77, 'NOT_LOGGED_IN'],
    [['log'], 77, 'NOT_LOGGED_IN'],
    [['book', 'official'], 77, 'NOT_LOGGED_IN'],
    [['users'], 77, 'NOT_LOGGED_IN'],
    [['webhooks'], 77, 'NOT_LOGGED_IN'],
    [['verify'], 64, 'USAGE'],
    [['verfy'], 64, 'USAGE'],
  ])('with --json says nothing but a problem in JSON: %j', async (args, exit, code) => {
    const ran = await runCli(place, [...args, '--json'])
    expect([ran.exit, ran.out]).toEqual([exit, ''])
    const [problem] = ran.err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((line) => line.code !== undefined)
    expect(problem).toMatchObject({ type: `urn:cinnabar:problem:${code}`, code, exit, detail: expect.any(String) })
  })

  it('takes what stands after -- for names', async () => {
    expect((await runCli(place, ['verify', '--', '--json'])).err).toContain('error: ')
  })

  it('prefers --lang to the locale, wherever it stands', async () => {
    const env = { LANG: 'zh_CN.UTF-8' }
    expect((await runCli(place, ['--lang=en', '--help'], { env })).out).toContain('Usage:')
    expect((await runCli(place, ['verify', '--help', '--lang', 'zh'])).out).toContain('用法：')
    expect((await runCli(place, ['--help'], { env: { LC_ALL: 'C', LANG: 'zh_CN' } })).out).toContain('Usage:')
  })

  it('tells its version', async () => {
    expect((await runCli(place, ['--version'])).out).toBe('0.0.0\n')
  })
})

// `npm test` and `npm run check` compile before they test.
describe('the built command', () => {
  const built = join(__dirname, '..', 'dist', 'main.js')

  it('gives its verdict as exit code', () => {
    const shim = join(__dirname, '..', 'bin', 'cinnabar.js')
    const { status, stderr } = spawnSync(process.execPath, [shim, 'verify', join(place.folder, 'absent.pdf')], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    })
    expect(status).toBe(66)
    expect(stderr).toContain('[FILE_NOT_FOUND]')
  })

  it('does not load core to show help', () => {
    const script = `process.argv = ['node', 'cinnabar', '--help']; require(${JSON.stringify(built)});
      process.on('exit', () => process.stderr.write(Object.keys(require.cache).filter((one) => one.includes('/core/dist/')).join()))`
    const { stderr, stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    expect(stdout).toContain('cinnabar verify')
    expect(stderr).toBe('')
  })
})
