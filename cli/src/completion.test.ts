import { spawnSync } from 'node:child_process'
import { newPlace, type Place, runCli } from '../test/run-cli'
import { SHELLS } from './completion'

let place: Place
const scripts = new Map<string, string>()
beforeAll(async () => {
  place = await newPlace()
  for (const shell of SHELLS) scripts.set(shell, (await runCli(place, ['completion', shell])).out)
})
afterAll(() => place.remove())

/** What bash offers behind these words; the last one is being written. */
function offered(...words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(' ')
  const asked = `COMP_WORDS=(cinnabar ${list}); COMP_CWORD=${words.length}; _cinnabar; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, status, stderr } = spawnSync('bash', ['-c', `${scripts.get('bash')}\n${asked}`], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return stdout.split('\n').filter((word) => word !== '')
}

describe('completion in bash', () => {
  it('offers every command', async () => {
    const { out } = await runCli(place, ['--help'])
    const commands = [...out.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name)
    expect(offered('')).toEqual(
      expect.arrayContaining(commands.filter((name) => name !== 'cinnabar' && name !== 'help')),
    )
    expect(offered('ver')).toEqual(['verify'])
  })

  it('offers what a command takes, and no other’s', () => {
    expect(offered('book', '--f')).toEqual(['--from', '--force'])
    expect(offered('users', '')).toEqual(expect.arrayContaining(['add', 'roles', 'disable', '--json']))
    expect(offered('users', 'add', '--')).toEqual(expect.arrayContaining(['--role', '--password-stdin', '--lang']))
    expect(offered('users', 'add', '--')).not.toContain('--trust')
  })

  it('offers the words that an option or an argument is one of', () => {
    expect(offered('seals', '--status', '')).toEqual(['active', 'suspended', 'retired'])
    expect(offered('users', 'add', 'wu', '--role', 'a')).toEqual(['auditor', 'admin'])
    expect(offered('--lang', '')).toEqual(['en', 'zh'])
    expect(offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
  })

  it('offers nothing where nothing fits', () => {
    expect(offered('verify', 'nothing')).toEqual([])
  })
})

describe('completion in other shells', () => {
  it('names the same commands and options', () => {
    for (const shell of ['zsh', 'fish']) {
      for (const word of ['webhooks', 'deliveries', 'password-stdin', 'legalRepresentative']) {
        expect([shell, scripts.get(shell)?.includes(word)]).toEqual([shell, true])
      }
    }
    expect(scripts.get('zsh')).toMatch(/^#compdef cinnabar\n/)
  })

  it('is not made for a shell that there is not', async () => {
    const { exit, out } = await runCli(place, ['completion', 'dos'])
    expect([exit, out]).toEqual([64, ''])
  })
})
