import type { RuleCode } from '@cinnabar/chaincode'
import type {
  EncodingError,
  EvidenceErrorCode,
  FormatError,
  LedgerCode,
  PdfErrorCode,
  SealError,
  TimestampErrorCode,
} from '@cinnabar/core'
import type { AuthorityError } from '../authority/authority-error'
import type { CheckError } from '../checks/checks'
import type { KeyError } from '../keys/keeper'
import type { NotarizeErrorCode } from '../notarize/notarize-error'
import type { PeopleError } from '../people/people-error'
import type { StoreError } from '../store/store'
import type { TsaError } from '../tsa/authority'
import type { WebhookError } from '../webhooks/webhook-error'
import type { HttpErrorCode } from './http-error'

/** Every code that a route can answer with. */
export type ProblemCode =
  | HttpErrorCode
  | NotarizeErrorCode
  | CheckError['code']
  | PdfErrorCode
  | EvidenceErrorCode
  | TimestampErrorCode
  | RuleCode
  | LedgerCode
  | PeopleError['code']
  | WebhookError['code']
  | StoreError['code']
  | KeyError['code']
  | TsaError['code']
  | AuthorityError['code']
  | SealError['code']
  | FormatError['code']
  | EncodingError['code']

/** The status that a code answers with, and what the caller can do. */
export interface ProblemKind {
  readonly status: number
  readonly advice: string
}
