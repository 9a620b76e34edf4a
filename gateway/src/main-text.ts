import { relative } from 'node:path'
import { type CodedError, TrustFormat } from '@cinnabar/core'
import { DEMO_INSTITUTIONS } from './demo/institutions'
import type { Founded, FoundRequest } from './found/found'
import { settingsHelp } from './settings-text'
import type { Demo, Gateway } from './start-gateway'

/** What `--help` prints. */
export function helpText(version: string): string {
  return `${[
    `cinnabar gateway ${version}: seals, timestamps, records and verifies documents`,
    `朱砂网关 ${version}：用印、加盖时间戳、上链存证、核验`,
    '',
    'usage 用法: npm start [-- --help | --version]',
    '            node gateway/dist/main.js found --help   institutions in earnest 正式机构的建立',
    '',
    'settings, by environment variables 环境变量:',
    ...settingsHelp(),
  ].join('\n')}\n`
}

/** What a start prints, for people. */
export function startedText(gateway: Gateway, version: string): string {
  const { url, publicUrl, trust, demo } = gateway
  const lines = [
    '',
    `Cinnabar 朱砂 ${version}`,
    '',
    line('page 页面', `${publicUrl}/`),
    ...(publicUrl === url ? [] : [line('listening 监听', url)]),
    ...(demo === undefined ? [] : demoLines(demo)),
    ...(trust === undefined
      ? []
      : [line('trust file 信任文件', trust.file), line('', trust.fingerprint), ...differLines(trust.differs)]),
    ...(demo === undefined || trust === undefined ? [] : ['', ...checkLines(demo, trust.file), ...caveatOf(gateway)]),
    '',
    'Ctrl-C stops. 按 Ctrl-C 停止。',
    '',
  ]
  return lines.join('\n')
}

function demoLines({ logins, loginsFile, sample }: Demo): readonly string[] {
  const nameOf = (user: string) => DEMO_INSTITUTIONS.find((one) => one.user === user)?.names.zh ?? ''
  const width = Math.max(...logins.map(({ user }) => user.length))
  return [
    ...logins.map(({ user, password }, i) =>
      line(i === 0 ? 'demo log-ins 演示账号' : '', `${user.padEnd(width)}  ${password}  ${nameOf(user)}`),
    ),
    line('', `(kept in 保存于 ${loginsFile})`),
    line('sealed file 已盖章文件', sample.sealed),
    line('its evidence 证据包', sample.evidence),
  ]
}

function differLines(differs: readonly string[]): readonly string[] {
  if (differs.length === 0) return []
  return [
    line('', 'WARNING: it is not what this node would write, and was left as it is. Different:'),
    line('', '警告：信任文件与本节点的密钥或登记不一致，未作改动。不一致之处：'),
    ...differs.map((one) => line('', `- ${one}`)),
  ]
}

function checkLines({ sample }: Demo, trustFile: string): readonly string[] {
  return [
    'Check it, also with this stopped 核验（停止服务后亦可）:',
    `  npx cinnabar verify ${short(sample.sealed)} --trust ${short(trustFile)} --evidence ${short(sample.evidence)}`,
  ]
}

function caveatOf({ node }: Gateway): readonly string[] {
  if (node.env.ledger.kind === 'fabric') {
    const names = node.trust?.organisations.map(({ id }) => id).join(', ') ?? ''
    return [
      '',
      `The ledger is a Fabric channel of ${names}; whoever checks asks two of them.`,
      'A demonstration: one owner holds the keys of all. Nothing here proves independence.',
      '账本为 Fabric 通道，由上述机构共同见证；演示环境中所有密钥由同一方持有，不构成独立证明。',
    ]
  }
  return [
    '',
    'A demonstration: one owner holds every key, and one node is the ledger. Nothing here proves independence.',
    '演示环境：所有密钥由同一方持有，账本为单节点，不构成独立证明。',
  ]
}

/** The shorter spelling of a path, as a shell takes it. */
function short(path: string): string {
  const near = relative('', path)
  const shown = near.startsWith('..') ? path : near
  return /^[\w./+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`
}

const LABEL_COLUMNS = 24

function line(label: string, value: string): string {
  return `  ${label}${' '.repeat(Math.max(1, LABEL_COLUMNS - columnsOf(label)))}${value}`
}

/** Chinese characters take two columns on a terminal. */
function columnsOf(text: string): number {
  return [...text].reduce((columns, character) => columns + (character >= '\u2e80' ? 2 : 1), 0)
}

/** What `found` prints. */
export function foundText({ id, admin }: FoundRequest, { password, trust, trustFile, madeKek }: Founded): string {
  const lines = [
    line('founded 已建立', id),
    ...(password === undefined || admin === undefined ? [] : [line('admin 管理员', `${admin}  ${password}`)]),
    ...(password === undefined ? [] : [line('', 'shown once; kept nowhere 仅显示一次，请妥善保存')]),
    ...(madeKek === undefined
      ? []
      : [line('made 已生成', madeKek), line('', 'back it up apart from the data 请与数据分开备份')]),
    ...(trust === undefined
      ? []
      : [
          line('trust file 信任文件', trustFile),
          line('', `version 版本 ${trust.version}  ${TrustFormat.digest(trust)}`),
        ]),
  ]
  return `${lines.join('\n')}\n`
}

/** What to do about an error at the start. */
export function hintFor({ code, details }: CodedError): string | undefined {
  switch (code) {
    case 'PORT_IN_USE':
      return `stop the program that listens there, or choose another port: PORT=${Number(details.port) + 1} npm start`
    case 'STORE_IN_USE':
    case 'LEDGER_LOCKED':
      return 'another Cinnabar runs on this data folder; stop it, or choose another by CINNABAR_DATA'
    case 'STORE_DAMAGED':
    case 'LEDGER_DAMAGED':
      return 'restore the data folder from a backup; nothing was changed'
    case 'KEY_UNREADABLE':
      return 'the keys in this data folder were made under another key-encryption key; give that by CINNABAR_KEK_FILE'
    case 'LEDGER_OTHER':
      return 'give each ledger a data folder of its own, by CINNABAR_DATA'
    case 'CONNECTION_INVALID':
    case 'CA_CONFIG_INVALID':
      return 'npm run network -- up makes a network to try out, and CINNABAR_FABRIC_CONNECTION names its connection file'
    case 'DEMO_NETWORK_UNFIT':
      return 'on a network of others set CINNABAR_DEMO=off; npm run network -- up makes one to try out'
    case 'LEDGER_UNAVAILABLE':
    case 'CA_UNAVAILABLE':
      return 'see that the network is up: npm run network -- status'
    case 'PRODUCTION_REFUSED':
      return 'begin in a new data folder, by CINNABAR_DATA, and found the institution there: node gateway/dist/main.js found --help'
    case 'FOUND_ARGUMENT':
    case 'FOUND_DEMO':
      return 'node gateway/dist/main.js found --help'
    case 'TRUST_LIST_SIGNER_UNKNOWN':
      return "name the digest of the publisher's key, got in another way than the list, in CINNABAR_TRUST_LIST_KEYS"
    case 'TRUST_LIST_ROLLED_BACK':
    case 'TRUST_LIST_FORKED':
      return 'this gateway has seen another list of this publisher: get the newest one, and ask what happened'
    case 'TRUST_LIST_EXPIRED':
      return 'get the next list from its publisher, or take it out of CINNABAR_TRUST_LISTS'
    case 'TRUST_LIST_INVALID':
    case 'TRUST_LIST_SIGNATURE_INVALID':
    case 'TRUST_LIST_IN_FUTURE':
      return 'get the list from its publisher again, and see that the clock of this machine is right'
    case 'KEY_PUBLISHED':
      return 'keys of fixtures/ are known to everybody; make your own'
    default:
      return undefined
  }
}
