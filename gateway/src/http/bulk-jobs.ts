import type { InstitutionId } from '@cinnabar/core'
import { z } from 'zod'
import type { BulkJobRecord } from '../notarize/bulk-records'
import { bulkLine, bulkLines } from '../notarize/bulk-summary'
import { shownBulk, shownLine } from './bulk-answers'
import { bulkEvents } from './bulk-events'
import type { AppDeps } from './deps'
import { Named, NOT_TAKEN } from './documents'
import { HttpError } from './http-error'
import { Id, IdempotencyKey, wholeNumber } from './input'
import { SEAL_NOT_USABLE, SealAsked } from './jobs'
import { listOf, NextShape, Paging } from './listing'
import { guardedRoute, json, type Route } from './route'
import { BulkDocumentShape, BulkDocumentStateShape, BulkJobShape, BulkStateShape } from './shapes/bulk-shape'
import { Count } from './shapes/named'

const PDF = 'application/pdf'
const MAX_NUMBER = 999_999
const OWN = {
  tag: 'documents',
  others: 'BULK_JOB_UNKNOWN',
  problems: ['BULK_JOB_UNKNOWN'],
} as const
const OneJob = z.object({ id: Id })
const OneDocument = z.object({ id: Id, number: wholeNumber(0, MAX_NUMBER) })
const LOCATION = { Location: "The bulk job's address" }

/** `POST /v1/bulk-jobs`: many documents to be sealed with one seal, uploaded one by one, sealed together. */
export function bulkJobRoutes(deps: AppDeps): readonly Route[] {
  return [
    createRoute(deps),
    listRoute(deps),
    jobRoute(deps),
    uploadRoute(deps),
    documentRoute(deps),
    documentsRoute(deps),
    startRoute(deps),
    cancelRoute(deps),
    eventsRoute(deps),
  ]
}

function createRoute(deps: AppDeps): Route {
  const { notarizer, maxBulkDocuments } = deps
  return guardedRoute({
    method: 'post',
    path: '/v1/bulk-jobs',
    access: ['sealer'],
    operation: 'createBulkJob',
    tag: 'documents',
    summary: `A bulk job: up to ${maxBulkDocuments} documents to be sealed with one seal`,
    description: 'Upload its documents, each under its number, then start it. Whatever stops in between goes on later.',
    headers: IdempotencyKey,
    body: {
      kind: 'json',
      schema: SealAsked.extend({
        count: z.int().min(1).max(maxBulkDocuments).describe('How many documents it will have.'),
      }),
    },
    answers: { 201: { description: 'The bulk job, open for documents', json: BulkJobShape, headers: LOCATION } },
    problems: ['IDEMPOTENCY_KEY_REUSED', ...SEAL_NOT_USABLE],
    async handle({ body, headers }, { institution, user }) {
      const job = await notarizer.bulk.create({ ...body, institution, user }, headers['Idempotency-Key'])
      const Location = `/v1/bulk-jobs/${job.id}`
      return { status: 201, headers: { Location }, ...json(await shownBulk(deps, job)) }
    },
  })
}

function listRoute(deps: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/bulk-jobs',
    access: 'user',
    operation: 'listBulkJobs',
    tag: 'documents',
    summary: "The institution's bulk jobs, newest first",
    query: z.strictObject({ ...Paging, state: BulkStateShape.optional() }),
    answers: {
      200: { description: 'A page of them', json: z.object({ bulkJobs: z.array(BulkJobShape), next: NextShape }) },
    },
    async handle({ query }, { institution }) {
      const matches = ({ state }: BulkJobRecord) => query.state === undefined || query.state === state
      const { items, ...next } = await listOf<BulkJobRecord>(deps.env.store, 'bulkJobs', {
        ...query,
        institution,
        matches,
      })
      return json({ bulkJobs: await Promise.all(items.map((job) => shownBulk(deps, job))), ...next })
    },
  })
}

function jobRoute(deps: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/bulk-jobs/:id',
    access: 'user',
    ...OWN,
    operation: 'getBulkJob',
    summary: 'How far a bulk job has come',
    params: OneJob,
    answers: { 200: { description: 'The bulk job', json: BulkJobShape } },
    async handle({ params: { id } }, { institution }) {
      return json(await shownBulk(deps, await deps.notarizer.bulk.job(institution, id)))
    },
  })
}

function uploadRoute({ env, notarizer, maxPdfBytes, maxBulkBytes }: AppDeps): Route {
  return guardedRoute({
    method: 'put',
    path: '/v1/bulk-jobs/:id/documents/:number',
    access: ['sealer'],
    ...OWN,
    operation: 'uploadBulkDocument',
    summary: 'One document of a bulk job; the same one sent again changes nothing',
    params: OneDocument,
    query: Named,
    body: { kind: 'file', type: PDF, maxBytes: maxPdfBytes },
    answers: {
      200: { description: 'The document, which was here already', json: BulkDocumentShape },
      201: { description: 'The document', json: BulkDocumentShape },
    },
    problems: [
      ...OWN.problems,
      ...NOT_TAKEN,
      'BULK_JOB_CLOSED',
      'BULK_JOB_TOO_LARGE',
      'BULK_DOCUMENT_UNKNOWN',
      'BULK_DOCUMENT_DIFFERS',
    ],
    async handle({ params: { id: bulk, number }, query: { name }, body: file }, { institution, user }) {
      const upload = { institution, user, bulk, number, name, file, maxBulkBytes }
      const { isNew, value } = await notarizer.bulk.receive(upload)
      const job = await notarizer.bulk.job(institution, bulk)
      return { status: isNew ? 201 : 200, ...json(shownLine(await bulkLine(env, job.value, number, value))) }
    },
  })
}

function documentsRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/bulk-jobs/:id/documents',
    access: 'user',
    ...OWN,
    operation: 'listBulkDocuments',
    summary: 'The documents of a bulk job by number, the missing ones included',
    params: OneJob,
    query: z.strictObject({
      from: wholeNumber(0, MAX_NUMBER).default(0),
      limit: wholeNumber(1, 1000).default(100),
      state: BulkDocumentStateShape.optional(),
    }),
    answers: {
      200: {
        description: 'Some of them; `next` is where the others begin',
        json: z.object({ count: Count, documents: z.array(BulkDocumentShape), next: Count.optional() }),
      },
    },
    async handle({ params: { id }, query }, { institution }) {
      const job = await notarizer.bulk.job(institution, id)
      const { lines, ...next } = await bulkLines(env, job, query)
      return json({ count: job.value.count, documents: lines.map(shownLine), ...next })
    },
  })
}

function documentRoute({ env, notarizer }: AppDeps): Route {
  return guardedRoute({
    method: 'get',
    path: '/v1/bulk-jobs/:id/documents/:number',
    access: 'user',
    ...OWN,
    operation: 'getBulkDocument',
    summary: 'One document of a bulk job',
    params: OneDocument,
    answers: { 200: { description: 'The document', json: BulkDocumentShape } },
    problems: [...OWN.problems, 'BULK_DOCUMENT_UNKNOWN'],
    async handle({ params: { id, number } }, { institution }) {
      const { value } = await notarizer.bulk.document(institution, id, number)
      const job = await notarizer.bulk.job(institution, id)
      return json(shownLine(await bulkLine(env, job.value, number, value)))
    },
  })
}

function startRoute(deps: AppDeps): Route {
  return guardedRoute({
    method: 'post',
    path: '/v1/bulk-jobs/:id/start',
    access: ['sealer'],
    ...OWN,
    operation: 'startBulkJob',
    summary: 'Begins to seal the documents of a bulk job',
    params: OneJob,
    query: z.strictObject({
      missing: z
        .enum(['refuse', 'leave'])
        .default('refuse')
        .describe('Whether documents that were not uploaded keep the bulk job from being started, or are left out.'),
    }),
    answers: { 202: { description: 'The bulk job; asked again, as it is', json: BulkJobShape } },
    problems: [...OWN.problems, 'BULK_JOB_CLOSED', 'BULK_JOB_INCOMPLETE'],
    async handle({ params: { id }, query: { missing } }, person) {
      const job = await deps.notarizer.bulk.start(person, id, missing)
      return { status: 202, ...json(await shownBulk(deps, job)) }
    },
  })
}

function cancelRoute(deps: AppDeps): Route {
  return guardedRoute({
    method: 'post',
    path: '/v1/bulk-jobs/:id/cancel',
    access: ['sealer', 'admin'],
    ...OWN,
    operation: 'cancelBulkJob',
    summary: 'Seals no further document of a bulk job; those under way come to their end',
    params: OneJob,
    answers: { 202: { description: 'The bulk job; asked again, as it is', json: BulkJobShape } },
    async handle({ params: { id } }, { institution }) {
      return { status: 202, ...json(await shownBulk(deps, await deps.notarizer.bulk.cancel(institution, id))) }
    },
  })
}

/** Each holds a connection: of all together, and of one institution. */
const MAX_STREAMS = 100
const MAX_OWN_STREAMS = 25

function eventsRoute(deps: AppDeps): Route {
  const streams: InstitutionId[] = []
  return guardedRoute({
    method: 'get',
    path: '/v1/bulk-jobs/:id/events',
    access: 'user',
    ...OWN,
    operation: 'followBulkJob',
    summary: 'The progress of a bulk job as it happens',
    description:
      'Server-sent events: `document` whenever one ends, `progress` with the bulk job, and `ended` at last. ' +
      'With `Last-Event-ID` it goes on behind that event.',
    params: OneJob,
    headers: z.object({
      'Last-Event-ID': wholeNumber(0, MAX_NUMBER).optional().describe('The id of the last event that was read.'),
    }),
    answers: { 200: { description: 'The events', type: 'text/event-stream' } },
    async handle({ params: { id }, headers }, { institution }) {
      await deps.notarizer.bulk.job(institution, id)
      const own = streams.filter((one) => one === institution).length
      if (own >= MAX_OWN_STREAMS || streams.length >= MAX_STREAMS) {
        throw new HttpError('TOO_BUSY', 'too many bulk jobs are being followed')
      }
      const query = { institution, id, after: headers['Last-Event-ID'] ?? 0 }
      const stream = async function* (gone: AbortSignal) {
        streams.push(institution)
        try {
          yield* bulkEvents(deps, query, gone)
        } finally {
          streams.splice(streams.indexOf(institution), 1)
        }
      }
      return { body: { type: 'text/event-stream', stream } }
    },
  })
}
