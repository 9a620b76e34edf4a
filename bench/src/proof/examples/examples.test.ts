import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verify } from '@cinnabar/core'
import { createLogger, readConfig, startGateway, systemClock } from '@cinnabar/gateway'
import { blocksOf, runExamples } from './run-examples'

const root = join(__dirname, '../../../..')

describe('docs/examples.md', () => {
  it('runs as it stands against a fresh service, and what it seals passes offline', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cinnabar-examples-'))
    const log = createLogger('error', systemClock, (line) => process.stderr.write(line))
    const config = readConfig({ PORT: '0', CINNABAR_DATA: join(folder, 'data') })
    const gateway = await startGateway(config, { clock: systemClock, log, version: '0' })
    const [{ user, password }] = gateway.demo?.logins ?? []
    const work = join(folder, 'work')
    try {
      const outcomes = await runExamples({ root, folder: work, url: gateway.url, user, password })
      expect(outcomes.map(({ language, code, output }) => [language, code, output])).toEqual([
        ['curl', 0, ''],
        ['TypeScript types', 0, ''],
        ['TypeScript', 0, ''],
      ])
      expect(outcomes.every(({ blocks }) => blocks > 3)).toBe(true)
      const trust = gateway.node.trust
      for (const name of ['', '-ts']) {
        const pdf = new Uint8Array(await readFile(join(work, `sealed${name}.pdf`)))
        const evidence = [new Uint8Array(await readFile(join(work, `evidence${name}.zip`)))]
        const report = await verify({ pdf, evidence, at: new Date(), ...(trust && { trust }) })
        expect([name, report.outcome]).toEqual([name, 'passed'])
      }
    } finally {
      await gateway.close()
      await rm(folder, { recursive: true })
    }
  }, 180_000)

  it('has its blocks found by their language', () => {
    expect(blocksOf('a\n```sh\none\n```\n```ts\ntwo\n```\n```sh\nthree\n```\n', 'sh')).toEqual(['one\n', 'three\n'])
  })
})
