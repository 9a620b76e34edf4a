import { fromBase64, readableCertificates } from '@cinnabar/core'
import { z } from 'zod'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import { json, openRoute, type Route } from './route'
import { TimeShape } from './shapes/named'
import { ReportShape } from './shapes/report-shape'
import { knownEvidence, ownSources, timeAsked } from './verifications'

/** Contracts are far smaller; larger files go to `/v1/verifications`, which takes no validation files. */
const MAX_BODY_BYTES = 16 << 20
const MAX_CERTIFICATE = 21_848

const Base64 = (maxLength: number) => z.base64().max(maxLength)
const Anchors = z.array(Base64(MAX_CERTIFICATE)).max(64).default([])
const Asked = z.strictObject({
  file: Base64(MAX_BODY_BYTES).describe('Any file; it is not kept.'),
  evidence: z
    .array(Base64(MAX_BODY_BYTES))
    .max(16)
    .default([])
    .describe("Evidence containers, beside those that this gateway has: another consortium's has none here."),
  at: TimeShape.optional().describe('Judges as of this time; now unless given.'),
  signerAnchors: Anchors.describe('Certificates (DER) that you trust for signers of signatures that are no seals.'),
  timestampAnchors: Anchors.describe('Certificates (DER) that you trust for timestamps.'),
  material: z
    .array(Base64(MAX_BODY_BYTES))
    .max(512)
    .default([])
    .describe('Certificates, CRLs and OCSP answers (DER); what is none of these is passed over.'),
})

/** Whoever names anchors means them: one that is no certificate is refused. */
function certificates(name: string, texts: readonly string[]): readonly Uint8Array[] {
  const ders = texts.map((one) => fromBase64(one))
  const wrong = ders.findIndex((der) => readableCertificates([der]).length === 0)
  if (wrong === -1) return ders
  const path = `${name}.${wrong}`
  throw new HttpError('REQUEST_INVALID', `${path}: expected a certificate in DER`, { path })
}

/** `POST /v1/validations`: a report with validation files of the caller's own, for signatures that are no seals of ours. */
export function validationRoutes(deps: AppDeps): readonly Route[] {
  const { env, notarizer } = deps
  const sources = ownSources(deps)
  return [
    openRoute({
      method: 'post',
      path: '/v1/validations',
      access: 'public',
      body: { kind: 'json', schema: Asked, maxBytes: MAX_BODY_BYTES },
      operation: 'validate',
      tag: 'verification',
      summary: 'The report on a file with evidence and validation files of your own; nothing is kept',
      description:
        'As `POST /v1/verifications`, and each signature is validated as EN 319 102-1 has it (`ades`) with what you send. ' +
        'Anchors count for `ades`, and for certificate and timestamp of what is no seal: no seal passes by them.',
      answers: { 200: { description: 'What was found', json: ReportShape } },
      problems: ['BASE64_INVALID', 'CHECK_TIMEOUT', 'CHECK_OUT_OF_MEMORY'],
      async handle({ body: { file, evidence: containers, at, signerAnchors, timestampAnchors, material: texts } }) {
        const pdf = fromBase64(file)
        const signers = certificates('signerAnchors', signerAnchors)
        const timestamps = certificates('timestampAnchors', timestampAnchors)
        const material = texts.map((one) => fromBase64(one))
        const known = await knownEvidence(notarizer, await env.checks.sealSignatureIds(pdf))
        const evidence = [...containers.map((one) => fromBase64(one)), ...known]
        const brought = { anchors: { signers, timestamps }, material }
        return json(await env.checks.verify({ pdf, evidence, at: timeAsked(at, env.clock), ...sources, ...brought }))
      },
    }),
  ]
}
