import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compiled } from '../lib/dist.mjs'
import { cinnabar, runCommand } from '../lib/run.mjs'
import { commandsIn, evidenceIn, standingOf, withoutChance } from './lib/report-text.mjs'
import { smallPng } from './lib/small-png.mjs'

export const line = 6
export const title = 'The court report of a passed, a failed and an indeterminate document, as pages looked at'

const TITLES = { passed: '核验通过　PASSED', failed: '核验未通过　FAILED', indeterminate: '无法判定　NOT PROVEN' }
/** The law's own order, and how each article begins in its own words. */
const ARTICLES = [
  ['第十六条', '当事人作为证据提交的电子数据系通过区块链技术存储'],
  ['第十七条第（一）项', '存证平台是否符合国家有关部门关于提供区块链存证服务的相关规定'],
  ['第十七条第（二）项', '当事人与存证平台是否存在利害关系'],
  ['第十七条第（三）项', '存证平台的信息系统是否符合清洁性、安全性、可靠性、可用性'],
  ['第十七条第（四）项', '存证技术和过程是否符合相关国家标准或者行业标准'],
  ['第十八条', '当事人提出电子数据上链存储前已不具备真实性'],
  ['第十九条', '当事人可以申请具有专门知识的人'],
]
/** Not proven by any report. */
const NEVER = [
  '平台是否符合区块链存证服务的规定',
  '单一运营方',
  '演示环境',
  '当事人与平台之间的利害关系',
  '清洁性、安全性、可靠性、可用性',
  '上链前：来源与生成',
  '本报告的限度',
]
/** What each of the three says of a fact of its first seal, and why, in Chinese. */
const FACTS = {
  passed: [
    ['印章 1：内容未改', '已证明', '文件与盖章时逐字节一致'],
    ['印章 1：用印已记录', '已证明', '已记入该机构在账本上的日志'],
  ],
  failed: [
    ['印章 1：内容未改', '不成立', '内容已被改动：其摘要与盖章或存证时不同'],
    ['印章 1：签名有效', '已证明', '签名确由文件中证书所对应的密钥作出'],
  ],
  indeterminate: [
    ['印章 1：内容未改', '已证明', '文件与盖章时逐字节一致'],
    ['印章 1：用印已记录', '未证明', '缺少这枚印章的证据'],
  ],
}
/** What `cinnabar verify` ends with. */
const EXITS = { passed: 0, failed: 1, indeterminate: 2 }

export async function run({ root, scratch, say }) {
  const { demoLogins, startService } = await compiled(root, 'bench/dist/proof/service.js')
  const data = join(scratch, 'data')
  await (await startService({ root, data })).stop()
  say('a document that only another service has the evidence of')
  const files = await documents(root, scratch, data)
  const { url, stop } = await startService({ root, data })
  try {
    const env = { CINNABAR_URL: url, CINNABAR_TOKEN: await tokenOf(url, await demoLogins(data)) }
    const rows = []
    for (const [outcome, file] of Object.entries(files)) {
      say(outcome)
      rows.push(await reported({ root, scratch, data, env, outcome, file }))
    }
    return {
      ok: rows.every(({ checks }) => checks.every(({ ok }) => ok)),
      measured: rows
        .map(
          ({ outcome, checks }) =>
            `${outcome}: ${checks.map(({ found, ok }) => `${found} ${ok ? '✓' : '✗'}`).join(', ')}`,
        )
        .join('; '),
      detail: [
        'Pages: `bench/results/m4/report-OUTCOME-N.png`, drawn anew when their text differs.',
        '',
        '| report | what | found | as wanted |',
        '|---|---|---|---|',
        ...rows.flatMap(({ outcome, checks }) =>
          checks.map(({ what, found, ok }) => `| ${outcome} | ${what} | ${found} | ${ok ? 'yes' : '**no**'} |`),
        ),
      ].join('\n'),
    }
  } finally {
    await stop()
  }
}

async function tokenOf(url, [{ user, password }]) {
  const session = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  })
  return (await session.json()).token
}

/** The demonstration's contract; the same with one byte changed; and one sealed since, on a copy of the service: no evidence is here. */
async function documents(root, scratch, data) {
  const { demoLogins, startService } = await compiled(root, 'bench/dist/proof/service.js')
  const passed = join(data, 'demo/contract-sealed.pdf')
  const failed = join(scratch, 'contract-changed.pdf')
  const bytes = await readFile(passed)
  bytes[bytes.indexOf('stream') + 40] ^= 1
  await writeFile(failed, bytes)
  const copy = join(scratch, 'copy')
  await cp(data, copy, { recursive: true })
  const elsewhere = await startService({ root, data: copy })
  const indeterminate = join(scratch, 'contract-elsewhere.pdf')
  try {
    const token = await tokenOf(elsewhere.url, await demoLogins(copy))
    const env = { CINNABAR_URL: elsewhere.url, CINNABAR_TOKEN: token }
    const contract = join(root, 'fixtures/contracts/en-service-agreement.pdf')
    const args = ['seal', contract, '--seal', 'official', '-o', indeterminate, '--wait', 'anchored']
    const made = await cinnabar(root, args, { home: scratch, env })
    if (made.code !== 0) throw new Error(made.stderr)
  } finally {
    await elsewhere.stop()
  }
  return { passed, failed, indeterminate }
}

async function reported({ root, scratch, data, env, outcome, file }) {
  const report = join(scratch, `report-${outcome}.pdf`)
  const made = await cinnabar(root, ['report', file, '--seal', 'official', '-o', report], { home: scratch, env })
  if (made.code !== 0) throw new Error(made.stderr)
  const { stdout: text } = await runCommand('pdftotext', ['-layout', '-nopgbrk', report, '-'])
  const pages = await saved(join(root, 'bench/results/m4'), { report, outcome, text })
  const folder = await readersFolder({ root, scratch, data, env, outcome, file })
  const checks = [
    { what: 'pages', found: `${pages} pages`, ok: pages > 2 },
    await sealPage(report, pages),
    ...said(text, outcome),
    ...(await redone({ scratch, folder, text, outcome })),
    ...(await itself({ root, scratch, data, env, report })),
  ]
  return { outcome, checks }
}

/** A seal alone on its page could be taken for any text's. */
async function sealPage(report, pages) {
  const args = ['-layout', '-f', String(pages), '-l', String(pages), report, '-']
  const { stdout } = await runCommand('pdftotext', args)
  const ok = stdout.includes('第十九条') && stdout.includes('出具机构盖章')
  return { what: 'the seal stands under text', found: ok ? 'seal under Article 19' : 'seal alone', ok }
}

/** The verdict, the articles in order and in the law's words, what is proven, what is not, and why. */
function said(text, outcome) {
  const flat = text.replace(/\s+/g, '')
  const at = ARTICLES.map(([name, words]) => flat.indexOf(words.replace(/\s+/g, ''), flat.indexOf(`${name}　`.trim())))
  const inOrder = at.every((place, i) => place > (at[i - 1] ?? 0))
  const open = NEVER.filter((name) => standingOf(text, name) === '未证明')
  const facts = FACTS[outcome].map(([name, standing, why]) => standingOf(text, name) === standing && flat.includes(why))
  const verdicts = Object.entries(TITLES).filter(([, words]) => flat.includes(words.replace(/\s+/g, '')))
  return [
    {
      what: 'verdict',
      found: verdicts.map(([, words]) => words).join(),
      ok: verdicts.map(([one]) => one).join() === outcome,
    },
    {
      what: 'articles in the order and the words of the law',
      found: inOrder ? 'articles in order' : String(at),
      ok: inOrder,
    },
    {
      what: 'said to be not proven',
      found: `${open.length} of ${NEVER.length} open points`,
      ok: open.length === NEVER.length,
    },
    {
      what: 'facts with their reasons in Chinese',
      found: `${facts.filter(Boolean).length} facts`,
      ok: facts.every(Boolean),
    },
  ]
}

/** An empty folder with what the report asks for: the file, its evidence if there is any, the trust file; and our command. */
async function readersFolder({ root, scratch, data, env, outcome, file }) {
  const folder = join(scratch, `reader-${outcome}`)
  await mkdir(folder)
  await mkdir(join(scratch, 'bin'), { recursive: true })
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'cli/bin/cinnabar.js')}' "$@"\n`
  await writeFile(join(scratch, 'bin/cinnabar'), program, { mode: 0o755 })
  await cp(file, join(folder, 'document.pdf'))
  await cp(join(data, 'trust.json'), join(folder, 'trust.json'))
  const container = join(folder, 'evidence.asice')
  const fetched = await cinnabar(root, ['evidence', file, '-o', container], { home: scratch, env })
  if (fetched.code !== 0 && outcome !== 'indeterminate') throw new Error(fetched.stderr)
  return folder
}

/** Every command as it is printed, and every file that is named. */
async function redone({ scratch, folder, text, outcome }) {
  const env = {
    PATH: `${join(scratch, 'bin')}:${process.env.PATH}`,
    HOME: scratch,
    XDG_CONFIG_HOME: join(scratch, 'none'),
  }
  const commands = commandsIn(text)
  const wrong = []
  for (const command of commands) {
    const { code } = await runCommand('sh', ['-c', command], { cwd: folder, env })
    if (code !== (command.startsWith('cinnabar verify') ? EXITS[outcome] : 0))
      wrong.push(`${command} ended with ${code}`)
  }
  const there = await readdir(folder, { recursive: true })
  const named = evidenceIn(text)
  const missing = named.filter((path) => !there.includes(path))
  return [
    {
      what: 'its commands, run as printed in a folder with file, evidence and trust',
      found: `${commands.length} commands${wrong.map((one) => `; ${one}`).join('')}`,
      ok: commands.length > 5 && wrong.length === 0,
    },
    {
      what: 'the files that it names as evidence',
      found: `${named.length} files${missing.map((one) => `; ${one} is missing`).join('')}`,
      ok: named.length > 0 && missing.length === 0,
    },
  ]
}

/** The report is a sealed document like any other: verified as one, by us and by others. */
async function itself({ root, scratch, data, env, report }) {
  const { pdfsig } = await compiled(root, 'bench/dist/checkers/pdfsig.js')
  const { startPyhanko } = await compiled(root, 'bench/dist/checkers/pyhanko.js')
  const { trustedFiles } = await compiled(root, 'bench/dist/proof/others.js')
  const { parseTrust } = createRequire(join(root, 'bench/package.json'))('@cinnabar/core')
  const trustFile = join(data, 'trust.json')
  const evidence = report.replace(/pdf$/, 'asice')
  await cinnabar(root, ['evidence', report, '-o', evidence], { home: scratch, env })
  const args = ['verify', report, '--trust', trustFile, '--evidence', evidence, '--json']
  const own = JSON.parse((await cinnabar(root, args, { home: scratch })).stdout)
  const [poppler] = await pdfsig(report)
  const pyhanko = startPyhanko()
  try {
    const trusted = await trustedFiles(scratch, parseTrust(new Uint8Array(await readFile(trustFile))))
    const [other] = (await pyhanko.verify(report, { trusted })).signatures
    return [
      {
        what: 'the report itself, as a sealed document',
        found: `itself ${own.outcome} (use ${own.signatures[0]?.recorded?.useNumber})`,
        ok: own.outcome === 'passed',
      },
      { what: 'pdfsig', found: poppler?.validation, ok: poppler?.valid === true && poppler.coversWholeFile },
      {
        what: 'pyHanko',
        found: `pyHanko: ${other?.error ?? other?.summary}`,
        ok: other?.bottomLine === true && other.trusted,
      },
    ]
  } finally {
    await pyhanko.stop()
  }
}

/** The pages as pictures, beside the text that they were drawn with: drawn again only when that differs. @returns their count. */
async function saved(folder, { report, outcome, text }) {
  await mkdir(folder, { recursive: true })
  const kept = join(folder, `report-${outcome}.txt`)
  const mine = (await readdir(folder)).filter((one) => one.startsWith(`report-${outcome}-`))
  const before = await readFile(kept, 'utf8').catch(() => '')
  if (mine.length > 0 && before === withoutChance(text)) return mine.length
  for (const old of mine) await rm(join(folder, old))
  const drawn = join(folder, 'drawing')
  await mkdir(drawn)
  await runCommand('pdftoppm', ['-r', '72', report, join(drawn, 'page')])
  const pages = (await readdir(drawn)).sort()
  for (const [i, page] of pages.entries()) {
    await writeFile(join(folder, `report-${outcome}-${i + 1}.png`), smallPng(await readFile(join(drawn, page))))
  }
  await rm(drawn, { recursive: true })
  await writeFile(kept, withoutChance(text))
  return pages.length
}
