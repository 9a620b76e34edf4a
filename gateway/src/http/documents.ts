import { z } from 'zod'
import { documentOf, fileOf, type Identified } from '../notarize/receive'
import type { DocumentRecord } from '../notarize/records'
import type { AppDeps } from './deps'
import { bytes, guardedRoute, json, parameter, type Route, readInput } from './route'
import { bodyBytes } from './router'

const PDF = 'application/pdf'
/** A file's name, as shown; never used as a path. */
const Named = z.object({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cf}/\\]+$/u, 'a file name without slashes and invisible characters')
    .default('document.pdf'),
})

/** `POST /v1/documents` and what can be read of one. Documents are their institution's only. */
export function documentRoutes({ env, notarizer, maxPdfBytes }: AppDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/v1/documents',
      access: ['sealer'],
      body: { kind: 'bytes', type: PDF, maxBytes: maxPdfBytes },
      async handle(request, { institution, user }) {
        const { name } = readInput(Named, { name: request.query.name })
        const document = await notarizer.receive({ institution, user, name, bytes: bodyBytes(request) })
        const headers = { Location: `/v1/documents/${document.id}` }
        return { status: 201, headers, ...json(shown(document)) }
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/documents/:id',
      access: 'user',
      async handle(request, { institution }) {
        return json(shown(await documentOf(env, institution, parameter(request, 'id'))))
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/v1/documents/:id/file',
      access: 'user',
      async handle(request, { institution }) {
        const document = await documentOf(env, institution, parameter(request, 'id'))
        const file = await fileOf(env, document)
        // RFC 8187: names are in any script.
        const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(document.value.name)}`
        return bytes(file, PDF, { 'Content-Disposition': disposition })
      },
    }),
  ]
}

function shown({ id, value: { busyWith, ...document } }: Identified<DocumentRecord>) {
  return { id, ...document, ...(busyWith === undefined ? {} : { job: busyWith }) }
}
