import type { DifferenceCode } from '@cinnabar/core'
import type { Gap } from './findings'

/** A sentence in the two languages of the screens. */
export interface Said {
  readonly en: string
  readonly zh: string
}
export type Language = keyof Said

/** What each difference means, for people. */
export const DIFFERENCE_TEXTS: Readonly<Record<DifferenceCode, Said>> = {
  BLOCK_UNREADABLE: { en: 'a peer gave a block that cannot be read', zh: '节点给出的区块无法解读' },
  BLOCK_CHAIN_BROKEN: { en: 'a block does not follow the one before it', zh: '区块与前一区块不衔接' },
  BLOCK_CONTENT_CHANGED: {
    en: "a block's transactions are not those that its header names",
    zh: '区块内的交易与区块头不符',
  },
  BLOCKS_DIFFER: { en: 'organisations gave different blocks of one number', zh: '各组织给出的同号区块不一致' },
  VALIDATION_DIFFERS: {
    en: 'organisations hold different transactions of one block to be valid',
    zh: '各组织对同一区块内交易是否有效判断不一致',
  },
  CHAIN_DAMAGED: { en: "the embedded ledger's file is damaged or was changed", zh: '内置账本文件损坏或被改动' },
  TRANSACTION_UNREADABLE: { en: 'a committed transaction cannot be read', zh: '已入账交易无法解读' },
  TRANSACTION_FOREIGN: {
    en: 'a transaction of another channel or chaincode is among the blocks, or wrote to ours',
    zh: '区块中有其他通道或其他合约的交易，或其写入了本合约的数据',
  },
  ENDORSEMENT_INSUFFICIENT: {
    en: 'a transaction was committed without the endorsements that the trust file demands',
    zh: '交易入账，但背书不满足信任文件的要求',
  },
  APPEND_NOT_NEXT: { en: 'an append does not begin where the log ended', zh: '追加的起点不是日志的末尾' },
  ENTRIES_NOT_LEAVES: { en: 'leaf hashes are not those of the public entries', zh: '叶子哈希与公开条目不符' },
  ROOT_DIFFERS: { en: 'a recorded root is not that of the entries', zh: '记录的树根与条目算出的不符' },
  USE_NUMBER_DIFFERS: { en: 'the numbers of a seal’s uses have a gap or a repetition', zh: '用印编号有缺号或重号' },
  RECORD_DIFFERS: { en: 'a record is not what its log says', zh: '登记内容与日志不符' },
  RECORD_REWRITTEN: { en: 'a record that never changes was written again or deleted', zh: '不可变记录被重写或删除' },
  WRITE_UNEXPECTED: { en: 'a transaction wrote what its function does not write', zh: '交易写入了其功能之外的数据' },
  ANSWER_NOT_AUTHENTIC: {
    en: "an organisation's statement is not signed by a peer of it",
    zh: '声明不是该组织节点签署的',
  },
  ANSWER_REFUSED: { en: 'an organisation denies what the blocks hold', zh: '某组织否认区块中已有的内容' },
  STATEMENT_DIFFERS: {
    en: 'an organisation signed a statement that is not what the blocks say',
    zh: '某组织签署的声明与区块不符',
  },
  APPEND_DIFFERS: { en: 'an organisation gives another record of an append', zh: '某组织给出的追加记录与区块不符' },
  REGISTER_DIFFERS: { en: 'an organisation gives another register', zh: '某组织给出的登记簿与区块不符' },
  ENTRY_NOT_ON_LEDGER: { en: 'the store holds an entry that is not on the ledger', zh: '存储中有账本上没有的条目' },
  ENTRY_DIFFERS: { en: "the store's entry is not the ledger's", zh: '存储中的条目与账本不符' },
  OPENING_DIFFERS: { en: 'an opening is not what its entry commits to', zh: '开示内容与条目的承诺不符' },
  RECEIPT_DIFFERS: { en: 'a stored receipt does not lead to the log’s root', zh: '存储的回执与日志树根不符' },
  USE_NOT_IN_STORE: {
    en: 'a use on the ledger is not in the store of the institution that made it',
    zh: '账本上有一次使用，但该机构的存储中没有',
  },
  MIRROR_DIFFERS: { en: 'the store’s copy of the log’s tree is not the tree', zh: '存储中的树副本与日志不符' },
}

/** What could not be done, for people. */
export const GAP_TEXTS: Readonly<Record<Gap['code'], Said>> = {
  PEER_SILENT: { en: 'a peer did not answer and was not compared', zh: '节点无应答，未比较' },
  PEER_BEHIND: { en: 'a peer did not catch up with the others and was not compared', zh: '节点落后，未比较' },
  LEDGER_BUSY: {
    en: 'blocks kept coming: the list of timestamp authorities was not compared',
    zh: '账本持续更新，未比较时间戳机构列表',
  },
  ONE_ORGANISATION_ONLY: {
    en: 'only one organisation’s peers are in the connection: nobody contradicts them',
    zh: '连接文件中只有一个组织的节点，无从相互比较',
  },
  NO_PEER: { en: 'no peer answered: nothing was rebuilt', zh: '没有节点应答，未能重建' },
}

/** The words around them. */
export const WORDS = {
  title: { en: 'audit of channel', zh: '审计通道' },
  trust: { en: 'trust file', zh: '信任文件' },
  demonstration: {
    en: 'demonstration: one owner holds all keys, so that peers that agree prove nothing',
    zh: '演示：所有密钥由同一人持有，各节点一致不构成证明',
  },
  singleOperator: {
    en: 'embedded ledger: one operator, who could have written all of it anew',
    zh: '内置账本：单一运营方，可能整本重写',
  },
  peer: { en: 'peer', zh: '节点' },
  blocks: { en: 'blocks', zh: '个区块' },
  transactions: { en: 'transactions', zh: '笔交易' },
  log: { en: 'log', zh: '日志' },
  entries: { en: 'entries', zh: '条' },
  register: { en: 'register', zh: '登记簿' },
  institutions: { en: 'institutions', zh: '个机构' },
  certificates: { en: 'certificates', zh: '张证书' },
  seals: { en: 'seals', zh: '枚印章' },
  tsas: { en: 'timestamp authorities', zh: '个时间戳机构' },
  unjudged: { en: 'not judged (kinds of keys unknown here)', zh: '未审（未知键类）' },
  governance: {
    en: 'transactions that may have changed configuration or chaincode: look at them',
    zh: '可能改动配置或合约的交易，请人工核对',
  },
  store: { en: 'store', zh: '存储' },
  uses: { en: 'uses', zh: '次使用' },
  receipts: { en: 'receipts', zh: '份回执' },
  openings: { en: 'openings', zh: '开示' },
  opened: { en: 'entries opened', zh: '条已开示' },
  unopened: { en: 'without an opening here', zh: '条无开示' },
  restored: { en: 'uses restored', zh: '次使用已恢复' },
  more: { en: 'more', zh: '处未列出' },
  missed: { en: 'not done', zh: '未完成' },
  agreed: { en: 'no difference', zh: '未发现不一致' },
  differences: { en: 'differences', zh: '处不一致' },
  incomplete: {
    en: 'no difference in what was compared, but not all could be',
    zh: '已比较部分未发现不一致，但审计不完整',
  },
  reading: { en: 'blocks read', zh: '已读区块' },
} as const satisfies Readonly<Record<string, Said>>
