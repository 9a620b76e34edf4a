import { CHECKS } from '@cinnabar/core'
import { z } from 'zod'
import {
  Count,
  DigestShape,
  HexIdShape,
  InstitutionIdShape,
  InstitutionKindShape,
  NamesShape,
  named,
  SealIdShape,
  SealKindShape,
  SealStatusShape,
  TimeShape,
} from './named'

const OutcomeShape = z.enum(['passed', 'failed', 'indeterminate'])

const CheckShape = named(
  'Check',
  z.object({
    check: z.enum(CHECKS),
    outcome: OutcomeShape,
    code: z.string(),
    clause: z.string(),
    detail: z.string(),
  }),
)

const RecordedBlockShape = z.object({
  number: Count,
  carried: z.boolean(),
  orderers: z.array(z.string()),
  endorsers: z.array(z.string()),
  configuration: Count.nullable(),
  differs: z.array(z.string()),
})

const RecordedShape = z.object({
  useNumber: Count,
  index: Count,
  recordedAt: TimeShape.nullable(),
  delaySeconds: z.number().nullable(),
  asOfSize: Count,
  attestedBy: z.array(z.string()),
  block: RecordedBlockShape.nullable(),
  sealStatus: SealStatusShape.nullable(),
})

const IndicationShape = z.enum(['TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE'])

const AdesShape = named(
  'AdesValidation',
  z
    .object({
      indication: IndicationShape,
      subIndication: z.string().nullable(),
      detail: z.string(),
      process: z.enum(['basic', 'time', 'long-term']),
      bestSignatureTime: TimeShape.nullable(),
      timestamps: z.array(
        z.object({
          kind: z.enum(['signature', 'document']),
          field: z.string().nullable(),
          time: TimeShape,
          policy: z.string().describe('Object identifier of the policy that the token was issued under.'),
          accuracyMs: z.number().nullable(),
          ordering: z
            .boolean()
            .describe("RFC 3161 2.4.2: the order of this authority's tokens is that of their times."),
          authority: z.string().nullable().describe('Null unless its certificate leads to an anchor.'),
          indication: IndicationShape,
          subIndication: z.string().nullable(),
          detail: z.string(),
        }),
      ),
    })
    .describe('By EN 319 102-1 alone, whatever the ledger says.'),
)

/** What a published list is called, and until when it counts. */
const ListNamedShape = z.object({
  name: NamesShape,
  operator: NamesShape,
  key: DigestShape.describe("Of the operator's key."),
  sequence: Count.describe('Its version.'),
  issued: TimeShape,
  expires: TimeShape,
})

const recognition = {
  name: NamesShape,
  list: ListNamedShape.nullable().describe('Null for a trust file.'),
  region: z.string().nullable().describe('ISO 3166.'),
  policy: z.string().nullable().describe("The OID that the list demands and the seal's certificate asserts."),
  withdrawnAt: TimeShape.nullable(),
  fingerprint: DigestShape,
}
const RecognitionShape = named(
  'Recognition',
  z.object(recognition).describe('A trust file, or a consortium of a published list.'),
)
const ListVerdictShape = named('ListVerdict', z.object({ ...recognition, outcome: OutcomeShape, code: z.string() }))
const ACROSS = {
  recognisedBy: RecognitionShape.nullable()
    .optional()
    .describe('Where lists judge as well: by which of them it passed.'),
  judgements: z.array(ListVerdictShape).optional().describe('What each of them said.'),
}

const SignatureReportShape = named(
  'SignatureReport',
  z.object({
    field: z.string(),
    revision: Count,
    outcome: OutcomeShape,
    subIndication: z.string().nullable().describe('EN 319 102-1, 5.1.3.'),
    id: HexIdShape.nullable(),
    sealId: SealIdShape.nullable(),
    sealKind: SealKindShape.nullable(),
    sealName: z.string().nullable(),
    institution: InstitutionIdShape.nullable(),
    institutionNames: NamesShape.nullable(),
    institutionKind: InstitutionKindShape.nullable(),
    signer: z.string().nullable(),
    provenTime: TimeShape.nullable(),
    level: z.enum(['B-B', 'B-T', 'B-LT', 'B-LTA']).nullable(),
    algorithm: z.string().nullable().describe('Such as `ECDSA P-256 with SHA-256`.'),
    place: z.object({ page: z.int(), rect: z.array(z.number()).length(4) }).nullable(),
    recorded: RecordedShape.nullable(),
    ades: AdesShape,
    checks: z.array(CheckShape),
    ...ACROSS,
  }),
)

const DepositReportShape = named(
  'DepositReport',
  z.object({
    id: HexIdShape,
    outcome: OutcomeShape,
    subIndication: z.string().nullable(),
    institution: InstitutionIdShape,
    institutionNames: NamesShape.nullable(),
    institutionKind: InstitutionKindShape.nullable(),
    provenTime: TimeShape.nullable(),
    recorded: RecordedShape.omit({ useNumber: true, sealStatus: true }).nullable(),
    checks: z.array(CheckShape),
    ...ACROSS,
  }),
)

const ContainerReportShape = named(
  'ContainerReport',
  z.object({
    sha256: DigestShape,
    bytes: Count,
    code: z.string().describe('`OK`, or why nothing in it was relied on.'),
    detail: z.string(),
    created: TimeShape.nullable(),
    assertion: z
      .object({
        outcome: OutcomeShape,
        code: z.string(),
        detail: z.string(),
        time: TimeShape,
        organisation: z.string().nullable(),
      })
      .nullable()
      .describe('The time assertion of an ASiC-E container, EN 319 162-1.'),
    document: z.enum(['this', 'other', 'absent']).nullable(),
    claims: z.array(
      z.object({ claim: z.string(), needs: z.array(z.string()), of: HexIdShape, proof: z.array(z.string()) }),
    ),
    unknown: z.array(z.object({ path: z.string(), role: z.string() })),
  }),
)

/** What verification found; the worst fact decides the outcome. */
export const ReportShape = named(
  'Report',
  z.object({
    outcome: OutcomeShape,
    code: z.string(),
    detail: z.string(),
    file: z.object({ sha256: DigestShape, bytes: Count, revisions: Count }),
    signatures: z.array(SignatureReportShape),
    deposits: z.array(DepositReportShape).optional().describe('Of the file, where the evidence holds deposits.'),
    evidence: z.array(ContainerReportShape).optional().describe('Of each container; it informs and decides nothing.'),
    trust: z.object({
      ledger: z.enum(['fabric', 'embedded', 'none']),
      fingerprint: DigestShape.nullable(),
      organisations: z.array(z.string()),
      singleOperator: z.boolean(),
      demonstration: z.boolean(),
      sources: z.array(RecognitionShape).optional().describe('All that were judged by, where there are lists.'),
    }),
  }),
)
