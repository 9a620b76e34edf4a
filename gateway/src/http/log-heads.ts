import { type Attestation, type InstitutionId, type Ledger, peerWordOf, type Trust } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { Id, wholeNumber } from './input'
import { NextShape } from './listing'
import { guardedRoute, json, type Route } from './route'
import { Count, DigestShape, InstitutionIdShape, TimeShape } from './shapes/named'

const Filters = z.strictObject({
  limit: wholeNumber(1, 200).default(50),
  cursor: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
})
const HeadShape = z.object({ size: Count, root: DigestShape })
const HeadsShape = z.object({
  institution: InstitutionIdShape,
  heads: z.array(
    HeadShape.extend({
      from: Count.describe('Index of the first entry of the append that led to this head.'),
      recordedAt: TimeShape.describe("The transaction's time: it orders, it proves no time."),
      transaction: z.string(),
    }),
  ),
  next: NextShape,
})
const AttestedShape = HeadShape.extend({
  institution: InstitutionIdShape,
  attestations: z.array(
    z.object({
      kind: z.enum(['node', 'fabric']),
      by: z
        .string()
        .nullable()
        .describe(
          "The organisation whose peer signed, null if it is none of the trust file's; on the embedded ledger, the digest of the node's key.",
        ),
    }),
  ),
})
const OWN = { access: 'user', tag: 'log', params: z.object({ id: Id }), others: 'INSTITUTION_NOT_YOURS' } as const

/** The heads of the institution's own log, and who attests the present one. */
export function logHeadRoutes({ env: { ledger, clock }, trust }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/v1/institutions/:id/log/heads',
      ...OWN,
      operation: 'listLogHeads',
      summary: "The heads of the institution's own log, one for each append, newest first",
      query: Filters,
      answers: { 200: { description: 'A page of them', json: HeadsShape } },
      async handle({ params, query }, { institution }) {
        requireOwn(params.id, institution)
        return json({ institution, ...(await headsOf(ledger, institution, query)) })
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/institutions/:id/log/attested-head',
      ...OWN,
      operation: 'attestLogHead',
      summary: "The present head of the institution's own log, and who signs it when asked now",
      answers: { 200: { description: 'The head; the signatures themselves are in evidence', json: AttestedShape } },
      async handle({ params }, { institution }) {
        requireOwn(params.id, institution)
        const { size, root } = await ledger.head(institution)
        const signed = size === 0 ? [] : await ledger.attest({ institution, size })
        const attesters = signed.map((one) => attesterOf(one, trust, clock.now()))
        return json({ institution, size, root, attestations: await Promise.all(attesters) })
      },
    }),
  ]
}

/** @throws {@link HttpError} `INSTITUTION_NOT_YOURS`. */
export function requireOwn(asked: string, institution: InstitutionId): void {
  if (asked === institution) return
  throw new HttpError('INSTITUTION_NOT_YOURS', 'an institution shows its log to its own users', { asked })
}

async function headsOf(ledger: Ledger, institution: InstitutionId, { limit, cursor }: z.output<typeof Filters>) {
  const { size: newest } = await ledger.head(institution)
  const heads = []
  let below = Math.min(cursor ?? newest, newest)
  while (below > 0 && heads.length < limit) {
    const append = await ledger.appendOf(institution, below - 1)
    if (append === undefined) break
    const { from, size, root, recordedAt, transaction } = append
    heads.push({ from, size, root, recordedAt, transaction })
    below = from
  }
  return { heads, ...(below > 0 && { next: String(below) }) }
}

async function attesterOf(one: Attestation, trust: Trust | undefined, at: Date) {
  if (one.kind === 'node') return { kind: one.kind, by: one.key }
  const word = trust && (await peerWordOf(one, trust, at))
  return { kind: one.kind, by: word?.organisation ?? null }
}
