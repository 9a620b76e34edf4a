import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { runCommand } from '../lib/run.mjs'

export const line = 5
export const title =
  'EU DSS opens the evidence container and agrees on the signatures; the offline verifier needs no network (shown with networking denied)'

export async function run({ root, scratch, say }) {
  const files = await makeContainer(root, scratch)
  say('EU DSS')
  const dss = await askDss(root, scratch, files)
  say('without any network')
  const offline = await withoutNetwork(root, scratch, files)
  const rows = [...dss, ...offline]
  return {
    ok: rows.every(({ ok }) => ok),
    measured: rows.map(({ what, ok }) => `${what} ${ok ? '✓' : '✗'}`).join('; '),
    detail: [
      '| what | found | as wanted |',
      '|---|---|---|',
      ...rows.map(({ what, found, ok }) => `| ${what} | ${found} | ${ok ? 'yes' : '**no**'} |`),
    ].join('\n'),
  }
}

/** The demonstration's contract with two seals, with its evidence in one container; the service is stopped when this returns. */
async function makeContainer(root, scratch) {
  const { startService } = await compiled(root, 'bench/dist/proof/service.js')
  const { url, data, stop } = await startService({ root, data: join(scratch, 'data') })
  const pdf = join(data, 'demo/contract-sealed.pdf')
  const container = join(scratch, 'sealed.asice')
  try {
    const args = ['evidence', pdf, '--with-document', '-o', container, '--gateway', url]
    const { code, stderr } = await command(root, scratch, args)
    if (code !== 0) throw new Error(stderr)
  } finally {
    await stop()
  }
  return { pdf, container, trust: join(data, 'trust.json') }
}

function command(root, scratch, args, before = []) {
  const [program, ...rest] = [...before, process.execPath, join(root, 'cli/bin/cinnabar.js'), ...args]
  return runCommand(program, rest, { cwd: scratch, env: { ...process.env, XDG_CONFIG_HOME: join(scratch, 'config') } })
}

async function askDss(root, scratch, { container, trust }) {
  const { startDss } = await compiled(root, 'bench/dist/checkers/dss.js')
  const { trustedFiles } = await compiled(root, 'bench/dist/proof/others.js')
  const { parseTrust, readEvidence, verifyFile } = createRequire(join(root, 'bench/package.json'))('@cinnabar/core')
  const bytes = new Uint8Array(await readFile(container))
  const trustFile = parseTrust(new Uint8Array(await readFile(trust)))
  const evidence = readEvidence(bytes)
  // The authorities' roots publish no CRL, without which DSS concludes nothing: it is given the certificate that ours proved.
  const authorities = await filesOf(scratch, 'authority', evidence.assertion.token.certificates)
  const trusted = [...(await trustedFiles(scratch, trustFile)), ...authorities]
  const document = join(scratch, 'document.pdf')
  await writeFile(document, evidence.document)
  const lists = [...new Map(evidence.signatures.flatMap(({ crls }) => crls).map((der) => [String(der), der])).values()]
  const crls = await filesOf(scratch, 'crl', lists)
  const ours = await verifyFile({ file: bytes, trust: trustFile, at: new Date() })
  const dss = startDss()
  try {
    const opened = await dss.verify(container, { trusted, crls })
    const [assertion] = opened.assertions
    const covered = new Set(assertion?.covers)
    const members = ['evidence.json', ...ours.evidence[0].claims.flatMap(({ proof }) => proof)]
    const inside = await dss.verify(document, { trusted, crls })
    return [
      { what: 'DSS opens the container', found: opened.container, ok: opened.container === 'ASiC-E' },
      {
        what: 'DSS on its time assertion',
        found: `${assertion?.indication} ${assertion?.producedAt}, over ${covered.size} members; ours: ${ours.evidence[0].assertion.outcome} ${ours.evidence[0].assertion.time}`,
        ok: /^(TOTAL_)?PASSED$/.test(assertion?.indication) && ours.evidence[0].assertion.outcome === 'passed',
      },
      {
        what: 'it covers every member that a claim names',
        found: `${new Set(members).size} named`,
        ok: members.every((path) => covered.has(path)),
      },
      ...ours.signatures.map((signature) => agreement(signature, inside.signatures)),
      await changedContainer(dss, { bytes, trusted, crls, scratch, trustFile, verifyFile }),
    ]
  } finally {
    await dss.stop()
  }
}

function filesOf(scratch, name, all) {
  return Promise.all(
    all.map(async (der, i) => {
      const path = join(scratch, `${name}-${i}.der`)
      await writeFile(path, der)
      return path
    }),
  )
}

function agreement({ field, outcome, checks }, theirs) {
  const dss = theirs.find((one) => one.field === field)
  const own = checks.filter(({ check }) => ['integrity', 'signature', 'certificate', 'timestamp'].includes(check))
  const found = `DSS ${dss?.format} ${dss?.indication} ${dss?.subIndication ?? ''}; ours ${outcome}`
  return {
    what: `${field} of the document inside`,
    found,
    ok: dss?.indication === 'TOTAL_PASSED' && own.every((one) => one.outcome === 'passed'),
  }
}

/** One byte of a receipt changed, and its checksums made right again: nobody relies on such a container. */
async function changedContainer(dss, { bytes, trusted, crls, scratch, trustFile, verifyFile }) {
  const changed = bytes.slice()
  const at = Buffer.from(changed).indexOf('"size":')
  changed[at + 7] ^= 1
  repairChecksum(changed, at)
  const path = join(scratch, 'changed.asice')
  await writeFile(path, changed)
  const { assertions } = await dss.verify(path, { trusted, crls })
  const ours = await verifyFile({ file: changed, evidence: [changed], trust: trustFile, at: new Date() })
  const { code } = ours.evidence[0]
  return {
    what: 'one byte of a receipt changed',
    found: `DSS ${assertions[0]?.indication ?? 'none'}; ours ${ours.outcome} ${code}`,
    ok: !/^(TOTAL_)?PASSED$/.test(assertions[0]?.indication ?? '') && ours.outcome !== 'passed' && code !== 'OK',
  }
}

/** APPNOTE 4.3.7 and 4.3.12: the CRC-32 of the member that holds this byte, in both of its headers. */
function repairChecksum(zip, at) {
  const { crc32 } = createRequire(import.meta.url)('node:zlib')
  const view = new DataView(zip.buffer)
  let central = view.getUint32(zip.length - 6, true)
  while (view.getUint32(central, true) === 0x02014b50) {
    const [size, name] = [view.getUint32(central + 24, true), view.getUint16(central + 28, true)]
    const local = view.getUint32(central + 42, true)
    const begin = local + 30 + name
    if (at >= begin && at < begin + size) {
      const sum = crc32(zip.subarray(begin, begin + size))
      view.setUint32(local + 14, sum, true)
      view.setUint32(central + 16, sum, true)
      return
    }
    central += 46 + name
  }
}

/**
 * The same program asks the same two addresses with the network and without: a server of ours on loopback, and this machine's own
 * address on its network. Without the first answers the later silence would prove nothing.
 */
async function withoutNetwork(root, scratch, { pdf, container, trust }) {
  const denied = ['unshare', '--user', '--map-root-user', '--net']
  const server = createServer((_, response) => response.end('heard')).listen(0)
  await once(server, 'listening')
  try {
    const { port } = server.address()
    const outside = Object.values(networkInterfaces()).flatMap((all) =>
      all.filter((one) => !one.internal && one.family === 'IPv4'),
    )
    const addresses = ['127.0.0.1', ...outside.slice(0, 1).map(({ address }) => address)]
    const urls = addresses.map((address) => `http://${address}:${port}/`)
    const [open, closed] = [await heard(urls, scratch, []), await heard(urls, scratch, denied)]
    const verified = async (...args) => {
      const { code, stdout } = await command(root, scratch, ['verify', ...args, '--trust', trust, '--json'], denied)
      return { code, report: JSON.parse(stdout) }
    }
    const alone = await verified(container)
    const beside = await verified(pdf, '--evidence', container)
    const interfaces = await runCommand(denied[0], [...denied.slice(1), 'cat', '/proc/net/dev'], { cwd: scratch })
    const up = interfaces.stdout.split('\n').filter((one) => /^\s*(?!lo:)\S+:/.test(one)).length
    // Where a seal's evidence is missing the verifier would ask a gateway: here it has one to ask, and cannot.
    const asking = await command(
      root,
      scratch,
      ['verify', pdf, '--trust', trust, '--gateway', urls[0], '--json'],
      denied,
    )
    return [
      {
        what: 'control: the probe with the network',
        found: open.join(', '),
        ok: interfaces.code === 0 && open.every((one) => one === 'heard'),
      },
      {
        what: 'the same probe with networking denied (unshare --net)',
        found: `${closed.join(', ')}; ${up} interfaces beside loopback`,
        ok: up === 0 && closed.length === urls.length && closed.every((one) => /^E[A-Z]+$/.test(one)),
      },
      {
        what: 'control: without evidence the verifier would need the gateway',
        found: `exit ${asking.code}, ${/\[(GATEWAY_\w+)\]/.exec(asking.stderr)?.[1] ?? 'no word of it'}`,
        ok: asking.code === 2 && asking.stderr.includes('[GATEWAY_UNREACHABLE]'),
      },
      {
        what: 'the container alone, offline',
        found: `exit ${alone.code}, ${alone.report.outcome}, ${alone.report.signatures.length} seals`,
        ok: alone.code === 0 && alone.report.outcome === 'passed',
      },
      {
        what: 'the file with the container beside it, offline',
        found: `exit ${beside.code}, ${beside.report.outcome}`,
        ok: beside.code === 0 && beside.report.outcome === 'passed',
      },
    ]
  } finally {
    server.close()
  }
}

/** What a process that runs under `before` hears from each address: the answer, or the code of the error. */
async function heard(urls, scratch, before) {
  const probe = `for (const url of ${JSON.stringify(urls)})
    await fetch(url).then((answer) => answer.text(), (error) => error.cause?.code ?? String(error)).then(console.log)`
  const [program, ...args] = [...before, process.execPath, '--input-type=module', '-e', probe]
  const { stdout } = await runCommand(program, args, { cwd: scratch })
  return stdout.trim().split('\n')
}
