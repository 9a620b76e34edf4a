import { parseArgs } from 'node:util'
import { INSTITUTION_KINDS, type InstitutionId, institutionId, type SealId, type SealKind } from '@cinnabar/core'
import { FoundError, type FoundRequest } from './found'

/** Id, kind and the words that stand after the institution's name. */
const SEALS: Readonly<Record<string, readonly [SealKind, string]>> = {
  official: ['official', '公章'],
  contract: ['contract', '合同专用章'],
  finance: ['finance', '财务专用章'],
  invoice: ['invoice', '发票专用章'],
}

/** What `found --help` prints. */
export const FOUND_HELP = `usage 用法: node gateway/dist/main.js found --id ID --kind KIND --name-en TEXT --name-zh TEXT [options]

Founds an institution in the data folder; the service must not be running. Settings are those of the service:
CINNABAR_DEMO=off, CINNABAR_KEK_FILE (made if it is missing), CINNABAR_DATA, CINNABAR_LEDGER, CINNABAR_PUBLIC_URL.
在数据目录中建立机构（须先停止服务）；配置与服务相同。

  --id ID          letters, digits, - and .; on Fabric the MSP's 机构标识
  --kind KIND      ${INSTITUTION_KINDS.join(' ')} 类别
  --name-en TEXT   name in English 英文名称
  --name-zh TEXT   name in Chinese, as on the seal 中文名称（与印章一致）
  --admin USER     log-in name of its first admin; the password is printed once 首个管理员
  --seal KIND      a seal to register; may be repeated: ${Object.keys(SEALS).join(' ')} 印章（可重复）
  --tsa            this node answers timestamp requests for it 由本节点提供时间戳
  --founder ID     the institution that admits it, unless it is the first 准入机构
`

/** @throws {@link FoundError} `FOUND_ARGUMENT`. */
export function foundRequest(args: readonly string[]): FoundRequest {
  const { values } = parsed(args)
  const text = (name: 'id' | 'kind' | 'name-en' | 'name-zh') => values[name] ?? refuse(`--${name} is missing`)
  const kind =
    INSTITUTION_KINDS.find((one) => one === text('kind')) ??
    refuse(`--kind: expected ${INSTITUTION_KINDS.join(' or ')}`)
  const zh = text('name-zh')
  return {
    id: idOf(text('id')),
    kind,
    names: { en: text('name-en'), zh },
    seals: (values.seal ?? []).map((name) => {
      const [sealKind, word] = Object.hasOwn(SEALS, name) ? SEALS[name] : refuse(`--seal: ${name} is no kind`)
      return { id: name as SealId, kind: sealKind, displayName: `${zh}${word}` }
    }),
    hasTsa: values.tsa === true,
    admin: values.admin,
    founder: values.founder === undefined ? undefined : idOf(values.founder),
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        id: { type: 'string' },
        kind: { type: 'string' },
        'name-en': { type: 'string' },
        'name-zh': { type: 'string' },
        admin: { type: 'string' },
        seal: { type: 'string', multiple: true },
        tsa: { type: 'boolean' },
        founder: { type: 'string' },
      },
    })
  } catch (cause) {
    throw new FoundError('FOUND_ARGUMENT', cause instanceof Error ? cause.message : String(cause), {}, cause)
  }
}

function idOf(text: string): InstitutionId {
  try {
    return institutionId(text, 'id')
  } catch (cause) {
    throw new FoundError('FOUND_ARGUMENT', `${text} is no institution id`, {}, cause)
  }
}

function refuse(text: string): never {
  throw new FoundError('FOUND_ARGUMENT', text)
}
