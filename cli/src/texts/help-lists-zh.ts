import type { helpListsEn } from './help-lists-en'

/** The same in Chinese. */
export const helpListsZh: typeof helpListsEn = {
  asJson: '以 JSON 输出结果；提示和错误作为 JSON 行写到标准错误',
  passwordStdin: '从标准输入读取密码（缺省为询问）',
  limit: '最多条数',
  fromTime: '起始时间（含），例如 2026-11-22T00:00:00+08:00',
  toTime: '截止时间（不含）',
  seals: {
    summary: '列出本机构的印章',
    description: '列出本机构的印章：种类、状态、用印次数、有效期。',
    status: '只列此状态的印章',
    kind: '只列此种类的印章',
    seal: '印章编号',
    replaceKey: '为印章更换证书和密钥',
    replaceKeyAbout:
      '为印章更换证书和新密钥，用于密钥丢失或被盗之后。印章的编号、图样和用印编号不变，此前的用印照旧判定。请先吊销原证书。限登记员使用。',
    replaces: '要换下的证书（缺省为现用证书）：重复执行不会再次更换',
    examples: `
示例：
  cinnabar seals --status active
  cinnabar seals replace-key official`,
  },
  log: {
    summary: '列出机构的日志',
    description: '按服务所示列出机构在账本上的日志记录。账本能证明什么，由证据和审计核验。',
    institution: '机构编号（缺省为本机构）',
    from: '从第几条记录起',
    kind: '只列此种类的记录',
    seal: '只列此印章的用印',
    examples: `
示例：
  cinnabar log --from 100 --limit 50
  cinnabar log --seal official --json`,
  },
  book: {
    summary: '查看印章的用印台账',
    description:
      '按用印编号列出印章的每一次使用并与日志核对：时间、经办人、文件、事由；缺号会指出。用 -o 写成 CSV 或 PDF。',
    seal: '印章编号',
    output: '台账写到哪里：文件名以 .csv 或 .pdf 结尾',
    examples: `
退出码：
  0 完整   1 被拒绝或有缺号   64 用法有误   73 无法写出   77 未登录

示例：
  cinnabar book official
  cinnabar book official --from 2026-01-01T00:00:00+08:00 -o book.pdf`,
  },
  users: {
    summary: '管理本机构的用户',
    description: '列出和管理本机构的用户。需要管理员角色；审计员可以查看。',
    user: '用户名',
    list: '列出用户',
    add: '添加用户',
    role: '用户的角色；可重复',
    roles: '以这些角色替换用户现有的角色，立即生效',
    roleList: 'registrar sealer auditor admin 中的一个或多个',
    password: '重设用户的密码，并结束其所有登录',
    disable: '停用用户，并结束其所有登录',
    enable: '重新启用用户',
    examples: `
示例：
  cinnabar users
  cinnabar users add wu --role sealer --role auditor --password-stdin < password.txt
  cinnabar users roles wu registrar sealer
  cinnabar users disable wu`,
  },
  webhooks: {
    summary: '管理接收事件通知的地址',
    description: '列出和管理接收事件通知的地址。通知的内容和验签方法见 docs/webhooks.md。',
    id: '网络回调的编号',
    delivery: '投递的编号',
    list: '列出网络回调',
    add: '登记一个接收通知的地址；密钥仅显示这一次',
    url: 'https 地址',
    event: '要通知的事件，例如 sealSignature.anchored；可重复',
    about: '用途说明',
    secret: '换发密钥；旧密钥同时签名一天',
    test: '发送一个测试事件',
    on: '开启：发送等待中的通知',
    off: '关闭：期间的通知等待投递',
    remove: '删除网络回调及其投递记录',
    deliveries: '列出已投递和等待投递的通知，最新的在前',
    state: '只列此状态的投递',
    redeliver: '以同一编号再次投递',
    examples: `
示例：
  cinnabar webhooks add https://archive.example/hook --event sealSignature.anchored --event signIn.alarm
  cinnabar webhooks deliveries ID --state failed`,
  },
  completion: {
    summary: '输出命令行补全脚本',
    description: '输出按 Tab 键补全命令和选项的脚本。',
    shell: 'bash、zsh 或 fish',
    examples: `
示例：
  cinnabar completion bash > ~/.local/share/bash-completion/completions/cinnabar
  cinnabar completion zsh > ~/.zfunc/_cinnabar
  cinnabar completion fish > ~/.config/fish/completions/cinnabar.fish`,
  },
}
