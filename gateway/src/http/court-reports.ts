import { type Names, type SealSignatureId, timeOf } from '@cinnabar/core'
import { z } from 'zod'
import { courtPdf } from '../court/court-pdf'
import { courtReport } from '../court/court-report'
import { usableSeal } from '../notarize/admit'
import type { Person } from '../people/users'
import type { AppDeps } from './deps'
import { FileName } from './input'
import { jobAnswer, jobAnswers, NOT_SEALED, sealAndAnswer } from './jobs'
import { guardedRoute, type Route } from './route'
import { knownEvidence } from './verifications'

/** Any file: what is no PDF and no container is reported as such. */
const ANY = 'application/octet-stream'

const Asked = z.strictObject({
  name: FileName,
  seal: z.string().min(1).max(130).describe('The seal that the report is to bear.'),
  wait: z.enum(['anchored']).optional().describe('Answer when it has ended, or in 30 s.'),
})

/**
 * `POST /v1/court-reports`: verifies a file, lays the report out in the order in which a court decides, and has it sealed and
 * recorded like any other document of the institution.
 */
export function courtReportRoutes(deps: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/court-reports',
      access: ['sealer'],
      body: { kind: 'bytes', type: ANY, maxBytes: deps.maxPdfBytes },
      operation: 'makeCourtReport',
      tag: 'verification',
      summary: 'A report for courts on a file, or on a container with its document, itself sealed and recorded',
      description:
        "Judged by this gateway's trust. The answer is the job that seals the report; its file is that of the job's document. The file reported on is not kept. A repeat makes another report, of another time.",
      query: Asked,
      answers: jobAnswers,
      problems: [...NOT_SEALED, 'CHECK_TIMEOUT', 'CHECK_OUT_OF_MEMORY'],
      async handle({ body, query }, person) {
        // First, since a refusal is to leave nothing behind.
        await usableSeal(deps.env, person.institution, query.seal)
        const report = await reportOn(deps, body, { fileName: query.name, person })
        const document = await deps.notarizer.receive({
          institution: person.institution,
          user: person.user,
          name: `核验报告-${query.name.slice(0, 120).replace(/\.[^.]*$/, '')}.pdf`,
          bytes: report,
        })
        const request = { seal: query.seal, document: document.id, reason: '出具核验报告 court report' }
        const job = await sealAndAnswer(deps.notarizer, { ...request, ...person }, { wait: query.wait })
        return jobAnswer(job, deps.notarizer)
      },
    }),
  ]
}

interface About {
  readonly fileName: string
  readonly person: Person
}

async function reportOn(deps: AppDeps, pdf: Uint8Array, { fileName, person }: About): Promise<Uint8Array> {
  const { env, notarizer, trust } = deps
  const at = env.clock.now()
  const ids = await env.checks.sealSignatureIds(pdf)
  const evidence = await knownEvidence(notarizer, ids as readonly SealSignatureId[])
  const report = await env.checks.verify({ pdf, evidence, at, ...(trust && { trust }) })
  const registered = await env.ledger.institution(person.institution)
  const madeBy: Names = registered?.names ?? { zh: person.institution, en: person.institution }
  return courtPdf(courtReport({ report, fileName, madeAt: timeOf(at), madeBy, ...(trust && { trust }) }))
}
