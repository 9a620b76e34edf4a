import { LOG_LEVELS } from './log'
import {
  digests,
  files,
  networks,
  objectIdentifiers,
  oneOf,
  optionalFile,
  path,
  plainText,
  proxies,
  type Setting,
  webAddress,
  wholeNumber,
} from './setting'

/** What may record the seals: one node's own file, or a Fabric channel. */
export const LEDGERS = ['embedded', 'fabric'] as const

/**
 * All settings, in the order in which they are told. `readConfig`, `--help` and docs/configuration.md are made from this
 * list: `npm run docs` writes the page, and a test compares it.
 */
export const SETTINGS = {
  PORT: wholeNumber(
    { fallback: 8080, unit: 'port', min: 0, max: 65535 },
    { en: 'where to listen; 0 takes a free port', zh: '监听端口；0 表示任选空闲端口' },
  ),
  HOST: plainText('address', '127.0.0.1', {
    en: 'where to listen; 0.0.0.0 for all addresses',
    zh: '监听地址；0.0.0.0 表示所有地址',
  }),
  CINNABAR_DATA: path('folder', '.data', {
    en: 'where everything is kept; else .data/fabric on that ledger',
    zh: '数据目录；使用 Fabric 账本时缺省为 .data/fabric',
  }),
  CINNABAR_LEDGER: oneOf(LEDGERS, { en: 'which ledger records the seals', zh: '账本类型' }),
  CINNABAR_FABRIC_CONNECTION: path('file', '.network/connection.json', {
    en: 'how to reach the channel, as whom, and the CAs; npm run network -- up makes one',
    zh: 'Fabric 连接文件；可由 npm run network -- up 生成',
  }),
  CINNABAR_PUBLIC_URL: webAddress({
    en: 'address that QR codes and CRLs lead to; else the one listened on',
    zh: '二维码与 CRL 所用的对外地址；缺省为监听地址',
  }),
  CINNABAR_KEK_FILE: optionalFile({
    en: '32 bytes as hexadecimal, mode 0600, that encrypt all keys; DATA/kek in the demonstration',
    zh: '主密钥文件（32 字节十六进制，权限 0600）；演示模式缺省为 DATA/kek',
  }),
  CINNABAR_TLS_CERT: optionalFile({
    en: 'certificate chain, PEM; needed off localhost, with CINNABAR_TLS_KEY',
    zh: 'TLS 证书链（PEM）；非本机访问时需要',
  }),
  CINNABAR_TLS_KEY: optionalFile({ en: 'private key, PEM', zh: 'TLS 私钥（PEM）' }),
  CINNABAR_TRUST_PROXY: proxies({
    en: 'proxies in front whose X-Forwarded-For counts: how many, or their addresses and networks with commas between',
    zh: '前置代理：层数，或以逗号分隔的地址、网段；采信其 X-Forwarded-For',
  }),
  CINNABAR_MAX_PDF_BYTES: wholeNumber(
    { fallback: 33554432, unit: 'bytes', min: 1024, max: 256 << 20 },
    { en: 'largest document taken in', zh: '可接收的最大文件' },
  ),
  CINNABAR_MAX_BULK_DOCUMENTS: wholeNumber(
    { fallback: 1000, unit: 'documents', min: 1, max: 1000 },
    { en: 'most documents of one bulk job', zh: '一次批量用印的最大文件数' },
  ),
  CINNABAR_MAX_BULK_BYTES: wholeNumber(
    { fallback: 1 << 30, unit: 'bytes', min: 1024, max: 2 ** 40 },
    { en: 'most that the documents of one bulk job may have together', zh: '一次批量用印的文件总大小上限' },
  ),
  CINNABAR_USER_REQUESTS_PER_MINUTE: wholeNumber(
    { fallback: 60_000, unit: 'requests', min: 1, max: 10_000_000 },
    {
      en: 'how often one user or machine may ask; a sixth of it may come at once',
      zh: '每个用户或机器每分钟的请求上限；可瞬时用去其六分之一',
    },
  ),
  CINNABAR_STRANGER_REQUESTS_PER_MINUTE: wholeNumber(
    { fallback: 6_000, unit: 'requests', min: 1, max: 10_000_000 },
    { en: 'how often one address may ask without a log-in', zh: '未登录时每个地址每分钟的请求上限' },
  ),
  CINNABAR_REQUESTS_AT_ONCE: wholeNumber(
    { fallback: 128, unit: 'requests', min: 1, max: 100_000 },
    {
      en: 'how many requests of one user, machine or address may be under way',
      zh: '每个用户、机器或地址同时进行的请求上限',
    },
  ),
  CINNABAR_VERIFY_TIMEOUT_MS: wholeNumber(
    { fallback: 10_000, unit: 'milliseconds', min: 1000, max: 600_000 },
    { en: 'how long reading one uploaded file may take', zh: '读取一份上传文件的时限' },
  ),
  CINNABAR_REQUEST_TIMEOUT_MS: wholeNumber(
    { fallback: 120_000, unit: 'milliseconds', min: 1000, max: 3_600_000 },
    { en: 'how long a client may take to send a request', zh: '客户端发送一次请求的时限' },
  ),
  CINNABAR_IDLE_TIMEOUT_MS: wholeNumber(
    { fallback: 30_000, unit: 'milliseconds', min: 100, max: 3_600_000 },
    { en: 'how long a client may pause while it sends a file', zh: '客户端发送文件时可停顿的时限' },
  ),
  CINNABAR_STOP_GRACE_MS: wholeNumber(
    { fallback: 10_000, unit: 'milliseconds', min: 0, max: 600_000 },
    { en: 'how long requests under way may take to finish after a stop', zh: '停止时等待进行中请求完成的时限' },
  ),
  CINNABAR_SESSION_MINUTES: wholeNumber(
    { fallback: 30, unit: 'minutes', min: 15, max: 60 },
    { en: 'how long an access token lasts', zh: '访问令牌有效时间' },
  ),
  CINNABAR_REFRESH_DAYS: wholeNumber(
    { fallback: 7, unit: 'days', min: 1, max: 90 },
    {
      en: 'how long a log-in can be refreshed before the password is asked for again',
      zh: '登录可续期的最长时间，到期需重新输入密码',
    },
  ),
  CINNABAR_SESSIONS_KEPT_DAYS: wholeNumber(
    { fallback: 90, unit: 'days', min: 1, max: 36_500 },
    { en: 'how long a log-in that has ended is remembered', zh: '已结束登录的记录保留时间' },
  ),
  CINNABAR_PEOPLE_EVENTS_KEPT_DAYS: wholeNumber(
    { fallback: 3650, unit: 'days', min: 30, max: 36_500 },
    {
      en: 'how long it is remembered what happened to users, keys and log-ins',
      zh: '用户、密钥与登录安全事件的保留时间',
    },
  ),
  CINNABAR_REQUEST_KEYS_KEPT_DAYS: wholeNumber(
    { fallback: 90, unit: 'days', min: 1, max: 36_500 },
    {
      en: 'how long an Idempotency-Key is remembered: a repeat that comes later is a new request',
      zh: '幂等键（Idempotency-Key）的保留时间；过期后的重复请求视为新请求',
    },
  ),
  CINNABAR_UNSTARTED_BULK_JOBS_KEPT_DAYS: wholeNumber(
    { fallback: 30, unit: 'days', min: 1, max: 36_500 },
    {
      en: 'how long a bulk job waits to be started before it is forgotten; documents uploaded into it stay',
      zh: '未开始的批量用印的保留时间；已上传的文件仍保留',
    },
  ),
  CINNABAR_LOG_LEVEL: oneOf(
    LOG_LEVELS,
    { en: 'what is written to standard error, as JSON lines', zh: '日志级别（JSON 行，写到标准错误）' },
    'info',
  ),
  CINNABAR_METRICS_TOKEN_FILE: optionalFile({
    en: 'token that /metrics asks for as Authorization: Bearer; without it /metrics answers this machine alone',
    zh: '访问 /metrics 所需的令牌文件（Authorization: Bearer）；未设置时仅限本机访问',
  }),
  CINNABAR_MIN_FREE_BYTES: wholeNumber(
    { fallback: 268435456, unit: 'bytes', min: 0, max: 1e15 },
    {
      en: 'with less free for the data folder the service is not ready',
      zh: '数据目录剩余空间低于此值时服务视为未就绪',
    },
  ),
  CINNABAR_STUCK_MINUTES: wholeNumber(
    { fallback: 10, unit: 'minutes', min: 1, max: 10_080 },
    { en: 'a job that has not ended after so long counts as stuck', zh: '超过此时间仍未结束的任务视为滞留' },
  ),
  CINNABAR_WEBHOOK_NETWORKS: networks({
    en: 'addresses and networks that webhooks may go to although they are not public, there also by plain http',
    zh: '允许网络回调访问的非公网地址或网段，以逗号分隔；对其也允许 http',
  }),
  CINNABAR_WEBHOOK_DAYS: wholeNumber(
    { fallback: 30, unit: 'days', min: 15, max: 3660 },
    { en: 'how long the delivery log of webhooks is kept', zh: '网络回调投递记录的保存时间' },
  ),
  CINNABAR_SEAL_POLICIES: objectIdentifiers({
    en: "policies, as object identifiers, that seal certificates of this gateway's own CAs assert from now on, so that others' trust lists can demand them; a Fabric CA has its own",
    zh: '本网关自有 CA 今后签发的印章证书所载明的证书策略（OID），供他方名单要求；Fabric CA 自行配置',
  }),
  CINNABAR_TRUST_LISTS: files({
    en: 'published trust lists, with commas between, by which files are verified beside the trust file; refused at the start unless well signed and in force',
    zh: '核验时与信任文件并列采用的已发布名单，以逗号分隔；签名不符或不在有效期内则拒绝启动',
  }),
  CINNABAR_TRUST_LIST_KEYS: digests({
    en: "digests of the keys of those lists' publishers, got in another way than the lists",
    zh: '上述名单发布方公钥的摘要，应通过其他途径取得',
  }),
  CINNABAR_DEMO: oneOf(['on', 'off'], {
    en: 'whether a first run makes three demonstration institutions',
    zh: '首次运行时是否建立三个演示机构',
  }),
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof SETTINGS

/** The values of all settings, by name. */
export type Settings = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends Setting<infer T> ? T : never
}

/** The settings with their names, in order. */
export const SETTINGS_LIST = Object.entries(SETTINGS).map(([name, setting]) => ({ name, ...(setting as Setting) }))
