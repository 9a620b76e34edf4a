import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digest, INSTITUTION_KINDS, institutionId } from '@cinnabar/core'
import { z } from 'zod'
import { DemoError } from './demo-error'
import { DEMO_INSTITUTIONS } from './institutions'

const kind = z.enum(INSTITUTION_KINDS)
const schema = z.object({
  type: z.literal('cinnabar.organisations.v1'),
  demonstration: z.literal(true),
  channel: z.string(),
  chaincode: z.string(),
  quorum: z.object({ independentKinds: z.array(z.enum(['agency', 'court'])), organisations: z.number() }),
  genesis: z.object({
    sha256: z.string(),
    header: z.string().transform((header) => digest(header, 'header')),
  }),
  organisations: z.array(
    z.object({
      id: z.string().transform((id) => institutionId(id, 'id')),
      kind,
      names: z.object({ en: z.string(), zh: z.string() }),
      ordererRoots: z.array(z.string()),
      roots: z.array(z.string()),
    }),
  ),
})

/** What `npm run network` says of the network that it made: the trust file takes it from there, not from the ledger. */
export type DemoNetwork = z.infer<typeof schema>

/**
 * Reads `organisations.json` beside the connection file (network/README.md).
 * @throws {@link DemoError} `DEMO_NETWORK_UNFIT` when there is none, or it is no demonstration's, or lacks its institutions:
 * on somebody's real network nothing may be made up.
 */
export async function readDemoNetwork(connectionFile: string): Promise<DemoNetwork> {
  const path = join(dirname(connectionFile), 'organisations.json')
  const parsed = schema.safeParse(await jsonOf(path))
  if (!parsed.success) throw unfit(path, z.prettifyError(parsed.error))
  const missing = DEMO_INSTITUTIONS.filter(({ id }) => !parsed.data.organisations.some((one) => one.id === id))
  if (missing.length > 0) throw unfit(path, `it has no ${missing.map(({ id }) => id).join(', ')}`)
  return parsed.data
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw unfit(path, 'cannot be read', cause)
  }
}

function unfit(path: string, why: string, cause?: unknown): DemoError {
  return new DemoError('DEMO_NETWORK_UNFIT', `${path}: ${why}`, { path }, cause)
}
