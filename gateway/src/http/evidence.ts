import type { SealSignatureId } from '@cinnabar/core'
import { z } from 'zod'
import { anchoredUseOnPaper } from '../notarize/evidence'
import type { Surroundings } from '../notarize/ports'
import type { AppDeps } from './deps'
import { bytes, json, openRoute, type Route } from './route'
import {
  Count,
  HexIdShape,
  InstitutionIdShape,
  InstitutionKindShape,
  NamesShape,
  SealKindShape,
  SealStatusShape,
  TimeShape,
} from './shapes/named'

const ZIP = 'application/zip'
/** `whole`: with the block that recorded the use, up to 4 MiB; else only a small one. */
const Wanted = z.object({
  block: z.enum(['small', 'whole']).optional(),
  container: z
    .enum(['asic-e', 'zip'])
    .optional()
    .describe('`zip`: without the time assertion that makes it an ASiC-E; as evidence it is the same.'),
  document: z.literal('included').optional().describe('With the sealed file, as it stood with this seal.'),
})
const FactsShape = z.object({
  code: HexIdShape,
  institution: z.object({
    id: InstitutionIdShape,
    kind: InstitutionKindShape.optional(),
    names: NamesShape.optional(),
  }),
  seal: z.object({ displayName: z.string().optional(), kind: SealKindShape.optional() }),
  provenTime: TimeShape.optional(),
  useNumber: Count.optional(),
  recordedAt: TimeShape.optional(),
  status: SealStatusShape.optional(),
})

/** What everybody who holds a sealed file may ask for, by the random id inside it. */
export function evidenceRoutes({ env, notarizer, trust }: AppDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/v1/evidence/:id',
      access: 'capability',
      operation: 'getEvidence',
      tag: 'verification',
      summary: 'All that is needed to check one use of a seal, or one deposit, offline',
      description:
        'Who knows the id holds the sealed file, of which it is part, or deposited the file: it is random. While nothing is recorded since, the same bytes are given again, closed when they were first asked for.',
      params: z.object({ id: HexIdShape }),
      query: Wanted,
      answers: {
        200: { description: 'FORMAT.md, "Evidence"', type: ZIP, headers: { 'Content-Disposition': 'A name' } },
      },
      problems: ['SEAL_SIGNATURE_UNKNOWN', 'EVIDENCE_NOT_READY'],
      async handle({ params, query }) {
        const id = params.id as SealSignatureId
        const disposition = `attachment; filename="evidence-${id}.zip"`
        const evidence = await notarizer.evidence(id, { container: 'asic-e', ...query, trust })
        return bytes(evidence, ZIP, { 'Content-Disposition': disposition })
      },
    }),
    openRoute({
      method: 'get',
      path: '/v1/printed-codes/:code',
      access: 'public',
      operation: 'getPrintedCode',
      tag: 'verification',
      summary: 'What the QR code beside a seal leads to: seal, institution and time, nothing of the document',
      params: z.object({ code: HexIdShape }),
      answers: { 200: { description: 'The recorded facts', json: FactsShape } },
      problems: ['SEAL_SIGNATURE_UNKNOWN', 'EVIDENCE_NOT_READY'],
      async handle({ params: { code } }) {
        return json({ code, ...(await factsOf(env, code)) })
      },
    }),
  ]
}

/** What a QR code leads to: the recorded seal, institution and time, and nothing of the document. */
async function factsOf({ store, ledger }: Surroundings, code: string) {
  const { institution, receipts } = await anchoredUseOnPaper({ store }, code)
  const registered = await ledger.institution(institution)
  const { entry, seal, attestations } = receipts[0]
  const present = seal && (await ledger.seal(institution, seal.id))
  const [first] = attestations
  return {
    institution: { id: institution, kind: registered?.kind, names: registered?.names },
    seal: { displayName: seal?.displayName, kind: seal?.kind },
    provenTime: entry.kind === 'sealSignature' ? entry.tokenTime : undefined,
    useNumber: entry.kind === 'sealSignature' ? entry.useNumber : undefined,
    recordedAt: first.kind === 'node' ? first.statement.recordedAt : undefined,
    status: present?.seal.status,
  }
}
