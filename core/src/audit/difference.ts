/** What an audit can find to be otherwise than it must be. Texts for people are the auditor's. */
export const DIFFERENCE_CODES = [
  // Blocks
  'BLOCK_UNREADABLE',
  'BLOCK_CHAIN_BROKEN',
  'BLOCK_CONTENT_CHANGED',
  'BLOCKS_DIFFER',
  'VALIDATION_DIFFERS',
  'CHAIN_DAMAGED',
  // Transactions
  'TRANSACTION_UNREADABLE',
  'TRANSACTION_FOREIGN',
  'ENDORSEMENT_INSUFFICIENT',
  // Logs and registers
  'APPEND_NOT_NEXT',
  'ENTRIES_NOT_LEAVES',
  'ROOT_DIFFERS',
  'USE_NUMBER_DIFFERS',
  'RECORD_DIFFERS',
  'RECORD_REWRITTEN',
  'WRITE_UNEXPECTED',
  // What peers answer
  'ANSWER_NOT_AUTHENTIC',
  'ANSWER_REFUSED',
  'STATEMENT_DIFFERS',
  'APPEND_DIFFERS',
  'REGISTER_DIFFERS',
  // The store
  'ENTRY_NOT_ON_LEDGER',
  'ENTRY_DIFFERS',
  'OPENING_DIFFERS',
  'RECEIPT_DIFFERS',
  'USE_NOT_IN_STORE',
  'MIRROR_DIFFERS',
] as const
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number]

/** Where a difference is: block, transaction, institution, index, organisation and the like. */
export type Where = Readonly<Record<string, string | number>>

/** One thing that is not as it must be. */
export interface Difference {
  readonly code: DifferenceCode
  readonly where: Where
}

/** Takes note of a difference; the audit goes on. */
export type Note = (code: DifferenceCode, where: Where) => void
