import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InstitutionId, TrustFormat, timeOf, verifyFile } from '@cinnabar/core'
import { commandLines } from '../src/court/command-lines'
import { type CourtReport, courtReport } from '../src/court/court-report'
import { Notarizer } from '../src/notarize/notarizer'
import { PdfFile } from '../src/print/pdf-file'
import { PdfFont } from '../src/print/pdf-font'
import { CONTRACT, openGateway } from './embedded-gateway'

const CLI = join(__dirname, '../../cli/bin/cinnabar.js')
const clock = { now: () => new Date() }
const madeBy = { zh: '江州市中级人民法院', en: 'Jiangzhou Intermediate Court' }
const institution = 'JiangzhouBureau' as InstitutionId

let folder: string
let made: CourtReport

/** What a reader has of a sealed contract, and nothing else: its container, and a trust file. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cinnabar-court-'))
  const gateway = await openGateway(join(folder, 'gateway'), clock)
  const notarizer = await Notarizer.start(gateway.env)
  const { trust } = gateway
  const { id: document } = await notarizer.receive({ institution, user: 'lin', name: 'a.pdf', bytes: CONTRACT })
  const { id: job } = await notarizer.request({ institution, user: 'lin', document, seal: 'official' })
  await notarizer.settled(job, 20_000)
  const { sealSignature } = (await notarizer.job(institution, job)).value
  const container = await notarizer.evidence(sealSignature, { container: 'asic-e', document: 'included', trust })
  await notarizer.close()
  await gateway.close()
  for (const name of ['bin', 'reader', 'home']) await mkdir(join(folder, name))
  const program = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`
  await writeFile(join(folder, 'bin/cinnabar'), program, { mode: 0o755 })
  await writeFile(join(folder, 'reader/evidence.asice'), container)
  await writeFile(join(folder, 'reader/trust.json'), TrustFormat.encode(trust))
  const at = clock.now()
  const report = await verifyFile({ file: container, trust, at })
  made = courtReport({ report, fileName: 'a.asice', madeAt: timeOf(at), madeBy, trust })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** As it is printed, line by line, but for the prompt. */
function printed(command: string): string {
  const font = new PdfFont(new PdfFile())
  return commandLines(font, command, { width: 437, size: 7.5 }).join('\n').slice('$ '.length)
}

interface Ran {
  readonly command: string
  readonly code: number
  readonly stdout: string
}

function run(command: string): Promise<Ran> {
  const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: join(folder, 'home'), LANG: 'C.UTF-8' }
  return new Promise((resolve) => {
    execFile('sh', ['-c', printed(command)], { cwd: join(folder, 'reader'), env }, (error, stdout) =>
      resolve({ command, code: error === null ? 0 : Number(error.code), stdout }),
    )
  })
}

const isThere = (command: string) =>
  (process.env.PATH ?? '').split(':').some((one) => existsSync(join(one, command.split(' ')[0])))

describe('the commands of a court report', () => {
  it('run as they are printed, in a folder with nothing but file, evidence and trust', async () => {
    expect(made.report.outcome).toBe('passed')
    const points = made.sections.flatMap((section) => section.points)
    const all = [...new Set(points.flatMap(({ redo }) => redo))]
    const ran: Ran[] = []
    // Poppler's tool, which not every machine has, is demanded by `npm run prove -- 4 --only 6`.
    for (const command of [...made.setUp, ...all].filter((one) => !one.startsWith('pdfsig') || isThere(one))) {
      if (!command.includes('document.pdf.sig') || isThere('pdfsig')) ran.push(await run(command))
    }
    expect(ran.filter(({ code }) => code !== 0)).toEqual([])
    expect(new Set(ran.map(({ command }) => command.split(' ')[0])).size).toBeGreaterThanOrEqual(5)
    expect(ran.find(({ command }) => command.startsWith('openssl verify'))?.stdout).toContain(': OK')
    expect(ran.find(({ command }) => command.startsWith('tr '))?.stdout).toContain(
      made.report.trust.fingerprint?.slice('sha256:'.length),
    )
  }, 60_000)

  it('name as evidence only files that are then there', () => {
    const named = made.sections.flatMap(({ points }) => points.flatMap(({ evidence }) => evidence))
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !existsSync(join(folder, 'reader', path)))).toEqual([])
  })

  it('fail on another file: what they print is not said of this one alone', async () => {
    await writeFile(join(folder, 'reader/evidence/document.pdf'), CONTRACT)
    const [verifying] = made.sections[0].points.flatMap(({ redo }) => redo.filter((one) => one.startsWith('cinnabar')))
    expect((await run(verifying)).code).not.toBe(0)
  })
})
