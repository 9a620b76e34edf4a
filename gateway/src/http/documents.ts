import { z } from 'zod'
import { documentOf, type Identified, streamOf } from '../notarize/receive'
import type { DocumentRecord } from '../notarize/records'
import type { AppDeps } from './deps'
import { FileName, Id, IdempotencyKey } from './input'
import { isWithin, listOf, NextShape, Paging, Period } from './listing'
import { guardedRoute, json, type Route, streamed } from './route'
import { DocumentShape, FileDigestShape } from './shapes/document-shape'

const PDF = 'application/pdf'
export const Named = z.strictObject({ name: FileName })

const Filters = z.strictObject({
  ...Paging,
  ...Period,
  name: z.string().min(1).max(200).optional().describe('Part of the name.'),
  sha256: FileDigestShape.optional().describe('Of the upload or of any sealed revision: finds a document by its file.'),
})
const DocumentsShape = z.object({ documents: z.array(DocumentShape), next: NextShape })
const OWN = {
  access: 'user',
  tag: 'documents',
  params: z.object({ id: Id }),
  others: 'DOCUMENT_UNKNOWN',
  problems: ['DOCUMENT_UNKNOWN'],
} as const
/** Why a file is not taken in. */
export const NOT_TAKEN = [
  'PDF_NOT_PDF',
  'PDF_EMPTY',
  'PDF_DAMAGED',
  'PDF_ENCRYPTED',
  'PDF_TOO_COMPLEX',
  'PDF_XFA',
  'CHECK_TIMEOUT',
  'CHECK_OUT_OF_MEMORY',
] as const

/** `POST /v1/documents` and what can be read of one. Documents are their institution's only. */
export function documentRoutes({ env, notarizer, maxPdfBytes }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/documents',
      access: ['sealer'],
      body: { kind: 'file', type: PDF, maxBytes: maxPdfBytes },
      operation: 'uploadDocument',
      tag: 'documents',
      summary: 'A PDF to be sealed',
      query: Named,
      headers: IdempotencyKey,
      answers: { 201: { description: 'The document', json: DocumentShape, headers: { Location: 'Its address' } } },
      problems: [...NOT_TAKEN, 'IDEMPOTENCY_KEY_REUSED'],
      async handle({ query: { name }, headers: sent, body }, { institution, user }) {
        const upload = { institution, user, name, file: body }
        const document = await notarizer.receive(upload, sent['Idempotency-Key'])
        const headers = { Location: `/v1/documents/${document.id}` }
        return { status: 201, headers, ...json(shown(document)) }
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/documents',
      access: 'user',
      operation: 'listDocuments',
      tag: 'documents',
      summary: "The institution's documents, newest first",
      query: Filters,
      answers: { 200: { description: 'A page of them', json: DocumentsShape } },
      async handle({ query }, { institution }) {
        const matches = (document: DocumentRecord) => isWanted(document, query)
        const { items, ...next } = await listOf<DocumentRecord>(env.store, 'documents', {
          ...query,
          institution,
          matches,
        })
        return json({ documents: items.map(shown), ...next })
      },
    }),
    guardedRoute({
      method: 'get',
      ...OWN,
      path: '/v1/documents/:id',
      operation: 'getDocument',
      summary: 'A document and its revisions',
      answers: { 200: { description: 'The document', json: DocumentShape } },
      async handle({ params: { id } }, { institution }) {
        return json(shown(await documentOf(env, institution, id)))
      },
    }),
    guardedRoute({
      method: 'get',
      ...OWN,
      path: '/v1/documents/:id/file',
      operation: 'getDocumentFile',
      summary: 'The document as it stands, with every seal that is anchored',
      answers: { 200: { description: 'The PDF', type: PDF, headers: { 'Content-Disposition': 'Its name' } } },
      async handle({ params: { id } }, { institution }) {
        const document = await documentOf(env, institution, id)
        const file = await streamOf(env, document)
        // RFC 8187: names are in any script.
        const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(document.value.name)}`
        return streamed(file, PDF, { 'Content-Disposition': disposition })
      },
    }),
  ]
}

function isWanted({ name, createdAt, revisions }: DocumentRecord, query: z.output<typeof Filters>): boolean {
  const isNamed = query.name === undefined || name.includes(query.name)
  const isFile = query.sha256 === undefined || revisions.some(({ sha256 }) => sha256 === query.sha256)
  return isNamed && isFile && isWithin(createdAt, query)
}

function shown({ id, value: { busyWith, ...document } }: Identified<DocumentRecord>) {
  return { id, ...document, ...(busyWith === undefined ? {} : { job: busyWith }) }
}
