import { type SealSignatureId, sealSignatureId } from '@cinnabar/core'
import type { Request } from 'express'
import { anchoredUseOnPaper } from '../notarize/evidence'
import type { Surroundings } from '../notarize/ports'
import type { AppDeps } from './deps'
import { bytes, json, openRoute, parameter, type Route } from './route'

/** What everybody who holds a sealed file may ask for, by the random id inside it. */
export function evidenceRoutes({ env, notarizer, trust }: AppDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/v1/evidence/:id',
      access: 'capability',
      async handle(request) {
        const id = idOf(request)
        const disposition = `attachment; filename="evidence-${id}.zip"`
        return bytes(await notarizer.evidence(id, trust), 'application/zip', { 'Content-Disposition': disposition })
      },
    }),
    openRoute({
      method: 'get',
      path: '/v1/printed-codes/:code',
      access: 'public',
      async handle(request) {
        const code = sealSignatureId(parameter(request, 'code'), 'code')
        return json({ code, ...(await factsOf(env, code)) })
      },
    }),
  ]
}

/** @throws {@link FormatError} `FORMAT_INVALID` unless it is 32 hexadecimal digits. */
function idOf(request: Request): SealSignatureId {
  return sealSignatureId(parameter(request, 'id'), 'id')
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
