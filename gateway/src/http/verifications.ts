import { ASIC_MIME_TYPE, MAX_EVIDENCE_BYTES, type SealSignatureId } from '@cinnabar/core'
import { z } from 'zod'
import type { Verification } from '../checks/checks'
import { fileAt } from '../checks/pdf-source'
import type { Clock } from '../clock'
import { NotarizeError } from '../notarize/notarize-error'
import type { Notarizer } from '../notarize/notarizer'
import type { AppDeps } from './deps'
import { json, openRoute, type Route } from './route'
import { HexIdShape, TimeShape } from './shapes/named'
import { ReportShape } from './shapes/report-shape'

/** A contract has a few seals; a file with more is verified with evidence that its holder brings. */
const MAX_LOOKED_UP = 64

const At = {
  at: TimeShape.optional().describe('Judges as of this time; now unless given.'),
}
const Asked = z.strictObject({
  ...At,
  deposit: HexIdShape.optional().describe("A deposit of the file, by its id: it is judged by that deposit's evidence."),
})
const FOUND = { 200: { description: 'What was found', json: ReportShape } }

/** What this gateway judges by: its own trust, and the published lists that its operator configured. */
export function ownSources({
  trust,
  lists = [],
}: Pick<AppDeps, 'trust' | 'lists'>): Pick<Verification, 'trust' | 'lists'> {
  return { ...(trust && { trust }), lists }
}

/**
 * `POST /v1/verifications` and `/v1/evidence-verifications`: reports by this gateway's own trust and the lists that its operator
 * configured. The file is not kept.
 */
export function verificationRoutes(deps: AppDeps): readonly Route[] {
  const { env, notarizer, maxPdfBytes } = deps
  const sources = ownSources(deps)
  return [
    openRoute({
      method: 'post',
      path: '/v1/verifications',
      access: 'public',
      query: Asked,
      body: { kind: 'file', type: 'application/octet-stream', anyType: true, maxBytes: maxPdfBytes },
      operation: 'verify',
      tag: 'verification',
      summary: "The report on any file by this gateway's evidence, its own trust and its lists; the file is not kept",
      description:
        'A PDF is judged by its seals. Another file holds none: without the id of a deposit of it, it is `indeterminate`. ' +
        'Evidence is never looked up by the digest of a file, which could be guessed.',
      answers: FOUND,
      problems: ['CHECK_TIMEOUT', 'CHECK_OUT_OF_MEMORY'],
      async handle({ body, query: { deposit, at } }) {
        const pdf = fileAt(body)
        const ids = [...(deposit === undefined ? [] : [deposit]), ...(await env.checks.sealSignatureIds(pdf))]
        const evidence = await knownEvidence(notarizer, ids)
        return json(await env.checks.verify({ pdf, evidence, at: timeAsked(at, env.clock), ...sources }))
      },
    }),
    openRoute({
      method: 'post',
      path: '/v1/evidence-verifications',
      access: 'public',
      query: z.strictObject(At),
      body: { kind: 'file', type: ASIC_MIME_TYPE, maxBytes: Math.min(MAX_EVIDENCE_BYTES, maxPdfBytes) },
      operation: 'verifyEvidence',
      tag: 'verification',
      summary: 'The report on an evidence container that holds its document, by nothing but that and its own trust',
      answers: FOUND,
      problems: ['CHECK_TIMEOUT', 'CHECK_OUT_OF_MEMORY'],
      async handle({ body, query: { at } }) {
        const pdf = fileAt(body)
        return json(await env.checks.verify({ pdf, evidence: [], at: timeAsked(at, env.clock), ...sources }))
      },
    }),
  ]
}

/** The time that a report is as of. */
export function timeAsked(at: string | undefined, clock: Clock): Date {
  return at === undefined ? clock.now() : new Date(at)
}

/** The evidence that this gateway has of these uses. */
export async function knownEvidence(notarizer: Notarizer, all: readonly string[]): Promise<readonly Uint8Array[]> {
  const ids = [...new Set(all)].slice(0, MAX_LOOKED_UP)
  const found = await Promise.all(ids.map((id) => evidenceOrNone(notarizer, id as SealSignatureId)))
  return found.filter((one) => one !== undefined)
}

const NONE: readonly string[] = ['SEAL_SIGNATURE_UNKNOWN', 'EVIDENCE_NOT_READY']

async function evidenceOrNone(notarizer: Notarizer, id: SealSignatureId): Promise<Uint8Array | undefined> {
  try {
    return await notarizer.evidence(id)
  } catch (cause) {
    // The report says what is missing.
    if (cause instanceof NotarizeError && NONE.includes(cause.code)) return undefined
    throw cause
  }
}
