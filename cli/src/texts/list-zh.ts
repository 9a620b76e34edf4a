import type { Seal, SealBook } from '@cinnabar/client'
import type { Texts } from './en'

const KINDS: Readonly<Record<Seal['kind'], string>> = {
  official: '公章',
  contract: '合同专用章',
  finance: '财务专用章',
  invoice: '发票专用章',
  legalRepresentative: '法定代表人章',
}
const STATUS: Readonly<Record<string, string>> = {
  active: '有效',
  suspended: '停用',
  retired: '注销',
  disabled: '已停用',
}
const ROLES: Readonly<Record<string, string>> = {
  registrar: '登记员',
  sealer: '用印员',
  auditor: '审计员',
  admin: '管理员',
}
const DELIVERY: Readonly<Record<string, string>> = { waiting: '待投递', delivered: '已送达', failed: '失败' }
const OFF: Readonly<Record<string, string>> = { byAdmin: '管理员关闭', failing: '长期失败', gone: '对方已撤销' }

const GAPS: Readonly<Record<SealBook['gaps'][number]['code'], string>> = {
  NUMBER_SKIPPED: '不在日志中',
  NUMBER_REPEATED: '在日志中重复',
  RECORD_MISSING: '在日志中，但服务没有其记录',
  DETAILS_MISSING: '缺少文件或事由的记录',
  ENTRY_MISSING: '服务有其记录，但不在日志中',
}

/** The same in Chinese. */
export const listZh: Texts['list'] = {
  seals: ['编号', '种类', '状态', '用印次数', '有效至', '名称'],
  seal: ({ id, kind, status, uses, notAfter, displayName }) => [
    ...[id, KINDS[kind] ?? kind, STATUS[status] ?? status, String(uses), notAfter, displayName],
  ],
  entries: ['序号', '种类', '时间', '内容'],
  entry: (index, entry) => {
    if (entry.kind === 'register') return [String(index), '备案', '', `${entry.change} ${entry.subject}`]
    const of = entry.kind === 'deposit' ? '' : `${entry.seal}，用印编号 ${entry.useNumber}`
    return [String(index), entry.kind === 'deposit' ? '存证' : '用印', entry.tokenTime, of]
  },
  logSize: (institution, size) => `${institution} 的日志共 ${size} 条`,
  book: ['用印编号', '时间', '经办人', '文件', '事由'],
  bookLine: ({ number, time, operator, document, purpose }) => [
    ...[String(number), time, operator ?? '-', document?.name ?? '-', purpose ?? '-'],
  ],
  bookEnd: (complete, last) => (complete ? `台账完整：1 至 ${last} 号均与日志相符` : `台账不完整（至 ${last} 号）`),
  gap: (code, number) => `  ${number} 号${GAPS[code] ?? code} [${code}]`,
  bookWritten: (path) => `台账已写入 ${path}`,
  users: ['用户', '状态', '创建时间', '角色'],
  user: ({ user, status, createdAt, roles }) => [
    ...[user, STATUS[status] ?? status, createdAt, roles.map((role) => ROLES[role] ?? role).join('、')],
  ],
  webhooks: ['编号', '状态', '地址', '事件'],
  webhook: ({ id, status, offReason, url, events }) => {
    const word = status === 'on' ? '开启' : '关闭'
    return [id, offReason === undefined ? word : `${word}（${OFF[offReason] ?? offReason}）`, url, events.join(' ')]
  },
  secret: (secret) => `密钥（仅显示这一次）：${secret}`,
  trustList: ({ name, operator, sequence, issued, expires }, key) => [
    `${name.zh}（${name.en}），第 ${sequence} 版`,
    `  发布方：${operator.name.zh}（${operator.name.en}）`,
    `  公钥：${key}`,
    `  有效期：${issued} 至 ${expires}`,
  ],
  consortium: ({ trust, region, withdrawnAt }, fingerprint) => [
    `${region}  ${trust.name.zh}（${trust.name.en}）${withdrawnAt === undefined ? '' : `，自 ${withdrawnAt} 起已撤回`}`,
    `  指纹：${fingerprint}`,
    `  机构：${trust.organisations.map(({ id, names }) => `${id}（${names.zh}）`).join('、')}`,
    ...(trust.demonstration ? ['  示范网络：不能证明各方独立'] : []),
  ],
  policy: (institution, oids) => `  ${institution} 仅限证书策略：${oids.join('、')}`,
  listState: {
    pinned: '名单与其发布方所签一致；其公钥已由您采用',
    unpinned: '名单与此公钥持有者所签一致；公钥属于谁只能由您核对：请与通过其他途径取得的摘要比较',
  },
  listRefused: (code, reason) => `不应采用：${reason} [${code}]`,
  deliveries: ['状态', '事件', '时间', '次数', '最近结果', '编号'],
  delivery: ({ id, state, type, at, tries, attempts }) => {
    const last = attempts.at(-1)
    const result = last === undefined ? '-' : String(last.status ?? last.code)
    return [DELIVERY[state] ?? state, type, at, String(tries), result, id]
  },
}
