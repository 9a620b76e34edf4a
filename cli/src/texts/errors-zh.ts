import type { Texts } from './en'

/** What is said of each error of this command, in Chinese. */
export const errorsZh: Texts['error'] = {
  URL_INVALID: ({ url }) => ({
    sentence: `不是服务地址：${url}`,
    hint: '应以 http:// 或 https:// 开头，不含密码，例如 http://127.0.0.1:8080',
  }),
  TERMINAL_MISSING: () => ({
    sentence: '没有终端，无法询问用户名和密码',
    hint: 'cinnabar login --user NAME --password-stdin < FILE',
  }),
  TRUST_NEEDED: () => ({ sentence: '审计需要信任文件，以确定采信谁的声明', hint: '请用 --trust 指定' }),
  NOTHING_TO_AUDIT: () => ({
    sentence: '没有指定审计对象',
    hint: '请用 --connection 指定节点，或用 --data 指定内置账本的数据目录',
  }),
  AUDITOR_MISSING: () => ({
    sentence: '此处没有安装审计程序',
    hint: '审计程序随网关提供：请在已安装并构建 @cinnabar/gateway 的位置运行',
  }),
  NOTHING_TO_SEAL: () => ({ sentence: '所指定的位置没有 PDF' }),
  NAMES_COLLIDE: ({ path, other, name }) => ({
    sentence: `${other} 与 ${path} 都会写到 ${name}`,
    hint: '请分别盖章，或指定同时包含两者的文件夹',
  }),
  NOTHING_TO_DEPOSIT: () => ({ sentence: '没有指定文件', hint: '请指定文件，或用 --watch 指定目录' }),
  WATCH_ALONE: () => ({ sentence: '不能同时指定文件和 --watch', hint: '请另用一条命令存证这些文件' }),
  NOT_A_FOLDER: ({ path }) => ({ sentence: `${path} 不是目录` }),
  WATCH_LIST_INVALID: ({ path, line }) => ({
    sentence: `存证清单 ${path} 的第 ${line} 行已损坏`,
    hint: '请从备份恢复；没有清单，目录中的文件会全部重新存证',
  }),
  BOOK_FORMAT_UNKNOWN: ({ path }) => ({
    sentence: `${path} 不以 .csv 或 .pdf 结尾`,
    hint: '请用 book.pdf 这样的文件名',
  }),
  RENDER_FROM_UNKNOWN: ({ field, fields }) => ({
    sentence: `本文件没有名为 ${field} 的签名`,
    hint: fields === '' ? '它没有签名' : `请指定其中之一：${fields}；或 all`,
  }),
  PASSWORD_EMPTY: () => ({ sentence: '密码为空' }),
  INTERRUPTED: () => ({ sentence: '已中断，什么也没有做' }),
  FILE_NOT_FOUND: ({ path }) => ({ sentence: `没有文件 ${path}` }),
  FILE_IS_FOLDER: ({ path }) => ({ sentence: `${path} 是目录，不是文件` }),
  FILE_TOO_LARGE: ({ path, maxBytes }) => ({ sentence: `${path} 超过可读取的 ${maxBytes} 字节` }),
  FILE_UNREADABLE: ({ path, reason }) => ({ sentence: `无法读取 ${path}：${reason}`, hint: '请检查您是否有读取权限' }),
  TRUST_INVALID: ({ path, reason }) => ({
    sentence: `${path} 不是信任文件：${reason}`,
    hint: '请使用联盟提供的原文件，不要编辑或重新排版',
  }),
  TRUST_LIST_REFUSED: ({ path, code, reason }) => ({
    sentence: `${path} 未予采用：${reason}（${code}）`,
    hint: '请向名单发布方取得最新名单，并通过其他途径取得其公钥摘要（--list-key）',
  }),
  LIST_CHANGE_INVALID: ({ what }) => ({ sentence: `无法这样编制名单：${what}`, hint: 'cinnabar lists publish --help' }),
  LIST_VERSION_NOT_HIGHER: ({ version, last }) => ({
    sentence: `第 ${version} 版不高于最近的第 ${last} 版，核验方会拒绝`,
    hint: '请省略 --number，并用 --previous 指定上一版名单',
  }),
  CONSORTIUM_UNKNOWN: ({ fingerprint }) => ({
    sentence: `名单中没有指纹为 ${fingerprint} 的联盟，或不止一个`,
    hint: '可用 cinnabar lists show LIST 查看指纹',
  }),
  LIST_KEY_INVALID: ({ path }) => ({
    sentence: `${path} 不是 PKCS #8 格式的 P-256 私钥`,
    hint: '可用 cinnabar lists key -o FILE 生成',
  }),
  LIST_KEY_NOT_ENCRYPTED: ({ path }) => ({
    sentence: `${path} 没有加密，任何读到它的人都能发布名单`,
    hint: '加密方法：openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out ENCRYPTED',
  }),
  PASSPHRASE_WRONG: ({ path }) => ({ sentence: `这不是 ${path} 的口令` }),
  PASSPHRASES_DIFFER: () => ({ sentence: '两次输入的口令不同，未写入任何文件' }),
  OUTPUT_EXISTS: ({ path }) => ({ sentence: `${path} 已存在，未作改动`, hint: '请另选文件名，或加 --force 替换它' }),
  OUTPUT_NOT_WRITABLE: ({ path, reason }) => ({
    sentence: `无法写入 ${path}：${reason}`,
    hint: '请检查其目录是否存在，以及您是否有写入权限',
  }),
  NOT_LOGGED_IN: ({ url }) => ({
    sentence: `您没有登录 ${url}`,
    hint: `cinnabar login --url ${url}，或设置 CINNABAR_TOKEN`,
  }),
  SESSION_EXPIRED: ({ url, expires }) => ({
    sentence: `您在 ${url} 的登录已于 ${expires} 到期`,
    hint: `cinnabar login --url ${url}`,
  }),
  SESSION_INVALID: ({ path }) => ({ sentence: `${path} 不是登录记录`, hint: 'cinnabar login' }),
  GATEWAY_UNREACHABLE: ({ url, reason }) => ({
    sentence: `${url} 没有答复：${reason}`,
    hint: /CERT|SELF_SIGNED/.test(String(reason))
      ? '本机不认识它的证书：请在 NODE_EXTRA_CA_CERTS 中指定签发者'
      : '服务是否在运行？地址（CINNABAR_URL）是否正确？',
  }),
  GATEWAY_ANSWER_INVALID: ({ url, what }) => ({
    sentence: `${url} 的答复不是所期待的：${what}`,
    hint: '它是这一版本的 Cinnabar 服务吗？',
  }),
  SEALED_FILE_DIFFERS: ({ url, job }) => ({
    sentence: `${url} 没有交回加盖一枚印章的原文件（任务 ${job}），没有写入任何文件`,
    hint: '请告知服务的运营者；这次用印可能已被记录',
  }),
  JOB_NOT_ENDED: ({ job, state }) => ({
    sentence: `十分钟后任务 ${job} 的状态仍为 ${state}，没有写入任何文件`,
    hint: '已接收的任务不会丢失：请稍后从服务取回文件',
  }),
  NO_SEAL: ({ path }) => ({ sentence: `${path} 没有印章`, hint: '请选择盖章的电子文件本身，而不是扫描件或打印件' }),
  EVIDENCE_NOT_FOUND: ({ path, url }) => ({
    sentence: `${url} 没有 ${path} 中印章的证据`,
    hint: '请用 --gateway 指定盖章的服务，或等用印记入账本后再试',
  }),
  EVIDENCE_TOO_LARGE: ({ seals }) => ({ sentence: `${seals} 枚印章的证据过大，一个文件容纳不下` }),
}
