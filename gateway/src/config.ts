import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { CodedError } from '@cinnabar/core'
import { LOG_LEVELS, type LogLevel } from './log'

/** Everything that the person who runs the gateway decides. */
export interface Config {
  /** 0 takes a free one. */
  readonly port: number
  readonly host: string
  /** Absolute path. */
  readonly dataFolder: string
  readonly ledger: 'embedded' | 'fabric'
  /** Absolute path of the connection file (network/README.md); read on the Fabric ledger alone. */
  readonly fabricConnection: string
  /** Without a final slash; undefined: the address that the gateway listens on. */
  readonly publicUrl: string | undefined
  /** Undefined: `kek` in the data folder, made on the demonstration's first run. */
  readonly kekFile: string | undefined
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined
  /** Proxies in front: how many, or their addresses and networks; undefined: none. */
  readonly trustProxy: number | readonly string[] | undefined
  readonly maxPdfBytes: number
  readonly verifyTimeoutMs: number
  readonly sessionMinutes: number
  readonly logLevel: LogLevel
  readonly demo: boolean
}

/** What cannot be started with, all of it at once. */
export class ConfigError extends CodedError<'CONFIG_INVALID'> {
  /** One sentence each, beginning with the setting's name. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('CONFIG_INVALID', problems.join('; '), { problems: problems.length })
    this.problems = problems
  }
}

/** What may record the seals: one node's own file, or a Fabric channel. */
const LEDGERS = ['embedded', 'fabric'] as const

/** A QR code holds 200 characters: this address, `/s/` and an id of 32. */
const MAX_PUBLIC_URL = 165

/** One environment variable. */
export interface Setting {
  readonly name: string
  /** As text; empty when there is none. */
  readonly fallback: string
  readonly unit: string
  readonly en: string
  readonly zh: string
}

/** All settings, in the order of `--help`. */
export const SETTINGS = [
  setting('PORT', '8080', 'port', 'where to listen; 0 takes a free port', '监听端口；0 表示任选空闲端口'),
  setting(
    'HOST',
    '127.0.0.1',
    'address',
    'where to listen; 0.0.0.0 for all addresses',
    '监听地址；0.0.0.0 表示所有地址',
  ),
  setting(
    'CINNABAR_DATA',
    '.data',
    'folder',
    'where everything is kept; else .data/fabric on that ledger',
    '数据目录；使用 Fabric 账本时缺省为 .data/fabric',
  ),
  setting('CINNABAR_LEDGER', 'embedded', LEDGERS.join(' '), 'which ledger records the seals', '账本类型'),
  setting(
    'CINNABAR_FABRIC_CONNECTION',
    '.network/connection.json',
    'file',
    'how to reach the channel, as whom, and the CAs; npm run network -- up makes one',
    'Fabric 连接文件；可由 npm run network -- up 生成',
  ),
  setting(
    'CINNABAR_PUBLIC_URL',
    '',
    'URL',
    'address that QR codes and CRLs lead to; else the one listened on',
    '二维码与 CRL 所用的对外地址；缺省为监听地址',
  ),
  setting(
    'CINNABAR_KEK_FILE',
    '',
    'file',
    '32 bytes as hexadecimal, mode 0600, that encrypt all keys; DATA/kek in the demonstration',
    '主密钥文件（32 字节十六进制，权限 0600）；演示模式缺省为 DATA/kek',
  ),
  setting(
    'CINNABAR_TLS_CERT',
    '',
    'file',
    'certificate chain, PEM; needed off localhost, with CINNABAR_TLS_KEY',
    'TLS 证书链（PEM）；非本机访问时需要',
  ),
  setting('CINNABAR_TLS_KEY', '', 'file', 'private key, PEM', 'TLS 私钥（PEM）'),
  setting(
    'CINNABAR_TRUST_PROXY',
    '',
    'number or addresses',
    'proxies in front whose X-Forwarded-For counts: how many, or their addresses and networks with commas between',
    '前置代理：层数，或以逗号分隔的地址、网段；采信其 X-Forwarded-For',
  ),
  setting('CINNABAR_MAX_PDF_BYTES', '33554432', 'bytes', 'largest document taken in', '可接收的最大文件'),
  setting(
    'CINNABAR_VERIFY_TIMEOUT_MS',
    '10000',
    'milliseconds',
    'how long reading one uploaded file may take',
    '读取一份上传文件的时限',
  ),
  setting('CINNABAR_SESSION_MINUTES', '30', 'minutes', 'how long a log-in lasts, 15 to 60', '登录有效时间'),
  setting(
    'CINNABAR_LOG_LEVEL',
    'info',
    LOG_LEVELS.join(' '),
    'what is written to standard error, as JSON lines',
    '日志级别（JSON 行，写到标准错误）',
  ),
  setting(
    'CINNABAR_DEMO',
    'on',
    'on off',
    'whether a first run makes three demonstration institutions',
    '首次运行时是否建立三个演示机构',
  ),
] as const satisfies readonly Setting[]
/** A data folder belongs to one ledger for good. */
const DATA_FOLDERS = { embedded: '.data', fabric: '.data/fabric' } as const
type SettingName = (typeof SETTINGS)[number]['name']

function setting<const N extends string>(name: N, fallback: string, unit: string, en: string, zh: string) {
  return { name, fallback, unit, en, zh }
}

/**
 * Reads the settings.
 * @param env - environment variables; an empty one counts as absent.
 * @throws {@link ConfigError} that names every setting in the way.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const read = reader(env, problems)
  const demo = read.word('CINNABAR_DEMO', ['on', 'off']) === 'on'
  const port = read.integer('PORT', 0, 65535)
  const ledger = read.word('CINNABAR_LEDGER', LEDGERS)
  const config: Config = {
    port,
    host: read.text('HOST'),
    dataFolder: resolve(env.CINNABAR_DATA?.trim() || DATA_FOLDERS[ledger]),
    ledger,
    fabricConnection: resolve(read.text('CINNABAR_FABRIC_CONNECTION')),
    publicUrl: read.url('CINNABAR_PUBLIC_URL'),
    kekFile: read.file('CINNABAR_KEK_FILE'),
    tls: tlsOf(read.file('CINNABAR_TLS_CERT'), read.file('CINNABAR_TLS_KEY'), problems),
    trustProxy: read.proxies('CINNABAR_TRUST_PROXY'),
    maxPdfBytes: read.integer('CINNABAR_MAX_PDF_BYTES', 1024, 256 << 20),
    verifyTimeoutMs: read.integer('CINNABAR_VERIFY_TIMEOUT_MS', 1000, 600_000),
    sessionMinutes: read.integer('CINNABAR_SESSION_MINUTES', 15, 60),
    logLevel: read.word('CINNABAR_LOG_LEVEL', LOG_LEVELS),
    demo,
  }
  if (!demo && config.kekFile === undefined) {
    problems.push('CINNABAR_KEK_FILE: required with CINNABAR_DEMO=off')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined, problems: string[]): Config['tls'] {
  if (certificateFile !== undefined && keyFile !== undefined) return { certificateFile, keyFile }
  if (certificateFile !== undefined) problems.push('CINNABAR_TLS_KEY: required with CINNABAR_TLS_CERT')
  if (keyFile !== undefined) problems.push('CINNABAR_TLS_CERT: required with CINNABAR_TLS_KEY')
  return undefined
}

function isNetwork(text: string): boolean {
  const [, address, bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address ?? '')
  return version !== 0 && Number(bits ?? 1) > 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128)
}

function reader(env: Readonly<Record<string, string | undefined>>, problems: string[]) {
  const fallbackOf = (name: SettingName) => SETTINGS.find((one) => one.name === name)?.fallback ?? ''
  const text = (name: SettingName): string => env[name]?.trim() || fallbackOf(name)
  return {
    text,
    file(name: SettingName): string | undefined {
      const path = text(name)
      return path === '' ? undefined : resolve(path)
    },
    integer(name: SettingName, min: number, max: number): number {
      const value = Number(text(name))
      if (/^\d+$/.test(text(name)) && value >= min && value <= max) return value
      problems.push(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text(name))}`)
      return min
    },
    word<const T extends string>(name: SettingName, words: readonly T[]): T {
      const found = words.find((one) => one === text(name))
      if (found === undefined) {
        problems.push(`${name}: expected ${words.join(' or ')}, got ${JSON.stringify(text(name))}`)
      }
      return found ?? words[0]
    },
    proxies(name: SettingName): Config['trustProxy'] {
      if (text(name) === '') return undefined
      const list = text(name).split(/\s*,\s*/)
      if (list.every(isNetwork)) return list
      if (/^[1-9]$/.test(text(name))) return Number(text(name))
      const wanted = 'a number of proxies from 1 to 9, or addresses such as 10.0.0.1,192.168.0.0/16'
      problems.push(`${name}: expected ${wanted}, got ${JSON.stringify(text(name))}`)
      return undefined
    },
    url(name: SettingName): string | undefined {
      if (text(name) === '') return undefined
      const url = URL.canParse(text(name)) ? new URL(text(name)) : undefined
      const address = url?.href.replace(/\/+$/, '') ?? ''
      const plain = url !== undefined && url.search + url.hash + url.username + url.password === ''
      if (plain && /^https?:$/.test(url.protocol) && address.length <= MAX_PUBLIC_URL) return address
      const wanted = `an http or https address of at most ${MAX_PUBLIC_URL} characters`
      problems.push(`${name}: expected ${wanted}, got ${JSON.stringify(text(name))}`)
      return undefined
    },
  }
}
