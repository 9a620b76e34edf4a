import { z } from 'zod'
import { COMPONENTS } from '../operation/readiness'
import type { AppDeps } from './deps'
import { json, openRoute, type Route } from './route'
import { Count } from './shapes/named'

const ReadyShape = z.object({
  status: z.enum(['ok', 'waiting', 'damaged', 'failed']),
  components: z.record(
    z.enum(COMPONENTS),
    z.object({ status: z.enum(['ok', 'failed']), code: z.string().optional(), freeBytes: Count.optional() }),
  ),
  chain: z.string().describe("Of the embedded ledger's check at the start."),
  waiting: z.array(z.object({ code: z.string(), uses: Count })).describe('What waits for the ledger, and why.'),
})

/** `/healthz`: the process answers. `/readyz`: whether requests can be served, and which component is in the way. */
export function healthRoutes({ readiness }: AppDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/healthz',
      access: 'public',
      operation: 'health',
      tag: 'operation',
      summary: 'Whether the process answers',
      answers: { 200: { description: 'It does', json: z.object({ status: z.literal('ok') }) } },
      handle: async () => json({ status: 'ok' }),
    }),
    openRoute({
      method: 'get',
      path: '/readyz',
      access: 'public',
      operation: 'readiness',
      tag: 'operation',
      summary: 'Whether requests can be served, and which component is in the way',
      answers: {
        200: { description: 'They can', json: ReadyShape },
        503: { description: 'They cannot', json: ReadyShape },
      },
      async handle() {
        const found = await readiness()
        return { status: found.status === 'ok' ? 200 : 503, ...json(found) }
      },
    }),
  ]
}
