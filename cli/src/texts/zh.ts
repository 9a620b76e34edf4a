import type { InstitutionKind, SealKind, SealStatus } from '@cinnabar/core'
import type { TrustSource } from '../trust'
import type { NotFetched, Texts } from './en'
import { errorsZh } from './errors-zh'
import { helpZh } from './help-zh'
import { listZh } from './list-zh'
import { problemsZh } from './problems-zh'
import { renderZh } from './render-zh'

const SOURCES: Readonly<Record<TrustSource, string>> = {
  option: '--trust',
  environment: 'CINNABAR_TRUST',
  data: '数据目录',
  pinned: '已采用',
}

const STATES: Readonly<Record<string, string>> = {
  received: '已接收',
  sealed: '已盖章',
  timestamped: '已加盖时间戳',
  submitted: '正在记入账本',
  anchored: '已记入账本',
  refused: '被拒绝',
  failed: '失败',
  missing: '尚未上传',
  cancelled: '已取消',
}

const NOT_FETCHED: Readonly<Record<NotFetched, string>> = {
  URL_REFUSED: '未查询：不是 http 或 https 地址',
  ADDRESS_REFUSED: '未查询：它指向您自己的网络；加上 --allow-private-addresses 才会查询',
  NAME_UNKNOWN: '域名无法解析',
  CONNECTION_FAILED: '没有应答',
  TLS_FAILED: '其 TLS 证书不被接受',
  TIMEOUT: '用时过长',
  REDIRECTED: '它转向别处',
  STATUS: '它拒绝答复',
  TOO_LARGE: '答复过大',
  NONCE_DIFFERS: '答复针对的是另一次查询，未予采用',
  UNREADABLE: '答复既不是撤销列表，也不是含有状态的 OCSP 答复',
}

const note: Texts['note'] = {
  checking: '正在核验',
  sending: '正在发送',
  sealing: '正在等待盖章',
  downloading: '正在取回盖章文件',
  loggingIn: '正在登录',
  depositing: '正在等待存证',
  askingDeposits: (url) => `正在向 ${url} 查询您是否存证过此文件：只发送文件的摘要，不发送其他任何内容`,
  watching: (path, url) => `正在监视 ${path}，存证到 ${url}；按 Ctrl-C 停止`,
  stillWaiting: (what, seconds) => `${what}：仍在等待，已 ${seconds} 秒`,
  askingAgain: (url) => `${url} 没有答复，正在重试`,
  uploading: (name, bytes, url) => `正在把 ${name}（${bytes} 字节）发送到 ${url}`,
  bulkUploading: (left, count, url) => `正在把 ${count} 份文件中的 ${left} 份发送到 ${url}`,
  bulkSealed: (sealed, count) => `${count} 份文件中有 ${sealed} 份已盖章并写出`,
  sealedWritten: (path) => `盖章文件已写入 ${path}`,
  askingEvidence: (url, count) => `正在向 ${url} 获取 ${count} 枚印章的证据：只发送文件内的编号，不发送其他任何内容`,
  askingDepositEvidence: (url, count) => `正在向 ${url} 获取 ${count} 份存证的证据：只发送存证编号，不发送其他任何内容`,
  fetching: (n, of) => `正在获取第 ${n} 份证据，共 ${of} 份`,
  evidenceUnknown: (ids) => `那里还没有这些编号的证据：${ids.join('、')}`,
  evidenceWritten: (path, count) => `${count} 枚印章的证据已写入 ${path}`,
  depositEvidenceWritten: (path, count) => `${count} 份存证的证据已写入 ${path}`,
  preserved: (path, crls) => `已写入 ${path}，内含 ${crls} 份证书撤销列表和一个文档时间戳`,
  listPublished: (path, version, key) => [
    `第 ${version} 版已写入 ${path}`,
    `提示：核验方需要您的公钥摘要，应与名单分开提供：${key}`,
  ],
  listKeyMade: (path, key) => [
    `密钥已写入 ${path}，以您的口令加密；供核验方使用的公钥摘要：${key}`,
    '提示：请分别备份文件和口令；缺少任何一个，就无法再发布后续名单',
  ],
  passphraseQuestion: '口令：',
  newPassphraseQuestion: '新口令：',
  passphraseAgain: '再次输入：',
  listUsed: (name, version, until) => `名单：${name}，第 ${version} 版，有效至 ${until}`,
  reportWritten: (path) => `核验报告已写入 ${path}`,
  assertionMissing: (why) => `证据没有时间声明（各项事实并不依赖它）：${why}`,
  withoutEvidence: (why) => `未能获取证据：${why}`,
  askingRevocation: (url) => `正在向 ${url} 查询证书是否已被撤销：至多发送证书的序列号`,
  revocationNotFetched: (url, code) => `${url}：${NOT_FETCHED[code]} [${code}]`,
  revocationKept: (count, folder) => `已在 ${folder} 保存 ${count} 个文件；离线核验时加上 --material ${folder}`,
  gatewayNotAsked: '已给出 --evidence，不使用网络，因此不询问 --gateway',
  gatewayUnknown: '没有给出证据，也不知道服务地址：请添加 --evidence ZIP 或 --gateway URL',
  trustUsed: (source, path, fingerprint) => `信任文件：${path}（${SOURCES[source]}），指纹 ${fingerprint}`,
  trustNone: '信任文件：无，因此不可能通过核验；请用 --trust 指定，或登录以采用一个',
  trustsDiffer: (used, other) => `警告：使用的是 ${used}，它与您采用的 ${other} 不同`,
  trustPassedOver: (path) =>
    `信任文件：未采用 ${path}，因为这个目录可能是随文件一起收到的；如果您信任它，请用 --trust 指定`,
  trustPinned: (path, fingerprint) => [
    `首次使用，已采用信任文件：${path}，指纹 ${fingerprint}`,
    '提示：它由服务自己提供，请与通过其他途径得到的指纹核对',
  ],
  trustChanged: ({ path, pinned, served }) => [
    '警告：此服务提供的信任文件与您已采用的不同',
    `  已采用：${pinned}（${path}），继续使用`,
    `  服务提供：${served}`,
    '提示：请向联盟而不是向此服务询问哪一个正确；如需改用，请删除已采用的文件后重新登录',
  ],
  trustNotPinned: (why) => `未能核对或采用信任文件：${why}`,
  sessionIgnored: (path) => `${path} 不是登录记录，已忽略`,
  openLine: (url) => `警告：${url} 没有加密，途中任何人都能看到发送的内容`,
  userQuestion: (url) => `${url} 的用户名：`,
  passwordQuestion: '密码：',
  newPasswordQuestion: '新密码：',
  asking: (url) => `正在询问 ${url}`,
  loggedIn: (user, url, until) => `${user} 已登录 ${url}，有效至 ${until}`,
}

const verdict: Texts['verdict'] = {
  passed: (count) => ({
    title: '核验通过，印章真实，内容未改',
    means: count === 1 ? '其印章的六项事实全部成立。' : `其 ${count} 枚印章的六项事实全部成立。`,
    whatToDo: '由谁盖章、何时盖章，可以采信。至于内容是否属实，印章不作证明。',
  }),
  deposited: {
    title: '存证属实，内容未改；文件没有印章',
    means: '此文件在证明的时间已经存在，并由该机构当时记录。',
    whatToDo: '何时存在、由谁记录，可以采信。存证不表示认可文件的内容。',
  },
  failed: {
    title: '核验未通过，请勿采信此文件',
    means: '至少有一项事实不成立：',
    whatToDo: '请通过您已知的可靠途径向盖章机构索取原始文件，并保留此文件作为证据。',
  },
  indeterminate: {
    title: '无法判定，缺少必要的证明',
    means: '没有发现不成立的事实，但并非每一项都得到证明：',
    whatToDo: '暂时不要采信。请补上所缺的文件后重新核验。',
  },
  pictureOnly: {
    title: '未盖章：页面上像印章的只是一幅图片',
    means: '文件里没有任何电子签名。任何人都可以把印章的图片放到页面上。',
    whatToDo: '请勿采信。请通过您已知的可靠途径向该机构索取盖章的电子文件本身。',
  },
  noSeal: {
    title: '此文件没有电子印章',
    means: '页面上如有红章，那只是一幅图片，任何人都可以做出来。',
    whatToDo: '请向提供者索取盖章的电子文件本身，而不是扫描件、打印件或截图。',
  },
  foreign: {
    title: '没有电子印章；其签名依您信任的证书成立',
    means: '这些签名不是任何联盟机构的印章：没有备案，账本也没有记录其使用：',
    whatToDo: '可在您信任所指定颁发机构的范围内采信，但不能视为印章。',
  },
  unreadable: {
    title: '此文件无法核验',
    means: '文件无法准确读取，因此对它不能作任何证明：',
    whatToDo: '请重新索取原始文件：不要另存，也不要加密码。',
  },
  whatToDo: '怎么办',
  singleOperator: (name) =>
    `单一运营者：此账本只由一方（${name}）记录，您的信任文件接受它的单方陈述，没有其他方为记录作证。`,
  demonstration: '演示网络：多个机构的密钥由同一人持有，不能证明各方独立，不具法律效力。',
}

const KINDS: Readonly<Record<SealKind, string>> = {
  official: '公章',
  contract: '合同专用章',
  finance: '财务专用章',
  invoice: '发票专用章',
  legalRepresentative: '法定代表人章',
}
const INSTITUTIONS: Readonly<Record<InstitutionKind, string>> = {
  agency: '行政机关',
  enterprise: '企业',
  court: '法院',
}
const STATUS: Readonly<Record<SealStatus, string>> = { active: '有效', suspended: '已停用', retired: '已注销' }

const PROCESSES: Readonly<Record<'basic' | 'time' | 'long-term', string>> = {
  basic: '基本验证',
  time: '依时间验证',
  'long-term': '依长期数据验证',
}

const seal: Texts['seal'] = {
  heading: (n, of) => `第 ${n} 枚印章（共 ${of} 枚）`,
  institution: '机构',
  name: '印章',
  provenTime: '证明的时间',
  use: '用印编号',
  recorded: '记录',
  block: '区块',
  register: '备案',
  recognised: '承认依据',
  recognisedBy: ({ name, region, list, policy, withdrawnAt }) => {
    if (list === null) return `信任文件 ${name.zh}`
    const under = policy === null ? '' : `，策略 ${policy}`
    const until = withdrawnAt === null ? '' : `；自 ${withdrawnAt} 起撤回承认`
    return `${name.zh}（${region}），依据名单 ${list.name.zh} 第 ${list.sequence} 版，有效至 ${list.expires}${under}${until}`
  },
  field: '文件内位置',
  local: '当地时间',
  notProven: '尚未证明',
  nobody: '无人',
  standard: 'EN 319 102-1',
  judged: ({ indication, subIndication, process }) =>
    `${indication}${subIndication === null ? '' : `（${subIndication}）`}，${PROCESSES[process]}；不计账本`,
  token: '时间戳',
  tokenSaid: ({ kind, authority, policy, accuracyMs, indication }, when) => {
    const over = kind === 'signature' ? '签名' : '文档'
    const accuracy = accuracyMs === null ? '未说明精度' : `±${accuracyMs} 毫秒`
    return `${when}，针对${over}，由${authority ?? '此处不认识的服务'}签发；策略 ${policy}，${accuracy}；${indication}`
  },
  foreign: {
    certificate: '由您信任的证书签发，有效且未被撤销；不属于信任文件所知的任何机构',
    timestamp: '您信任的时间戳服务证明了时间',
  },
  signedBy: (who) => `无；签名者 ${who}（您信任的颁发机构如此称呼）`,
  claimed: (who) => `尚未证明（文件自称 ${who}）`,
  kinds: KINDS,
  institutions: INSTITUTIONS,
  useNumber: (n, index) => `此印章第 ${n} 号，该机构日志的第 ${index} 条（从 0 起）`,
  recordedBy: (at, delay, by) => {
    const when = at === null ? '时间未经作证' : at
    return `${when}${delay === null ? '' : `，在证明的时间之后 ${delay} 秒`}；作证方：${by.join('、')}`
  },
  inBlock: ({ carried, number, orderers, endorsers, configuration, differs }) => {
    if (!carried) return `第 ${number} 块，证据中没有附上`
    const by = orderers.length === 0 ? '未核对排序节点' : `${orderers.join('、')} 的排序节点签名`
    const followed = configuration === null ? '' : `；通道配置由首个区块核对到第 ${configuration} 块`
    const other = differs.length === 0 ? '' : `；通道中 ${differs.join('、')} 的根证书与信任文件不同`
    return `第 ${number} 块，${by}，${endorsers.join('、')} 背书${followed}${other}`
  },
  asOf: (status, size) => `${status === null ? '状态未经作证' : `印章${STATUS[status]}`}，截至 ${size} 条记录`,
  where: ({ field, revision, place, level }, revisions) => {
    const page = place === null ? '页面上不可见' : `第 ${place.page} 页`
    return `${page}，签名域 ${field}，第 ${revision} 个版本（共 ${revisions} 个）${level === null ? '' : `，级别 ${level}`}`
  },
}

const deposit: Texts['deposit'] = {
  heading: (n, of) => `第 ${n} 份存证（共 ${of} 份）`,
  recorded: (index) => `该机构日志的第 ${index} 条（从 0 起）`,
}

const LEDGERS: Readonly<Record<string, string>> = { fabric: 'Hyperledger Fabric 账本', embedded: '内置账本' }

const closing: Texts['closing'] = {
  file: (sha256, bytes, revisions) => `文件：${sha256}，${bytes} 字节，${revisions} 个版本`,
  trust: (name, fingerprint, ledger) => `信任文件：${name}，${fingerprint}，${LEDGERS[ledger] ?? ledger}`,
  noTrust: '信任文件：无；没有信任文件，不可能通过核验',
  evidence: ({ sha256, code, assertion, unknown }) => {
    if (code !== 'OK') return `证据：${sha256}，未予采用 [${code}]`
    const more = unknown.length === 0 ? '' : `；未读取：${unknown.map(({ path }) => path).join('、')}`
    if (assertion === null) return `证据：${sha256}，没有时间声明${more}`
    const { outcome, organisation, time } = assertion
    const closed =
      outcome === 'passed' ? `由 ${organisation} 的时间戳服务于 ${time} 封存` : `封存时间未经证明 [${assertion.code}]`
    return `证据：${sha256}，ASiC-E，${closed}${more}`
  },
}

const check: Texts['check'] = {
  integrity: {
    name: '内容未改',
    passed: '与盖章时逐字节一致，之后也没有不允许的增改',
    failed: '已不是盖章时的文件',
    indeterminate: '无法判断',
  },
  signature: {
    name: '签名有效',
    passed: '确由文件中证书所对应的密钥作出',
    failed: '不是由文件中证书所对应的密钥作出的',
    indeterminate: '无法判断',
  },
  certificate: {
    name: '证书有效',
    passed: '签发给该机构用于盖章，在证明的时间有效且未被撤销',
    failed: '不能证明此机构有权盖章',
    indeterminate: '尚未证明属于该机构并且有效',
  },
  timestamp: {
    name: '时间可信',
    passed: '由另一机构的时间戳服务证明',
    failed: '时间戳不成立',
    indeterminate: '盖章时间尚未证明',
  },
  seal: {
    name: '印章已备案',
    passed: '已为该机构备案，当时有效，页面上的印模与备案一致',
    failed: '与备案不符，或当时已无效',
    indeterminate: '尚未证明已备案',
  },
  anchor: {
    name: '用印已记录',
    passed: '这一次用印已记入该机构在账本上的日志',
    failed: '账本记录与这次用印不符',
    indeterminate: '尚未证明已被记录',
  },
}

/** Every Chinese sentence. */
export const zh: Texts = {
  language: 'zh',
  colon: '：',
  space: '',
  pad: '　',
  nameWidth: 5,
  errorLead: '错误：',
  hintLead: '提示：',
  internal: (what) => `本命令出现故障：${what} [INTERNAL]`,
  ended: (state) => `${STATES[state] ?? state}：`,
  plain: (detail, status) => (detail === '' ? `服务答复 ${status}` : detail.replace(/[.。]$/, '')),
  help: helpZh,
  value: {
    time: '应为带时区的时间，例如 2026-11-22T03:04:05Z',
    count: '应为整数',
    page: '应为从 1 起的页码',
    millimetres: '应为毫米数，例如 120.5',
  },
  error: errorsZh,
  problem: problemsZh,
  jobState: (state) => STATES[state] ?? state,
  sealedDocument: (path, what) => `${path}：${what}`,
  bulkProgress: (counts) =>
    Object.entries(counts)
      .map(([state, count]) => `${STATES[state] ?? state} ${count}`)
      .join('，'),
  deposited: (path, id, state) => `${path}：存证编号 ${id}，${STATES[state] ?? state}`,
  note,
  list: listZh,
  render: renderZh,
  outcome: { passed: '通过', failed: '未通过', indeterminate: '无法判定' },
  verdict,
  reason: (check) => {
    // Loaded with the first report: help and refusals do without it.
    const { reasonFor } = require('@cinnabar/core') as typeof import('@cinnabar/core')
    return reasonFor(check)?.zh.replace(/。$/, '') ?? check.detail
  },
  advice: {
    TRUST_MISSING: '请用 --trust 指定信任文件：应来自您信任的人，而不是发给您文件的人。',
    EVIDENCE_MISSING: '请添加证据（--evidence），或指定存有证据的服务（--gateway）。',
    EVIDENCE_INVALID: '请向盖章机构重新索取证据。',
    SIGNER_UNKNOWN: '如果您应当认识该机构，请取得其所属联盟的信任文件。',
    DEPOSIT_EVIDENCE_MISSING: '请添加存证的证据（--evidence），或登录存证的服务，由它凭文件查找。',
    DEPOSIT_MISMATCH: '请确认文件与证据是否对应；如果对应，说明文件已被改动。',
    HEAD_TOO_OLD: '请获取更新的证据。',
    LEDGER_FORK: '请保留文件和证据，并立即报告联盟。',
  },
  check,
  seal,
  deposit,
  closing,
}
