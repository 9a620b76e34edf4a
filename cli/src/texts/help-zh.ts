import type { Texts } from './en'
import { helpListsZh } from './help-lists-zh'
import { helpPublishZh } from './help-publish-zh'

/** What `--help` says, in Chinese. */
export const helpZh: Texts['help'] = {
  ...helpListsZh,
  lists: helpPublishZh,
  titles: {
    'Usage:': '用法：',
    'Options:': '选项：',
    'Commands:': '命令：',
    'Arguments:': '参数：',
    'Global Options:': '全局选项：',
  },
  usage: '[选项] 命令',
  program: '为文件盖章；核验盖章文件，而不必信任服务的运营者。',
  helpOption: '显示帮助',
  versionOption: '显示版本',
  helpCommand: '显示某个命令的帮助',
  lang: '语言：en 或 zh（缺省按 LC_ALL、LC_MESSAGES 或 LANG）',
  wrongUsage: (what) => `命令用法有误：${what}`,
  usageHint: (command) => `${command} --help`,
  repeatHint: '有多个文件时请重复选项：--evidence A.zip --evidence B.zip',
  file: 'PDF 文件',
  force: '替换已有的文件',
  gateway: '服务地址（缺省为 CINNABAR_URL，再缺省为已登录的服务）',
  examples: `
示例：
  cinnabar login --url https://seals.example --user wang
  cinnabar seal contract.pdf --seal official -o sealed.pdf
  cinnabar verify sealed.pdf
  cinnabar evidence sealed.pdf -o evidence.zip
  cinnabar verify sealed.pdf --trust trust.json --evidence evidence.zip

环境变量：
  CINNABAR_URL    服务地址（缺省为 http://127.0.0.1:8080）
  CINNABAR_TOKEN  代替登录的令牌
  CINNABAR_TRUST  据以判断的信任文件
  CINNABAR_DATA   本机服务的数据目录（缺省为 ./.data）`,
  verify: {
    summary: '核验盖章文件或存证文件',
    description:
      '核验文件的每一枚印章；没有印章的，核验其存证。为获取证据，只发送印章的编号；没有印章而您已登录时，发送文件的摘要。给出 --evidence 时什么也不发送。',
    trust: '据以判断的信任文件（缺省依次为 CINNABAR_TRUST、数据目录中的、已采用的）',
    list: '与信任文件并列作为依据的已发布名单；可重复',
    listKey: '名单发布方公钥的摘要（sha256:…），应通过其他途径取得；采用后会记住',
    evidence: '证据文件；可重复；此时不使用网络',
    at: '在时间未得证明处，按此时间判断，例如 2026-11-22T03:04:05Z（缺省为现在）',
    minHead: '要求备案的作证至少截至日志的第 N 条记录',
    json: '以 JSON 输出核验报告',
    signerAnchor: '信任文件之外、对非本系统印章的签名所信任的证书（PEM 或 DER）；可重复',
    tsaAnchor: '信任文件之外、对时间戳所信任的证书；可重复',
    material: '文件所缺的证书撤销列表、OCSP 答复或证书；可重复',
    fetchRevocation: '向可追溯到您所信任证书的证书所载地址（撤销列表、OCSP）查询是否已被撤销（缺省不为此使用网络）',
    allowPrivate: '与 --fetch-revocation 同用：也查询本机及其所在网络的地址',
    keep: '与 --fetch-revocation 同用：保存所取结果的目录，以便离线用 --material 重做',
    compareRender:
      '另用 pdf.js 读取盖章时和现在的文件，逐页显示差异；不影响结论和退出码；与 --json 同用时输出 { report, comparison }',
    renderFrom: '从此签名（其域名）或全部（all）签名以来进行比较（缺省为最早的一个）',
    renderOut: '把有差异的页面写入此文件夹（PNG：before、after、difference）',
    examples: `
退出码：
  0 通过   1 未通过   2 无法判定   64 用法有误   66 文件无法读取

示例：
  cinnabar verify sealed.pdf
  cinnabar verify sealed.pdf --trust trust.json --evidence evidence.zip
  cinnabar verify sealed.pdf --gateway https://seals.example --json
  cinnabar verify sealed.pdf --compare-render --render-out pages`,
  },
  seal: {
    summary: '为一份或多份文件盖章',
    description:
      '请服务为文件盖章，并在用印记入账本后写出盖章文件。多份文件或文件夹中的 PDF 作为一次批量用印；再次执行同一命令会从中断处继续，不会重复盖章。',
    files: '待盖章的文件；可为多份文件或文件夹',
    seal: '印章编号',
    output: '盖章文件写到哪里，多份文件时为文件夹；不会替换已有的文件',
    run: '本次批量用印的名称：换一个名称会再盖一次',
    json: '以 JSON 输出结果',
    page: '页码，从 1 起（缺省为最后一页）',
    x: '印章到页面左边的毫米数（缺省在右下方）',
    y: '印章到页面上边的毫米数',
    reason: '盖章事由，写入签名',
    wait: '由服务等到这一状态才答复，而不是反复询问',
    examples: `
退出码：
  0 已盖章并记录   1 被拒绝或失败，没有写入   64 用法有误   66 文件无法读取
  69 服务不可用   73 无法写入结果   77 没有登录

示例：
  cinnabar seal contract.pdf --seal official -o sealed.pdf
  cinnabar seal contract.pdf --seal contract -o sealed.pdf --page 3 --x 120 --y 220 --reason "双方签署"
  cinnabar seal contracts/ --seal official -o sealed/`,
  },
  evidence: {
    summary: '获取盖章文件或存证文件的证据',
    description: '获取文件每一枚印章的证据，或您存证过的文件的证据，以便不用网络也能核验。',
    output: '证据写到哪里（ZIP，同时是 ASiC-E 容器）；不会替换已有的文件',
    withDocument: '把文件本身也放进去，凭它一个即可核验',
    examples: `
退出码：
  0 全部写入   1 没有证据   2 已写入，但并非每枚印章都有   64 用法有误   69 服务不可用

示例：
  cinnabar evidence sealed.pdf -o evidence.zip
  cinnabar evidence sealed.pdf --with-document -o sealed.asice && cinnabar verify sealed.asice`,
  },
  preserve: {
    summary: '使盖章文件长久可验',
    description:
      '为盖章文件加入印章证书的上级证书、服务当前的证书撤销列表，以及覆盖全部内容的文档时间戳（PAdES B-LTA），使其在证书过期多年之后仍可验证。已盖章的内容不变；在该时间戳的证书过期之前应再做一次。',
    output: '写到哪里；从不覆盖文件',
    examples: `
退出码：
  0 已写出   1 文件中没有印章，或被拒绝   64 用法有误   66 文件无法读取   69 服务不可用

示例：
  cinnabar preserve sealed.pdf -o lasting.pdf`,
  },
  anyFile: 'PDF 文件，或装有该文件的证据容器',
  report: {
    summary: '为文件出具供法院使用的核验报告',
    description:
      '请服务核验文件，并依《人民法院在线诉讼规则》的条文顺序，以中英文列明哪些已证明、哪些未证明。报告自身也盖章并上链。文件会发送给服务，服务不保存。',
    seal: '报告盖哪一枚印章：印章编号',
    output: '报告写到哪里（PDF）；不会替换已有的文件',
    examples: `
示例：
  cinnabar report sealed.pdf --seal official -o report.pdf`,
  },
  deposit: {
    summary: '存证文件，不盖章',
    description: '请服务按摘要为文件加盖时间戳并记入账本，证明文件当时已存在。只发送摘要和文件名，文件留在本机。',
    files: '任何类型的文件',
    wait: '等到记入账本',
    watch: '存证此目录中的文件以及新增和改动的文件，每一版本一次，直到停止',
    json: '以 JSON 输出',
    examples: `
退出码：
  0 已存证   1 被拒绝或失败   64 用法有误   66 文件无法读取   69 服务不可用   77 没有登录

示例：
  cinnabar deposit tender.docx drawings.zip --wait anchored
  cinnabar deposit --watch incoming
  cinnabar evidence tender.docx -o evidence.zip
  cinnabar verify tender.docx --evidence evidence.zip`,
  },
  audit: {
    summary: '比对账本、节点与存储',
    description:
      '只凭账本区块重建每一本日志和登记簿，与各组织节点的答复、与网关的存储逐一比对。只采信信任文件；不改动节点和存储。',
    trust: '信任文件（缺省同 verify）',
    connection: '列有待比对节点的连接文件（缺省为 CINNABAR_FABRIC_CONNECTION）；没有则审计内置账本',
    data: '网关的数据目录或其副本，网关可在运行（缺省为 CINNABAR_DATA）',
    openings: '其存储中有开示内容的数据目录，通常是备份：逐条核对条目的承诺',
    restore: '把有开示的使用连同新回执写回 --data 的存储；须先停止其网关',
    json: '以 JSON 输出报告',
    examples: `
退出码：
  0 一致   1 发现不一致   2 未能完成   64 用法有误

示例：
  cinnabar audit --trust trust.json --connection connection.json
  cinnabar audit --trust trust.json --connection connection.json --data .data/fabric --json
  cinnabar audit --data .data
  cinnabar audit --connection connection.json --openings backup --data .data/fabric --restore`,
  },
  login: {
    summary: '登录服务',
    description: '登录，把登录记录保存在 ~/.config/cinnabar/session.json；如尚未采用信任文件，则采用此服务的信任文件。',
    url: '服务地址（缺省为 CINNABAR_URL，再缺省为上次的，再缺省为 http://127.0.0.1:8080）',
    user: '用户名（缺省会询问）',
    passwordStdin: '从标准输入读取密码',
    examples: `
示例：
  cinnabar login --url https://seals.example --user wang
  cinnabar login --user wang --password-stdin < password.txt`,
  },
}
