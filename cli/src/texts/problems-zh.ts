import type { Texts } from './en'

const HINT = 'cinnabar login；如设置了 CINNABAR_TOKEN，请更换'
const LOG_IN = { sentence: '服务不接受您的登录', hint: HINT }

/** A gateway's refusals in Chinese, by code. */
export const problemsZh: Texts['problem'] = {
  LOGIN_REQUIRED: LOG_IN,
  LOGIN_FAILED: { sentence: '登录失败', hint: '请检查用户名和密码' },
  LOGIN_LIMITED: { sentence: '登录失败次数过多', hint: '请等待五分钟后再登录' },
  ROLE_REQUIRED: { sentence: '您没有所需的角色', hint: '请向管理员申请，或由有此角色的同事操作' },
  SESSION_INVALID: LOG_IN,
  SESSION_EXPIRED: { sentence: '您的登录已到期', hint: HINT },
  HTTP_401: LOG_IN,
  PDF_EMPTY: { sentence: '文件是空的', hint: '可能没有写完或没有下载完整' },
  PDF_NOT_PDF: { sentence: '文件不是 PDF', hint: '请先另存为 PDF' },
  PDF_DAMAGED: { sentence: '文件已损坏', hint: '请从源文件重新生成 PDF；修复的副本可能与您看到的不同' },
  PDF_ENCRYPTED: { sentence: '文件已加密', hint: '请先另存为不带密码的文件' },
  PDF_TOO_COMPLEX: { sentence: '文件的规模或嵌套超出任何真实合同' },
  PDF_XFA: { sentence: '文件是 XFA 动态表单', hint: '请先打印成普通 PDF' },
  PDF_SIGNING_FORBIDDEN: { sentence: '文件不允许再加签名', hint: '第一个签名者不允许再盖章，请索取允许盖章的文件' },
  PAGE_NOT_FOUND: { sentence: '没有这一页', hint: '页码从 1 起，请另选 --page' },
  SEAL_OFF_PAGE: { sentence: '印章超出页面', hint: '请减小 --x 和 --y（毫米，从页面左上角起），或不指定' },
  SEAL_UNKNOWN: { sentence: '没有这枚印章', hint: '请检查印章编号：--seal ID' },
  SEAL_NOT_YOURS: { sentence: '这枚印章属于其他机构', hint: '请使用本机构的印章' },
  SEAL_SUSPENDED: { sentence: '印章已停用' },
  SEAL_RETIRED: { sentence: '印章已注销' },
  SEAL_EXPIRED: { sentence: '印章已过有效期' },
  SEAL_NOT_YET_VALID: { sentence: '印章尚未生效' },
  CERTIFICATE_EXPIRED: { sentence: '印章证书已过期' },
  CERTIFICATE_NOT_YET_VALID: { sentence: '印章证书尚未生效' },
  CERTIFICATE_REVOKED: { sentence: '印章证书已被撤销' },
  SEAL_KEY_MISSING: { sentence: '印章的密钥不由此服务保管', hint: '请询问本机构的登记员' },
  BODY_TOO_LARGE: { sentence: '文件超过服务可接收的大小', hint: '请缩小文件，或请服务的运营者提高上限' },
  TSA_UNAVAILABLE: { sentence: '时间戳服务没有答复，没有盖章', hint: '请稍后再试' },
  LEDGER_UNAVAILABLE: { sentence: '账本暂时无法访问', hint: '请稍后再试' },
  NOT_READY: { sentence: '服务尚未就绪', hint: '请几秒后再试' },
  DOCUMENT_BUSY: { sentence: '这份文件正在加盖另一枚印章', hint: '请等它完成后再试' },
  INTERNAL: { sentence: '服务出现故障', hint: '请告知服务的运营者' },
}
