import { z } from 'zod'
import { GAP_CODES } from '../../book/book'
import { NextShape } from '../listing'
import {
  Count,
  DigestShape,
  HexIdShape,
  InstitutionIdShape,
  NamesShape,
  named,
  SealIdShape,
  SealKindShape,
  SealStatusShape,
  TimeShape,
} from './named'

/** 用印台账: the uses of one seal by number, held against the log. */
export const SealBookShape = named(
  'SealBook',
  z.object({
    institution: InstitutionIdShape,
    names: NamesShape,
    seal: z.object({ id: SealIdShape, kind: SealKindShape, displayName: z.string(), status: SealStatusShape }),
    asOf: z.object({ size: Count, root: DigestShape }).describe('The head of the log that it was compared with.'),
    complete: z.boolean().describe('Whether every number from 1 is one entry of the log and one record of the store.'),
    lastNumber: Count,
    count: Count.describe('Of the uses asked for, on all pages.'),
    next: NextShape,
    lines: z.array(
      z.object({
        number: z.int().min(1).describe('用印编号, as the log has it.'),
        index: Count,
        time: TimeShape,
        id: HexIdShape.optional(),
        document: z.object({ name: z.string(), digest: DigestShape }).optional(),
        purpose: z.string().optional(),
        operator: z.string().optional(),
      }),
    ),
    gaps: z
      .array(
        z.object({
          code: z.enum(GAP_CODES),
          number: Count,
          index: Count.optional(),
          id: HexIdShape.optional(),
        }),
      )
      .describe('Of the whole book, whatever the period.'),
  }),
)
