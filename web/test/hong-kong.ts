import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mergeEvidence, readEvidence, writeEvidence } from '@cinnabar/core'
import { systemClock } from '../../gateway/src/clock'
import { readConfig } from '../../gateway/src/config'
import { foundRequest } from '../../gateway/src/found/arguments'
import { foundInstitution } from '../../gateway/src/found/found'
import { createLogger } from '../../gateway/src/log'
import { openNode } from '../../gateway/src/node'
import { Notarizer } from '../../gateway/src/notarize/notarizer'
import { documentOf, fileOf } from '../../gateway/src/notarize/receive'

export const POLICY = '2.16.344.8.2.2008.810.2.2012.1.0'
export const TRADE = 'HongKongTrade'

const CONTRACT = join(__dirname, '../../fixtures/contracts/en-service-agreement.pdf')
const REGISTRY = ['--id', 'HongKongRegistry', '--kind', 'agency', '--name-en', 'Hong Kong Registry', '--tsa']
const COMPANY = ['--id', TRADE, '--kind', 'enterprise', '--name-en', 'Hong Kong Trade', '--seal', 'official']

/** What comes out of another consortium: a file that one of its institutions sealed, with evidence and trust file. */
export interface Abroad {
  readonly pdf: Uint8Array
  readonly evidence: Uint8Array
  /** The evidence with the document inside. */
  readonly container: Uint8Array
  readonly trust: Uint8Array
}

/** A consortium in earnest in a data folder of its own: own roots, own ledger, certificates under a policy. */
export async function sealAbroad(folder: string): Promise<Abroad> {
  await mkdir(folder, { recursive: true })
  const config = readConfig({
    CINNABAR_DATA: join(folder, 'data'),
    CINNABAR_KEK_FILE: join(folder, 'kek'),
    CINNABAR_DEMO: 'off',
    CINNABAR_SEAL_POLICIES: POLICY,
  })
  const log = createLogger('error', systemClock, () => undefined)
  const options = { clock: systemClock, log, publicUrl: 'https://seals.example.hk' }
  const found = (args: readonly string[]) => foundInstitution(config, options, foundRequest(args))
  await found([...REGISTRY, '--name-zh', '香港注册处'])
  await found([...COMPANY, '--name-zh', '香港贸易公司', '--founder', 'HongKongRegistry'])
  const node = await openNode(config, options)
  const notarizer = await Notarizer.start(node.env)
  try {
    const { pdf, evidence } = await sealed(notarizer, node.env)
    const { signatures } = mergeEvidence([readEvidence(evidence)])
    const container = writeEvidence({ created: readEvidence(evidence).created, signatures, document: pdf })
    return { pdf, evidence, container, trust: new Uint8Array(await readFile(node.trustFile)) }
  } finally {
    await notarizer.close()
    await node.close()
  }
}

async function sealed(notarizer: Notarizer, env: Parameters<typeof documentOf>[0] & Parameters<typeof fileOf>[0]) {
  const party = { institution: TRADE as never, user: 'chan' }
  const bytes = new Uint8Array(await readFile(CONTRACT))
  const { id: document } = await notarizer.receive({ ...party, name: 'agreement.pdf', bytes })
  const job = await notarizer.request({ ...party, document, seal: 'official', page: 1, xMm: 30, yMm: 200 }, undefined)
  await notarizer.settled(job.id, 30_000)
  const { value } = await notarizer.job(party.institution, job.id)
  if (value.state !== 'anchored') throw new TypeError(`not sealed: ${value.state} ${value.code} ${value.detail}`)
  const pdf = await fileOf(env, await documentOf(env, party.institution, document))
  return { pdf, evidence: await notarizer.evidence(value.sealSignature) }
}
