import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { cinnabar, runCommand } from '../lib/run.mjs'

export const line = 3
export const title =
  'Seal, verify and evidence by the command; offline with the service stopped; never 0 without trust or with another’s; every byte of a sealed file flipped: never `passed`'

const CHECKS = 'integrity signature certificate timestamp seal anchor'.split(' ')

export function run(context) {
  return proveCommand(context, { isTrust: ({ singleOperator }) => singleOperator === true })
}

/**
 * The command against a service.
 * @param env the service's settings; isTrust judges the report's `trust`, isReport the whole of it; every: flips each so many bytes.
 */
export async function proveCommand(
  { root, scratch, say },
  { env: settings = {}, isTrust, isReport = () => true, every = 1 },
) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const service = await startService({ root, data: join(scratch, 'data'), env: settings })
  const home = scratch
  const facts = {}
  const env = { CINNABAR_URL: service.url }
  const file = join(root, 'fixtures/contracts/en-service-agreement.pdf')
  const [out, zip, trust] = [join(scratch, 'out.pdf'), join(scratch, 'e.zip'), join(service.data, 'trust.json')]
  try {
    const { logins } = JSON.parse(await readFile(join(service.data, 'demo.json'), 'utf8'))
    const { password } = logins.find(({ user }) => user === 'bureau')
    const passwordFile = join(scratch, 'password')
    await writeFile(passwordFile, password)
    const login = await runCommand(
      'bash',
      [
        '-c',
        `"$0" "$1" login --url "$2" --user bureau --password-stdin < "$3"`,
        process.execPath,
        `${root}/cli/bin/cinnabar.js`,
        service.url,
        passwordFile,
      ],
      { cwd: home, env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } },
    )
    facts.login = login.code === 0
    const sealing = await cinnabar(root, ['seal', file, '--seal', 'official', '-o', out, '--wait', 'anchored'], {
      home,
      env,
    })
    facts.seal = sealing.code === 0
    if (!facts.seal) throw new Error(`${login.stderr}\n${sealing.stderr}`)
    const verified = await cinnabar(root, ['verify', out, '--trust', trust, '--json'], { home, env })
    const report = JSON.parse(verified.stdout)
    facts.verify = verified.code === 0
    facts.sixChecks =
      report.signatures.length === 1 &&
      report.signatures[0].checks.map(({ check }) => check).join() === CHECKS.join() &&
      report.signatures[0].checks.every(({ outcome }) => outcome === 'passed')
    facts.trust = isTrust(report.trust)
    facts.report = isReport(report)
    facts.evidence = (await cinnabar(root, ['evidence', out, '-o', zip], { home, env })).code === 0
  } finally {
    await service.stop()
  }
  say('the service is stopped')
  const verifyWith = (...args) =>
    cinnabar(root, ['verify', ...args], { home: join(scratch), env: { CINNABAR_TRUST: '' } })
  facts.offline = (await verifyWith(out, '--trust', trust, '--evidence', zip)).code === 0
  facts.withoutTrust = await neverPassed(root, scratch, [out, '--evidence', zip])
  facts.othersTrust = await anothersTrust(root, scratch, { out, zip, startService })
  const flips = await flipEverywhere(root, { out, zip, trust, scratch, say, every })
  facts.flips = flips.passed === 0
  facts.flipsByCommand = flips.commandPassed === 0
  const wrong = Object.keys(facts).filter((name) => !facts[name])
  return {
    ok: wrong.length === 0,
    measured: `${flips.count} bytes flipped, ${flips.passed} passed, ${flips.thrown} thrown; ${flips.commands} through the command, ${flips.commandPassed} passed${wrong.length ? `; not: ${wrong.join(', ')}` : ''}`,
    detail: `Outcomes of the flips: ${JSON.stringify(flips.codes)}`,
  }
}

/** With a home folder in which nothing is pinned. */
async function neverPassed(root, scratch, args) {
  const { mkdtemp } = await import('node:fs/promises')
  const home = await mkdtemp(join(scratch, 'home-'))
  const { code } = await cinnabar(root, ['verify', ...args], { home })
  return code === 1 || code === 2
}

/** A second consortium, made by a second service in a folder of its own. */
async function anothersTrust(root, scratch, { out, zip, startService }) {
  const other = await startService({ root, data: join(scratch, 'other') })
  await other.stop()
  return neverPassed(root, scratch, [out, '--evidence', zip, '--trust', join(other.data, 'trust.json')])
}

async function flipEverywhere(root, { out, zip, trust, scratch, say, every }) {
  const { parseTrust, verify } = await compiled(root, 'core/dist/index.js')
  const pdf = new Uint8Array(await readFile(out))
  const evidence = [new Uint8Array(await readFile(zip))]
  const pinned = parseTrust(new Uint8Array(await readFile(trust)))
  const at = new Date()
  const counts = {
    count: Math.ceil(pdf.length / every),
    passed: 0,
    thrown: 0,
    codes: {},
    commands: 0,
    commandPassed: 0,
  }
  for (let i = 0; i < pdf.length; i += every) {
    const flipped = pdf.slice()
    // Each position once, by a difference that varies: one bit, letter case, all bits.
    flipped[i] ^= [0x01, 0x20, 0xff, 0x80][(i / every) % 4]
    try {
      const { outcome, code } = await verify({ pdf: flipped, evidence, trust: pinned, at })
      if (outcome === 'passed') counts.passed++
      counts.codes[code] = (counts.codes[code] ?? 0) + 1
    } catch {
      counts.thrown++
    }
    if (i % 10_000 === 0 && i > 0) say(`${i} of ${pdf.length} bytes flipped`)
  }
  for (let i = 0; i < 20; i++) {
    const flipped = pdf.slice()
    flipped[Math.floor((pdf.length - 1) * (i / 19))] ^= 0x01
    const path = join(scratch, 'flipped.pdf')
    await writeFile(path, flipped)
    const { code } = await cinnabar(root, ['verify', path, '--trust', trust, '--evidence', zip], { home: scratch })
    counts.commands++
    if (code !== 1 && code !== 2) counts.commandPassed++
  }
  counts.passed += counts.thrown
  return counts
}
